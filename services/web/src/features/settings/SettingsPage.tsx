import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import { useRoute } from '../../app/router.ts';
import { SectionTabs } from '../../ui/SectionTabs.tsx';
import { PolicyPage } from './policy/PolicyPage.tsx';
import './settings.css';

const TABS = ['policies'] as const;
type Tab = (typeof TABS)[number];
const PAGES: Record<Tab, ComponentType> = { policies: PolicyPage };
const addressOf = (tab: Tab): string => (tab === 'policies' ? '/settings' : `/settings/${tab}`);

/** What the bureau decides: policies, calendars, documents, checklists. */
export function SettingsPage() {
  const { t } = useTranslation();
  const { segments } = useRoute();
  const here = TABS.find((tab) => tab === segments[1]) ?? 'policies';
  const Here = PAGES[here];
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t('settings.title')}</h1>
      </div>
      <SectionTabs
        label={t('settings.tabs.label')}
        tabs={TABS.map((tab) => ({
          to: addressOf(tab),
          label: t(`settings.tabs.${tab}`),
          here: tab === here,
        }))}
      />
      <Here />
    </div>
  );
}
