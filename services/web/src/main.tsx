import { createRoot } from 'react-dom/client';
import { App } from './app/App.tsx';
import { startI18n } from './i18n/i18n.ts';
import './styles/theme.css';
import './styles/ui.css';
import './styles/shell.css';

const root = document.getElementById('root');
if (root !== null) {
  await startI18n();
  createRoot(root).render(<App />);
}
