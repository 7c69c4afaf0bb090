import { type ComponentType, lazy, Suspense, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { Session } from '../api/account-types.ts';
import { Bones } from '../ui/Bones.tsx';
import { Boundary } from './Boundary.tsx';
import { Header } from './Header.tsx';
import { LiveProvider } from './live.tsx';
import { Navigation } from './Navigation.tsx';
import { navigate, useRoute } from './router.ts';
import { type Section, sectionsFor } from './sections.ts';
import { SessionContext } from './session-context.ts';
import type { Shade } from './theme.ts';

/** A feature folder each, fetched when it is first opened. */
const PAGES: Record<Section, ComponentType> = {
  today: lazy(async () => ({ default: (await import('../features/merchant/TodayPage.tsx')).TodayPage })),
  kitchen: lazy(async () => ({
    default: (await import('../features/merchant/KitchenPage.tsx')).KitchenPage,
  })),
  cadre: lazy(async () => ({ default: (await import('../features/cadre/CadrePage.tsx')).CadrePage })),
  field: lazy(async () => ({ default: (await import('../features/field/FieldPage.tsx')).FieldPage })),
  ledger: lazy(async () => ({ default: (await import('../features/ledger/LedgerPage.tsx')).LedgerPage })),
  findings: lazy(async () => ({
    default: (await import('../features/findings/FindingsPage.tsx')).FindingsPage,
  })),
  tips: lazy(async () => ({ default: (await import('../features/tips/TipsPage.tsx')).TipsPage })),
  live: lazy(async () => ({ default: (await import('../features/live/LivePage.tsx')).LivePage })),
  cameras: lazy(async () => ({ default: (await import('../features/cameras/CamerasPage.tsx')).CamerasPage })),
  tasks: lazy(async () => ({ default: (await import('../features/tasks/TasksPage.tsx')).TasksPage })),
  gateways: lazy(async () => ({
    default: (await import('../features/gateways/GatewaysPage.tsx')).GatewaysPage,
  })),
  registry: lazy(async () => ({
    default: (await import('../features/registry/RegistryPage.tsx')).RegistryPage,
  })),
  overview: lazy(async () => ({
    default: (await import('../features/director/DirectorPage.tsx')).DirectorPage,
  })),
  notifications: lazy(async () => ({
    default: (await import('../features/notifications/NotificationsPage.tsx')).NotificationsPage,
  })),
  proposals: lazy(async () => ({
    default: (await import('../features/proposals/ProposalsPage.tsx')).ProposalsPage,
  })),
  accounts: lazy(async () => ({
    default: (await import('../features/accounts/AccountsPage.tsx')).AccountsPage,
  })),
  settings: lazy(async () => ({
    default: (await import('../features/settings/SettingsPage.tsx')).SettingsPage,
  })),
  system: lazy(async () => ({ default: (await import('../features/system/SystemPage.tsx')).SystemPage })),
  me: lazy(async () => ({ default: (await import('../features/me/MePage.tsx')).MePage })),
};

interface ShellProps {
  session: Session;
  shade: Shade;
  onToggleShade: () => void;
}

/** Header and the page that the address names; an address that names none is the desk. */
export function Shell({ session, shade, onToggleShade }: ShellProps) {
  const { t } = useTranslation();
  const { segments } = useRoute();
  const sections = sectionsFor(session.account.role);
  const named = sections.find((known) => known === segments[0]);
  const section = named ?? sections[0] ?? 'tasks';
  useEffect(() => {
    if (named === undefined) navigate(`/${section}`, { replace: true });
  }, [named, section]);
  const Page = PAGES[section];
  return (
    <SessionContext value={session}>
      <LiveProvider>
        <a className="skip" href="#content">
          {t('nav.skip')}
        </a>
        <div className="shell">
          <Header section={section} shade={shade} onToggleShade={onToggleShade} />
          <Navigation sections={sections} section={section} />
          <main
            id="content"
            tabIndex={-1}
            className={section === 'findings' ? 'content content-desk' : 'content'}
          >
            <Boundary key={section}>
              <Suspense
                fallback={
                  <div className="page">
                    <Bones lines={6} />
                  </div>
                }
              >
                <Page />
              </Suspense>
            </Boundary>
          </main>
        </div>
      </LiveProvider>
    </SessionContext>
  );
}
