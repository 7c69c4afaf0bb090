import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import type { Role } from '../../api/account-types.ts';
import { useRoute } from '../../app/router.ts';
import { useCurrentSession } from '../../app/session-context.ts';
import { SectionTabs } from '../../ui/SectionTabs.tsx';
import { Audit } from './Audit.tsx';
import { Outbox } from './Outbox.tsx';
import { Running } from './Running.tsx';
import './system.css';

const TABS = ['running', 'outbox', 'audit'] as const;
type Tab = (typeof TABS)[number];
/** Directors answer for what was done, not for the machine (services/domain/rights.ts). */
const SEEN_BY: Partial<Record<Role, readonly Tab[]>> = { operator: TABS, director: ['audit'] };
const PAGES: Record<Tab, ComponentType> = { running: Running, outbox: Outbox, audit: Audit };
const ADDRESS: Record<Tab, string> = { running: '/system', outbox: '/system/outbox', audit: '/system/audit' };

/** The operator's section: whether all is well, what leaves, who changed what. */
export function SystemPage() {
  const { t } = useTranslation();
  const { segments } = useRoute();
  const { account } = useCurrentSession();
  const seen = SEEN_BY[account.role] ?? [];
  const here = seen.find((tab) => tab === segments[1]) ?? seen[0] ?? 'audit';
  const Here = PAGES[here];
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t('system.title')}</h1>
      </div>
      <SectionTabs
        label={t('system.tabs.label')}
        tabs={seen.map((tab) => ({ to: ADDRESS[tab], label: t(`system.tabs.${tab}`), here: tab === here }))}
      />
      <Here />
    </div>
  );
}
