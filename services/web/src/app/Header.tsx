import { LogoutOutlined, MoonOutlined, SunOutlined, UserOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import { useSignOut } from '../features/session/use-session.ts';
import icon from '../icon.svg';
import { Link } from '../ui/Link.tsx';
import { LanguageSwitch } from './LanguageSwitch.tsx';
import { LiveState } from './LiveState.tsx';
import { OverviewBar } from './OverviewBar.tsx';
import type { Section } from './sections.ts';
import { useCurrentSession } from './session-context.ts';
import type { Shade } from './theme.ts';

interface HeaderProps {
  section: Section;
  shade: Shade;
  onToggleShade: () => void;
}

export function Header({ section, shade, onToggleShade }: HeaderProps) {
  const { t } = useTranslation();
  const signOut = useSignOut();
  const { account } = useCurrentSession();
  const shadeLabel = t(shade === 'dark' ? 'theme.light' : 'theme.dark');
  return (
    <header className="header">
      <Link to="/" className="brand">
        <img src={icon} alt="" width={28} height={28} />
        <span className="brand-name">{t('product.full')}</span>
      </Link>
      <OverviewBar />
      <div className="header-tools">
        <LiveState />
        <LanguageSwitch />
        <button
          type="button"
          className="tool"
          onClick={onToggleShade}
          aria-label={shadeLabel}
          title={shadeLabel}
        >
          {shade === 'dark' ? <SunOutlined /> : <MoonOutlined />}
        </button>
        <Link
          to="/me"
          className="tool"
          aria-label={t('me.open')}
          title={account.displayName}
          aria-current={section === 'me' ? 'page' : undefined}
        >
          <UserOutlined />
        </Link>
        <button
          type="button"
          className="tool"
          onClick={() => signOut.mutate()}
          aria-label={t('session.signOut')}
          title={`${t('session.signOut')} (${account.username})`}
        >
          <LogoutOutlined />
        </button>
      </div>
    </header>
  );
}
