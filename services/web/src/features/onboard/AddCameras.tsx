import { useTranslation } from 'react-i18next';
import { navigate } from '../../app/router.ts';
import { Link } from '../../ui/Link.tsx';
import { AddForm } from './AddForm.tsx';
import './onboard.css';

/** New cameras: by form. */
export function AddCameras() {
  const { t } = useTranslation();
  return (
    <div className="page onboard">
      <div className="page-head">
        <Link to="/cameras" className="back" onClick={() => navigate('/cameras')}>
          ← {t('cameras.title')}
        </Link>
        <h1>{t('onboard.addTitle')}</h1>
      </div>
      <AddForm />
    </div>
  );
}
