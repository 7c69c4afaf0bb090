import { Button, Drawer, Input } from 'antd';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { keys } from '../../api/keys.ts';
import { usePages } from '../../api/use-pages.ts';
import { Bones } from '../../ui/Bones.tsx';
import { Failure, useWhy } from '../../ui/Failure.tsx';
import { More } from '../../ui/More.tsx';
import { Moment } from '../../ui/Times.tsx';
import { usePhone } from '../../ui/use-media.ts';
import type { Destination, Replay } from './outbox-types.ts';
import { OUTBOX_EVERY_MS, useOutbox } from './use-outbox.ts';

interface ReplayDrawerProps {
  webhook: Destination['webhook'];
  open: boolean;
  onClose: () => void;
}

/** A period delivered once more, for a platform that lost what it had received. */
export function ReplayDrawer({ webhook, open, onClose }: ReplayDrawerProps) {
  const { t } = useTranslation();
  const phone = usePhone();
  return (
    <Drawer
      open={open}
      onClose={onClose}
      title={t('outbox.replay.title', { name: webhook.name })}
      size={phone ? '100%' : 520}
      destroyOnHidden
    >
      <Form id={webhook.id} />
      <Replays id={webhook.id} />
    </Drawer>
  );
}

/** `datetime-local` has no zone: it is the browser's. */
const iso = (local: string): string => new Date(local).toISOString();

function Form({ id }: { id: string }) {
  const { t } = useTranslation();
  const why = useWhy();
  const { replay } = useOutbox();
  const [typed, setTyped] = useState({ from: '', to: '', perMinute: '120' });
  const complete = typed.from !== '' && typed.to !== '' && Number(typed.perMinute) > 0;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!complete) return;
    replay.mutate({ id, from: iso(typed.from), to: iso(typed.to), perMinute: Number(typed.perMinute) });
  };
  return (
    <form className="stack-form" onSubmit={submit}>
      <p className="system-said-small">{t('outbox.replay.hint')}</p>
      <label htmlFor="replay-from">{t('outbox.replay.from')}</label>
      <Input
        id="replay-from"
        type="datetime-local"
        value={typed.from}
        onChange={(event) => setTyped({ ...typed, from: event.target.value })}
      />
      <label htmlFor="replay-to">{t('outbox.replay.to')}</label>
      <Input
        id="replay-to"
        type="datetime-local"
        value={typed.to}
        onChange={(event) => setTyped({ ...typed, to: event.target.value })}
      />
      <label htmlFor="replay-rate">{t('outbox.replay.perMinute')}</label>
      <Input
        id="replay-rate"
        type="number"
        min={1}
        max={1200}
        value={typed.perMinute}
        onChange={(event) => setTyped({ ...typed, perMinute: event.target.value })}
      />
      <p className={replay.isError ? 'bad' : 'good'} role="status">
        {replay.isError ? why(replay.error) : replay.isSuccess ? t('outbox.replay.asked') : ''}
      </p>
      <Button type="primary" htmlType="submit" disabled={!complete} loading={replay.isPending}>
        {t('outbox.replay.submit')}
      </Button>
    </form>
  );
}

function Replays({ id }: { id: string }) {
  const { t } = useTranslation();
  const why = useWhy();
  const { cancel } = useOutbox();
  const list = usePages<Replay>({
    key: [...keys.outbox, 'replays', id],
    path: `/webhooks/${id}/replays`,
    limit: 20,
    refetchInterval: OUTBOX_EVERY_MS,
  });
  if (list.data === undefined)
    return list.isError ? (
      <Failure what="outbox" error={list.error} onRetry={() => void list.refetch()} />
    ) : (
      <Bones lines={3} />
    );
  return (
    <section className="outbox-replays" aria-label={t('outbox.replay.past')}>
      <h3>{t('outbox.replay.past')}</h3>
      {list.items.length === 0 && <p>{t('outbox.replay.none')}</p>}
      <ul>
        {list.items.map((one) => (
          <li key={one.id} className="outbox-replay">
            <p>
              <b>{t(`outbox.replay.reason.${one.reason}`)}</b>{' '}
              {one.from !== null && one.to !== null && (
                <>
                  <Moment at={one.from} /> – <Moment at={one.to} />
                </>
              )}
            </p>
            <p className="outbox-quiet">
              {t('outbox.replay.progress', { delivered: one.delivered, events: one.events, dead: one.dead })}
              {' · '}
              {one.requestedBy ?? t('outbox.replay.system')} · <Moment at={one.at} />
            </p>
            {one.cancelledAt !== null ? (
              <span className="tag">{t('outbox.replay.cancelled')}</span>
            ) : (
              one.pending > 0 && (
                <Button size="small" loading={cancel.isPending} onClick={() => cancel.mutate(one.id)}>
                  {t('outbox.replay.cancel')}
                </Button>
              )
            )}
          </li>
        ))}
      </ul>
      <More list={list} />
      {cancel.isError && (
        <p className="bad" role="alert">
          {why(cancel.error)}
        </p>
      )}
    </section>
  );
}
