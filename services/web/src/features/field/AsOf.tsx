import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { Moment } from '../../ui/Times.tsx';

/** Of when it is; kept on this device, it says so. */
export function AsOf({ at, kept, onRetry }: { at: string; kept: boolean; onRetry: () => void }) {
  const { t } = useTranslation();
  if (!kept)
    return (
      <p className="quiet">
        {t('field.asOf')} <Moment at={at} />
      </p>
    );
  return (
    <p className="strip" role="status">
      {t('field.kept')} <Moment at={at} />
      <Button size="small" onClick={onRetry}>
        {t('error.retry')}
      </Button>
    </p>
  );
}
