import { useTranslation } from 'react-i18next';
import { useLive } from './live.tsx';

/** Whether what is on screen changes by itself. */
export function LiveState() {
  const { t } = useTranslation();
  const { state } = useLive();
  return (
    <span
      className={`live live-${state}`}
      role="status"
      title={state === 'lost' ? t('live.lostHint') : t('live.openHint')}
    >
      {t(`live.${state}`)}
    </span>
  );
}
