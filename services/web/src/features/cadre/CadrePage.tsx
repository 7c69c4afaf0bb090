import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { askAll } from '../../api/ask-all.ts';
import { keys } from '../../api/keys.ts';
import type { Task } from '../../api/task-types.ts';
import type { Named } from '../../api/types.ts';
import { NotSent } from '../../offline/NotSent.tsx';
import '../../offline/offline.css';
import { useKept } from '../../offline/use-kept.ts';
import { useOutbox, useSending } from '../../offline/use-outbox.ts';
import { Bones } from '../../ui/Bones.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Link } from '../../ui/Link.tsx';
import { Countdown } from '../../ui/Times.tsx';
import { AsOf } from '../field/AsOf.tsx';
import '../field/field.css';
import { LeadForm } from './LeadForm.tsx';
import { VisitForm } from './VisitForm.tsx';

interface Quarter {
  from: string;
  to: string;
  items: { merchant: Named; level: string; due: number; done: number }[];
}
interface Lead {
  id: string;
  number: string;
  merchant: Named;
  targetName: string;
  state: 'sent' | 'received' | 'accepted' | 'rejected' | 'concluded';
}

/** All of them: what is missing here would be overdue with nobody knowing. */
const overdueOf = (path: string, signal: AbortSignal) => askAll<Task>(path, { overdue: 'true' }, signal);
const leadsOf = (path: string, signal: AbortSignal) => askAll<Lead>(path, {}, signal);

/** 包保: the cadre's merchants, what the quarter still asks, what is overdue, and its transfer. No live pictures. */
export function CadrePage() {
  const { t } = useTranslation();
  const [open, setOpen] = useState<string>();
  useSending();
  const { waiting } = useOutbox();
  const quarter = useKept<Quarter>(keys.cadreQuarter, '/supervision/quarter');
  const tasks = useKept([...keys.tasks, 'cadre'], '/tasks', overdueOf);
  const leads = useKept([...keys.leads, 'cadre'], '/leads', leadsOf);
  const failed = [quarter, tasks, leads].find(({ isError }) => isError);
  if (failed !== undefined)
    return <Failure what="tasks" error={failed.error} onRetry={() => void failed.refetch()} />;
  if (quarter.data === undefined || tasks.data === undefined)
    return (
      <div className="page">
        <Bones lines={8} />
      </div>
    );
  const { items, from, to } = quarter.data.value;
  const keptAt = quarter.data.keptAt ?? tasks.data.keptAt;
  const sent = leads.data?.value ?? [];
  const waits = (of: string): boolean =>
    waiting.some(
      (one) =>
        (one.command === 'supervision' && one.merchant === of) ||
        (one.command === 'lead' && one.taskId === of),
    );
  const sum = (pick: (one: Quarter['items'][number]) => number): number =>
    items.reduce((all, one) => all + pick(one), 0);
  const due = sum((one) => one.due);
  const done = sum((one) => Math.min(one.done, one.due));
  const overdue = tasks.data.value;
  const progress = t('cadre.progress', { done, due, from, to });
  return (
    <div className="page field">
      <h1>{t('nav.cadre')}</h1>
      {keptAt !== null && (
        <AsOf
          at={new Date(keptAt).toISOString()}
          kept
          onRetry={() => void Promise.all([quarter.refetch(), tasks.refetch(), leads.refetch()])}
        />
      )}
      <p>{progress}</p>
      <progress value={done} max={Math.max(1, due)} aria-label={progress} />
      <NotSent />
      <section aria-label={t('cadre.overdue', { count: overdue.length })}>
        <h2>{t('cadre.overdue', { count: overdue.length })}</h2>
        {overdue.length === 0 && <p className="all-done">{t('cadre.none')}</p>}
        <ul className="field-tasks">
          {overdue.map((task) => (
            <li key={task.id} className="field-task">
              <h3>{task.merchant.name}</h3>
              <p>
                {t(`kind.${task.kind}`)} · {task.zone.name}{' '}
                <Countdown at={task.overdue === 'acknowledge' ? task.acknowledgeDue : task.submitDue} />
              </p>
              <Link to={`/tasks/${task.id}`}>{task.number}</Link>
              {waits(task.id) ? (
                <p className="tag">{t('cadre.waiting')}</p>
              ) : open === task.id ? (
                <LeadForm task={task} onClose={() => setOpen(undefined)} />
              ) : (
                <Button size="large" onClick={() => setOpen(task.id)}>
                  {t('cadre.transfer')}
                </Button>
              )}
            </li>
          ))}
        </ul>
      </section>
      <section aria-label={t('cadre.mine', { count: items.length })}>
        <h2>{t('cadre.mine', { count: items.length })}</h2>
        <ul className="field-tasks">
          {items.map((one) => (
            <li key={one.merchant.id} className="field-task">
              <h3>{one.merchant.name}</h3>
              <p>
                {t('cadre.level', { level: one.level })} · {t('cadre.visits', one)}
              </p>
              {waits(one.merchant.code) && <p className="tag">{t('cadre.waiting')}</p>}
              {open === one.merchant.id ? (
                <VisitForm merchant={one.merchant} onClose={() => setOpen(undefined)} />
              ) : (
                <Button size="large" onClick={() => setOpen(one.merchant.id)}>
                  {t('cadre.visit')}
                </Button>
              )}
            </li>
          ))}
        </ul>
      </section>
      {sent.length > 0 && (
        <section aria-label={t('cadre.sent', { count: sent.length })}>
          <h2>{t('cadre.sent', { count: sent.length })}</h2>
          <ul className="lines">
            {sent.map((lead) => (
              <li key={lead.id}>
                <span>
                  <b>{lead.merchant.name}</b>
                  <span>
                    {lead.number} · {lead.targetName} · {t(`cadre.state.${lead.state}`)}
                  </span>
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}
