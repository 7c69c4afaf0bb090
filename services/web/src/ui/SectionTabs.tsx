import { Link } from './Link.tsx';
import './section-tabs.css';

interface SectionTabsProps {
  label: string;
  tabs: readonly { to: string; label: string; here: boolean }[];
}

/** The pages of one section, as links: each has an address of its own. */
export function SectionTabs({ label, tabs }: SectionTabsProps) {
  if (tabs.length < 2) return null;
  return (
    <nav className="section-tabs" aria-label={label}>
      {tabs.map(({ to, label: name, here }) => (
        <Link key={to} to={to} aria-current={here ? 'page' : undefined}>
          {name}
        </Link>
      ))}
    </nav>
  );
}
