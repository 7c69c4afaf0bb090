import { useTranslation } from 'react-i18next';
import { useRoute } from '../../app/router.ts';
import { SectionTabs } from '../../ui/SectionTabs.tsx';
import { MerchantList } from './MerchantList.tsx';
import { RegionList } from './RegionList.tsx';
import './registry.css';

/** Whom the bureau supervises: merchants, and the regions they lie in. */
export function RegistryPage() {
  const { t } = useTranslation();
  const { segments } = useRoute();
  const regions = segments[1] === 'regions';
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t('registry.title')}</h1>
      </div>
      <SectionTabs
        label={t('registry.title')}
        tabs={[
          { to: '/registry', label: t('registry.merchants'), here: !regions },
          { to: '/registry/regions', label: t('registry.regions'), here: regions },
        ]}
      />
      {regions ? <RegionList /> : <MerchantList />}
    </div>
  );
}
