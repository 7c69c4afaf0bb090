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
import { SetAsideForm } from './SetAsideForm.tsx';
import { useOutbox } from './use-outbox.ts';

const LOOKS: Record<DeliveryState, string> = {
  pending: 'tag tag-warn tag-dot',
  delivered: 'tag tag-good tag-dot',
  dead: 'tag tag-bad tag-dot',
  set_aside: 'tag tag-dot',
};

/** One delivery: what, where to, how often it was tried, why it failed, and what exactly is told. */
export function DeliveryCard({ delivery }: { delivery: Delivery }) {
  const { t } = useTranslation();
  const why = useWhy();
  const { retry, setAside, takeUp } = useOutbox();
  const [open, setOpen] = useState(false);
  const [asking, setAsking] = useState(false);
  const { id, type, webhook, state, attempts, nextAt, lastError, deliveredAt, createdAt } = delivery;
  const failed = [retry, takeUp].find(({ isError }) => isError);
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
      {lastError !== null && (
        <p className={`outbox-error ${state === 'set_aside' ? 'outbox-quiet' : 'bad'}`}>
          {deliveryError(t, lastError)}
        </p>
      )}
      {delivery.setAside !== null && (
        <p className="outbox-aside-why">
          {t('outbox.aside.why', { reason: delivery.setAside.reason })}
          <span className="outbox-quiet">
            {' — '}
            {delivery.setAside.by}, <Moment at={delivery.setAside.at} />
          </span>
        </p>
      )}
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
          <>
            <Button size="small" loading={retry.isPending} onClick={() => retry.mutate(id)}>
              {t('outbox.retry')}
            </Button>
            <Button size="small" aria-expanded={asking} onClick={() => setAsking(!asking)}>
              {t('outbox.aside.open')}
            </Button>
          </>
        )}
        {state === 'set_aside' && (
          <Button size="small" loading={takeUp.isPending} onClick={() => takeUp.mutate(id)}>
            {t('outbox.aside.takeUp')}
          </Button>
        )}
        {failed !== undefined && (
          <span className="bad" role="alert">
            {why(failed.error)}
          </span>
        )}
      </div>
      {asking && state === 'dead' && (
        <SetAsideForm
          count={1}
          busy={setAside.isPending}
          wrong={setAside.isError ? why(setAside.error) : undefined}
          onSubmit={(reason) => setAside.mutate({ id, reason })}
          onCancel={() => setAsking(false)}
        />
      )}
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
