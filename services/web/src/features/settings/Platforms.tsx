import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Account } from '../../api/account-types.ts';
import { askAll } from '../../api/ask-all.ts';
import { ask } from '../../api/client.ts';
import { keys } from '../../api/keys.ts';
import { usePages } from '../../api/use-pages.ts';
import { Bones } from '../../ui/Bones.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { More } from '../../ui/More.tsx';
import { Note } from '../../ui/Note.tsx';
import { eventText } from '../system/event-text.ts';
import { OrderLineState } from './OrderLineState.tsx';
import { PlatformDrawer } from './PlatformDrawer.tsx';
import { Tokens } from './Tokens.tsx';
import type { Webhook } from './types.ts';

/** Milliseconds: whether lines are up is not told live. */
const LINES_EVERY_MS = 10_000;

/** 对接平台: where events go, and the accounts by which platforms come in. */
export function Platforms() {
  const { t } = useTranslation();
  const [open, setOpen] = useState<Webhook | null>();
  const list = usePages<Webhook>({
    key: keys.webhooks,
    path: '/webhooks',
    limit: 100,
    refetchInterval: LINES_EVERY_MS,
  });
  const schemas = useQuery({
    queryKey: keys.eventSchemas,
    queryFn: ({ signal }) => ask<{ items: { type: string }[] }>('/event-schemas', { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const accounts = useQuery({
    queryKey: [...keys.accounts, 'platforms'],
    queryFn: ({ signal }) => askAll<Account>('/accounts', { role: 'platform' }, signal),
  });
  const platforms = accounts.data ?? [];
  return (
    <div className="settings-list">
      <p>
        <Button type="primary" onClick={() => setOpen(null)}>
          {t('settings.platform.add')}
        </Button>
      </p>
      {list.isPending ? (
        <Bones lines={5} />
      ) : list.isError && list.items.length === 0 ? (
        <Failure what="outbox" error={list.error} onRetry={() => void list.refetch()} />
      ) : list.items.length === 0 ? (
        <Note title={t('outbox.noDestination')}>
          <p>{t('outbox.noDestinationHint')}</p>
        </Note>
      ) : (
        <ul className="settings-cards">
          {list.items.map((one) => (
            <li key={one.id} className="sheet settings-card">
              <h2>
                {one.name} {!one.enabled && <span className="tag">{t('settings.off')}</span>}
              </h2>
              <p className="settings-quiet">{one.url}</p>
              <p className="settings-quiet">
                {one.channel.toUpperCase()} · {one.region?.name ?? t('settings.everywhere')} ·{' '}
                {one.account ?? t('settings.platform.noAccount')}
              </p>
              <p>
                {one.types.length === 0
                  ? t('settings.platform.allTypes')
                  : one.types.map((type) => eventText(t, type)).join('、')}
              </p>
              {one.orders !== null && (
                <p>
                  {t('settings.platform.line.title')} <OrderLineState line={one.orders} />
                </p>
              )}
              <Button onClick={() => setOpen(one)}>{t('settings.edit')}</Button>
            </li>
          ))}
        </ul>
      )}
      <More list={list} />
      <section aria-labelledby="platform-tokens">
        <h2 id="platform-tokens" className="settings-heading">
          {t('settings.platform.tokens')}
        </h2>
        {accounts.data === undefined ? (
          accounts.isError ? (
            <Failure what="registry" error={accounts.error} onRetry={() => void accounts.refetch()} />
          ) : (
            <Bones lines={2} />
          )
        ) : platforms.length === 0 ? (
          <p className="settings-quiet">{t('settings.platform.noPlatforms')}</p>
        ) : (
          <ul className="settings-cards">
            {platforms.map((account) => (
              <Tokens key={account.id} account={account} />
            ))}
          </ul>
        )}
      </section>
      {open !== undefined && (
        <PlatformDrawer
          key={open?.id ?? 'new'}
          webhook={open === null ? undefined : (list.items.find(({ id }) => id === open.id) ?? open)}
          types={schemas.data?.items.map(({ type }) => type) ?? []}
          accounts={platforms.map(({ username }) => username)}
          onClose={() => setOpen(undefined)}
        />
      )}
    </div>
  );
}
