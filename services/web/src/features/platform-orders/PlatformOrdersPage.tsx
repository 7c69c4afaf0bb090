import { Button, Input } from 'antd';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { query } from '../../api/client.ts';
import { keys } from '../../api/keys.ts';
import { usePages } from '../../api/use-pages.ts';
import { navigate, useRoute } from '../../app/router.ts';
import { Bones } from '../../ui/Bones.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Field } from '../../ui/Field.tsx';
import { Link } from '../../ui/Link.tsx';
import { More } from '../../ui/More.tsx';
import { Note } from '../../ui/Note.tsx';
import { StaleStrip } from '../../ui/StaleStrip.tsx';
import { Moment } from '../../ui/Times.tsx';
import type { PlatformOrder } from './types.ts';
import './platform-orders.css';

/** Milliseconds: orders are not told live. */
const EVERY_MS = 15_000;
const DONE = ['true', 'false'] as const;
type Done = (typeof DONE)[number];

const address = (done: Done | undefined, task: string | undefined): string =>
  `/tasks/orders${query({ done, task })}`;

/** 平台指令: what platforms ordered, for which task, and why it was refused. */
export function PlatformOrdersPage() {
  const { t } = useTranslation();
  const { search } = useRoute();
  const done = DONE.find((one) => one === search.get('done'));
  const task = search.get('task') ?? undefined;
  const list = usePages<PlatformOrder>({
    key: keys.platformOrders,
    path: '/platform/commands',
    filter: { done, task },
    limit: 30,
    refetchInterval: EVERY_MS,
  });
  return (
    <div className="platform-orders">
      {list.isRefetchError && <StaleStrip since={list.dataUpdatedAt} onRetry={() => void list.refetch()} />}
      <fieldset className="chips" aria-label={t('filter.state')}>
        {([undefined, ...DONE] as const).map((one) => (
          <button
            key={one ?? 'all'}
            type="button"
            className="chip"
            aria-pressed={one === done}
            onClick={() => navigate(address(one, task))}
          >
            {one === undefined ? t('filter.all') : t(`platformOrders.done.${one}`)}
          </button>
        ))}
      </fieldset>
      <Search key={task ?? ''} task={task ?? ''} onSearch={(asked) => navigate(address(done, asked))} />
      {list.isPending ? (
        <Bones lines={6} />
      ) : list.isError && list.items.length === 0 ? (
        <Failure what="tasks" error={list.error} onRetry={() => void list.refetch()} />
      ) : list.items.length === 0 ? (
        <Note title={t(done === 'false' ? 'platformOrders.noneRefused' : 'platformOrders.none')}>
          <p>{t('platformOrders.noneHint')}</p>
        </Note>
      ) : (
        <ul>
          {list.items.map((order) => (
            <Order key={order.id} order={order} />
          ))}
        </ul>
      )}
      <More list={list} />
    </div>
  );
}

function Search({ task, onSearch }: { task: string; onSearch: (task: string | undefined) => void }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(task);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSearch(typed.trim() || undefined);
  };
  return (
    <form className="platform-orders-search" onSubmit={submit}>
      <Field id="orders-task" label={t('platformOrders.task')}>
        <Input id="orders-task" value={typed} allowClear onChange={({ target }) => setTyped(target.value)} />
      </Field>
      <Button htmlType="submit">{t('platformOrders.find')}</Button>
    </form>
  );
}

function Order({ order }: { order: PlatformOrder }) {
  const { t } = useTranslation();
  const { platform, via, key, task, found, command, externalRef, done, why, at } = order;
  return (
    <li className="sheet platform-order">
      <p className="platform-order-head">
        <span className={done ? 'tag tag-good tag-dot' : 'tag tag-bad tag-dot'}>
          {t(`platformOrders.done.${done}`)}
        </span>
        <b>
          {t(`platformOrders.command.${command}` as 'platformOrders.command.receipt', {
            defaultValue: command,
          })}
        </b>
        {found === null ? <span>{task}</span> : <Link to={`/tasks/${found.id}`}>{task}</Link>}
        {found !== null && (
          <span>
            {found.merchant} · {t(`taskState.${found.state}`)}
          </span>
        )}
        <span className="platform-order-when">
          <Moment at={at} />
        </span>
      </p>
      {!done && (
        <p className="bad">
          {t(`platformOrders.why.${why}` as 'platformOrders.why.not_found', { defaultValue: why })}
        </p>
      )}
      <p className="platform-order-quiet">
        {platform} · {via.toUpperCase()}
        {externalRef !== null && ` · ${t('platformOrders.ref', { ref: externalRef })}`} ·{' '}
        {t('platformOrders.key', { key })}
      </p>
    </li>
  );
}
