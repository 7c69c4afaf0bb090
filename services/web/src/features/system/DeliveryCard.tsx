import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../../api/client.ts';
import { keys } from '../../api/keys.ts';
import { Bones } from '../../ui/Bones.tsx';
import { useWhy } from '../../ui/Failure.tsx';
import { Age, Moment } from '../../ui/Times.tsx';
import { deliveryError } from './delivery-error.ts';
import { eventText } from './event-text.ts';
import type { Delivery, DeliveryDetail, DeliveryState } from './outbox-types.ts';
import { useOutbox } from './use-outbox.ts';

const LOOKS: Record<DeliveryState, string> = {
  pending: 'tag tag-warn tag-dot',
  delivered: 'tag tag-good tag-dot',
  dead: 'tag tag-bad tag-dot',
};

/** One delivery: what, where to, how often it was tried, why it failed, and what exactly is told. */
export function DeliveryCard({ delivery }: { delivery: Delivery }) {
  const { t } = useTranslation();
  const why = useWhy();
  const { retry } = useOutbox();
  const [open, setOpen] = useState(false);
  const { id, type, webhook, state, attempts, nextAt, lastError, deliveredAt, createdAt } = delivery;
  return (
    <li className="sheet outbox-delivery">
      <div className="outbox-head">
        <span className={LOOKS[state]}>{t(`outbox.state.${state}`)}</span>
        <b>{eventText(t, type)}</b>
        <span className="outbox-quiet">
          → {webhook.name} · #{id}
        </span>
        <span className="outbox-when">
          <Moment at={createdAt} />
        </span>
      </div>
      {lastError !== null && <p className="bad outbox-error">{deliveryError(t, lastError)}</p>}
      <div className="outbox-foot">
        <span className="outbox-quiet">
          {t('outbox.attempts', { count: attempts })}
          {state === 'pending' && attempts > 0 && (
            <>
              {' · '}
              {t('outbox.nextAt')} <Moment at={nextAt} />
            </>
          )}
          {deliveredAt !== null && (
            <>
              {' · '}
              {t('outbox.deliveredAt')} <Age at={deliveredAt} />
            </>
          )}
        </span>
        <Button size="small" type="text" aria-expanded={open} onClick={() => setOpen(!open)}>
          {t('outbox.content')}
        </Button>
        {state === 'dead' && (
          <Button size="small" loading={retry.isPending} onClick={() => retry.mutate(id)}>
            {t('outbox.retry')}
          </Button>
        )}
        {retry.isError && (
          <span className="bad" role="alert">
            {why(retry.error)}
          </span>
        )}
      </div>
      {open && <Content id={id} />}
    </li>
  );
}

function Content({ id }: { id: string }) {
  const { t } = useTranslation();
  const why = useWhy();
  const detail = useQuery({
    queryKey: [...keys.outbox, 'one', id],
    queryFn: ({ signal }) => ask<DeliveryDetail>(`/outbox/${id}`, { signal }),
  });
  if (detail.isError) return <p className="bad">{why(detail.error)}</p>;
  if (detail.data === undefined) return <Bones lines={3} />;
  const { idempotencyKey, region, payload, lastError } = detail.data;
  return (
    <div className="outbox-content">
      <p className="outbox-quiet">
        {t('outbox.key')} <code>{idempotencyKey}</code> · {t('outbox.region')} {region}
      </p>
      {lastError !== null && <p className="outbox-quiet">{lastError}</p>}
      <pre>{JSON.stringify(payload, null, 2)}</pre>
    </div>
  );
}
