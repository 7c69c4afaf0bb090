import { useTranslation } from 'react-i18next';
import { navigate, useRoute } from '../../app/router.ts';
import { Link } from '../../ui/Link.tsx';
import { AddForm } from './AddForm.tsx';
import { FileForm } from './FileForm.tsx';
import './lists.css';
import './onboard.css';
import { SearchForm } from './SearchForm.tsx';

const WAYS = ['form', 'search', 'file'] as const;

/** New cameras: one by hand, those that a network holds, or all that stand in a file. */
export function AddCameras() {
  const { t } = useTranslation();
  const { search } = useRoute();
  const way = WAYS.find((one) => one === search.get('by')) ?? 'form';
  return (
    <div className="page onboard">
      <div className="page-head">
        <Link to="/cameras" className="back">
          ← {t('cameras.title')}
        </Link>
        <h1>{t('onboard.addTitle')}</h1>
        <fieldset className="chips" aria-label={t('onboard.way')}>
          {WAYS.map((one) => (
            <button
              key={one}
              type="button"
              className="chip"
              aria-pressed={one === way}
              onClick={() => navigate(`/cameras/new?by=${one}`)}
            >
              {t(`onboard.by.${one}`)}
            </button>
          ))}
        </fieldset>
      </div>
      {way === 'form' && <AddForm />}
      {way === 'search' && <SearchForm />}
      {way === 'file' && <FileForm />}
    </div>
  );
}
