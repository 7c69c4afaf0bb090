import { QueryClientProvider } from '@tanstack/react-query';
import { ConfigProvider } from 'antd';
import enUS from 'antd/es/locale/en_US.js';
import zhCN from 'antd/es/locale/zh_CN.js';
import { lazy, Suspense, useState } from 'react';
import { SessionGate } from '../features/session/SessionGate.tsx';
import { useLanguage } from '../i18n/use-language.ts';
import { useMedia } from '../ui/use-media.ts';
import { Boundary } from './Boundary.tsx';
import { makeQueryClient } from './query-client.ts';
import { useRoute } from './router.ts';
import { Shell } from './Shell.tsx';
import { antdTheme, useShade } from './theme.ts';

/** What anybody may see, without an account. */
const PublicPage = lazy(async () => ({
  default: (await import('../features/public/PublicPage.tsx')).PublicPage,
}));

/** Everything passed in: theme, language, answers of the API; then the gate, then the pages. */
export function App() {
  const [client] = useState(makeQueryClient);
  const [shade, toggleShade] = useShade();
  const still = useMedia('(prefers-reduced-motion: reduce)');
  const language = useLanguage();
  const { segments } = useRoute();
  return (
    <ConfigProvider
      theme={antdTheme(shade, still)}
      locale={language === 'en' ? enUS : zhCN}
      button={{ autoInsertSpace: false }}
    >
      <QueryClientProvider client={client}>
        <Boundary>
          {segments[0] === 'open' ? (
            <Suspense fallback={null}>
              <PublicPage />
            </Suspense>
          ) : (
            <SessionGate>
              {(session) => <Shell session={session} shade={shade} onToggleShade={toggleShade} />}
            </SessionGate>
          )}
        </Boundary>
      </QueryClientProvider>
    </ConfigProvider>
  );
}
