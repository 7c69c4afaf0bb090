import { useTranslation } from 'react-i18next';
import { Age } from '../../ui/Times.tsx';
import { deliveryError } from '../system/delivery-error.ts';
import type { OrderLine } from './types.ts';

const LOOKS: Record<OrderLine['state'], string> = {
  connecting: 'tag tag-warn tag-dot',
  listening: 'tag tag-good tag-dot',
  broken: 'tag tag-bad tag-dot',
};

/** Whether orders of a platform are heard at its broker, and if not, why. */
export function OrderLineState({ line }: { line: OrderLine }) {
  const { t } = useTranslation();
  return (
    <>
      <span className={LOOKS[line.state]}>{t(`settings.platform.line.${line.state}`)}</span>{' '}
      <span className="settings-quiet">
        {line.since !== null && <Age at={line.since} />}
        {line.lastOrderAt !== null && (
          <>
            {' · '}
            {t('settings.platform.line.last')} <Age at={line.lastOrderAt} />
          </>
        )}
      </span>
      {line.error !== '' && <span className="bad"> {deliveryError(t, line.error)}</span>}
    </>
  );
}
