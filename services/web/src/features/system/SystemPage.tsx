import { useTranslation } from 'react-i18next';
import { useRoute } from '../../app/router.ts';
import { SectionTabs } from '../../ui/SectionTabs.tsx';
import { Running } from './Running.tsx';
import './system.css';

const TABS = [{ name: 'running', path: '/system' }] as const;

/** The operator's section: whether all is well, what leaves, who changed what. */
export function SystemPage() {
  const { t } = useTranslation();
  const { segments } = useRoute();
  const here = TABS.find(({ path }) => path === `/${segments.slice(0, 2).join('/')}`) ?? TABS[0];
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t('system.title')}</h1>
      </div>
      <SectionTabs
        label={t('system.tabs.label')}
        tabs={TABS.map(({ name, path }) => ({
          to: path,
          label: t(`system.tabs.${name}`),
          here: name === here.name,
        }))}
      />
      <Running />
    </div>
  );
}
