import type { TFunction } from 'i18next';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { keys } from '../../api/keys.ts';
import { usePages } from '../../api/use-pages.ts';
import { Bones } from '../../ui/Bones.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Link } from '../../ui/Link.tsx';
import { More } from '../../ui/More.tsx';
import { Moment } from '../../ui/Times.tsx';
import { reconcileError } from './delivery-error.ts';
import type { CaseDifference, Reconciliation } from './outbox-types.ts';

/** 对账: platforms' lists against our tasks: what differed, and what was done about it. */
export function Reconciliations() {
  const { t } = useTranslation();
  const list = usePages<Reconciliation>({
    key: [...keys.outbox, 'reconciliations'],
    path: '/reconciliations',
    limit: 10,
  });
  return (
    <section aria-labelledby="outbox-reconciliations">
      <h2 id="outbox-reconciliations">{t('outbox.reconcile.title')}</h2>
      {list.isPending ? (
        <Bones lines={3} />
      ) : list.isError && list.items.length === 0 ? (
        <Failure what="outbox" error={list.error} onRetry={() => void list.refetch()} />
      ) : list.items.length === 0 ? (
        <p className="outbox-none">{t('outbox.reconcile.none')}</p>
      ) : (
        <ul className="outbox-list">
          {list.items.map((run) => (
            <Run key={run.id} run={run} />
          ))}
        </ul>
      )}
      <More list={list} />
    </section>
  );
}

function Run({ run }: { run: Reconciliation }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const tone = run.state === 'failed' ? 'tag tag-bad' : run.differences > 0 ? 'tag tag-warn' : 'tag tag-good';
  return (
    <li className="sheet outbox-delivery">
      <div className="outbox-head">
        <span className={tone}>{t(`outbox.reconcile.state.${run.state}`)}</span>
        <b>{run.webhook?.name ?? run.platform ?? '—'}</b>
        <span className="outbox-quiet">{t(`outbox.reconcile.how.${run.how}`)}</span>
        <span className="outbox-when">
          <Moment at={run.startedAt} />
        </span>
      </div>
      {run.error !== '' && <p className="bad outbox-error">{reconcileError(t, run.error)}</p>}
      <p className="outbox-quiet">
        {t('outbox.reconcile.result', {
          cases: run.cases,
          same: run.same,
          differences: run.differences,
          healed: run.healed,
        })}
      </p>
      {run.differences > 0 && (
        <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
          <summary>{t('outbox.reconcile.show')}</summary>
          {open && <Differences id={run.id} />}
        </details>
      )}
    </li>
  );
}

function Differences({ id }: { id: string }) {
  const { t } = useTranslation();
  const list = usePages<CaseDifference>({
    key: [...keys.outbox, 'differences', id],
    path: `/reconciliations/${id}/differences`,
  });
  if (list.isError) return <Failure what="outbox" error={list.error} onRetry={() => void list.refetch()} />;
  return (
    <div>
      <ul className="outbox-differences">
        {list.items.map((one) => (
          <li key={one.id}>
            <b>{one.taskId === null ? one.number : <Link to={`/tasks/${one.taskId}`}>{one.number}</Link>}</b>
            <span>
              {t('outbox.reconcile.here')} {stateText(t, one.stateHere)} · {t('outbox.reconcile.there')}{' '}
              {stateText(t, one.stateThere)}
            </span>
            <span className="outbox-quiet">{t(`outbox.reconcile.healed.${one.healed}`)}</span>
          </li>
        ))}
      </ul>
      <More list={list} />
    </div>
  );
}

/** Platforms may know no more than open and closed. */
function stateText(t: TFunction, state: string | null): string {
  return state === null ? '—' : t(`taskState.${state}` as 'taskState.issued', { defaultValue: state });
}
