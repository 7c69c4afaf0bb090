import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useWhy } from '../../ui/Failure.tsx';
import { Age } from '../../ui/Times.tsx';
import { deliveryError } from './delivery-error.ts';
import type { Destination } from './outbox-types.ts';
import { Fact, Facts } from './Part.tsx';
import { ReplayDrawer } from './ReplayDrawer.tsx';
import { useOutbox } from './use-outbox.ts';

/** One platform: what waits, what died and why; all of it again, or a period once more. */
export function DestinationCard({ destination }: { destination: Destination }) {
  const { t } = useTranslation();
  const why = useWhy();
  const { retryAll } = useOutbox();
  const [replaying, setReplaying] = useState(false);
  const { webhook, pending, dead, oldestPendingAt, lastDeliveredAt, lastError } = destination;
  return (
    <li className="sheet outbox-destination">
      <div className="outbox-head">
        <h3>{webhook.name}</h3>
        {!webhook.enabled && <span className="tag">{t('outbox.disabled')}</span>}
        {dead > 0 && <span className="tag tag-bad tag-dot">{t('outbox.deadCount', { count: dead })}</span>}
      </div>
      <p className="outbox-url">{webhook.url}</p>
      <Facts>
        <Fact name={t('outbox.state.pending')}>{pending}</Fact>
        <Fact name={t('outbox.state.dead')} bad={dead > 0}>
          {dead}
        </Fact>
        <Fact name={t('outbox.oldest')}>
          {oldestPendingAt === null ? t('system.none') : <Age at={oldestPendingAt} />}
        </Fact>
        <Fact name={t('outbox.lastDelivered')}>
          {lastDeliveredAt === null ? t('outbox.never') : <Age at={lastDeliveredAt} />}
        </Fact>
      </Facts>
      {lastError !== null && (
        <p className="outbox-why">
          {t('outbox.lastError')} <span className="bad">{deliveryError(t, lastError)}</span>
        </p>
      )}
      <div className="outbox-actions">
        <Button
          disabled={dead === 0}
          loading={retryAll.isPending}
          onClick={() => retryAll.mutate({ id: webhook.id, cause: '' })}
        >
          {t('outbox.retryAll', { count: dead })}
        </Button>
        <Button onClick={() => setReplaying(true)}>{t('outbox.replay.open')}</Button>
        <span role="status" className={retryAll.isError ? 'bad' : 'good'}>
          {retryAll.isError
            ? why(retryAll.error)
            : retryAll.isSuccess
              ? t('outbox.retried', { count: retryAll.data.retried })
              : ''}
        </span>
      </div>
      <ReplayDrawer webhook={webhook} open={replaying} onClose={() => setReplaying(false)} />
    </li>
  );
}
