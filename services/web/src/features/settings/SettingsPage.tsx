import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import { useRoute } from '../../app/router.ts';
import { useCurrentSession } from '../../app/session-context.ts';
import { SectionTabs } from '../../ui/SectionTabs.tsx';
import { Boundaries } from './boundaries/Boundaries.tsx';
import { Calendars } from './Calendars.tsx';
import { Checklists } from './Checklists.tsx';
import { Platforms } from './Platforms.tsx';
import { PolicyPage } from './policy/PolicyPage.tsx';
import { RetentionPage } from './retention/RetentionPage.tsx';
import { TemplatesPage } from './Templates.tsx';
import './settings.css';

const TABS = [
  'policies',
  'calendars',
  'templates',
  'checklists',
  'retention',
  'boundaries',
  'platforms',
] as const;
/** The operators' business (services/domain/rights.ts, registry.write, operation.read). */
const OPERATORS: readonly string[] = ['boundaries', 'platforms'];
type Tab = (typeof TABS)[number];
const PAGES: Record<Tab, ComponentType> = {
  policies: PolicyPage,
  calendars: Calendars,
  templates: TemplatesPage,
  checklists: Checklists,
  retention: RetentionPage,
  boundaries: Boundaries,
  platforms: Platforms,
};
const addressOf = (tab: Tab): string => (tab === 'policies' ? '/settings' : `/settings/${tab}`);

/** What the bureau decides: policies, calendars, documents, checklists, how long what is kept. */
export function SettingsPage() {
  const { t } = useTranslation();
  const { segments } = useRoute();
  const { account } = useCurrentSession();
  const tabs = TABS.filter((tab) => !OPERATORS.includes(tab) || account.role === 'operator');
  const here = tabs.find((tab) => tab === segments[1]) ?? 'policies';
  const Here = PAGES[here];
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t('settings.title')}</h1>
      </div>
      <SectionTabs
        label={t('settings.tabs.label')}
        tabs={tabs.map((tab) => ({
          to: addressOf(tab),
          label: t(`settings.tabs.${tab}`),
          here: tab === here,
        }))}
      />
      <Here />
    </div>
  );
}
