import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import { useRoute } from '../../app/router.ts';
import { SectionTabs } from '../../ui/SectionTabs.tsx';
import { Outbox } from './Outbox.tsx';
import { Running } from './Running.tsx';
import './system.css';

const TABS = ['running', 'outbox'] as const;
type Tab = (typeof TABS)[number];
const PAGES: Record<Tab, ComponentType> = { running: Running, outbox: Outbox };
const ADDRESS: Record<Tab, string> = { running: '/system', outbox: '/system/outbox' };

/** The operator's section: whether all is well, what leaves, who changed what. */
export function SystemPage() {
  const { t } = useTranslation();
  const { segments } = useRoute();
  const here = TABS.find((tab) => tab === segments[1]) ?? 'running';
  const Here = PAGES[here];
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t('system.title')}</h1>
      </div>
      <SectionTabs
        label={t('system.tabs.label')}
        tabs={TABS.map((tab) => ({ to: ADDRESS[tab], label: t(`system.tabs.${tab}`), here: tab === here }))}
      />
      <Here />
    </div>
  );
}
