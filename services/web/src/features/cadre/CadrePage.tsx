import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../../api/client.ts';
import { keys } from '../../api/keys.ts';
import type { Task } from '../../api/task-types.ts';
import type { Named, Page } from '../../api/types.ts';
import '../../offline/offline.css';
import { Bones } from '../../ui/Bones.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Link } from '../../ui/Link.tsx';
import { Countdown } from '../../ui/Times.tsx';
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

/** 包保: the cadre's merchants, what the quarter still asks, what is overdue, and its transfer. No live pictures. */
export function CadrePage() {
  const { t } = useTranslation();
  const [open, setOpen] = useState<string>();
  const quarter = useQuery({
    queryKey: keys.cadreQuarter,
    queryFn: ({ signal }) => ask<Quarter>('/supervision/quarter', { signal }),
  });
  const tasks = useQuery({
    queryKey: [...keys.tasks, 'cadre'],
    queryFn: ({ signal }) => ask<Page<Task>>('/tasks?limit=200', { signal }),
  });
  const leads = useQuery({
    queryKey: [...keys.leads, 'cadre'],
    queryFn: ({ signal }) => ask<Page<Lead>>('/leads?limit=50', { signal }),
  });
  const failed = [quarter, tasks, leads].find(({ isError }) => isError);
  if (failed !== undefined)
    return <Failure what="tasks" error={failed.error} onRetry={() => void failed.refetch()} />;
  if (quarter.data === undefined || tasks.data === undefined)
    return (
      <div className="page">
        <Bones lines={8} />
      </div>
    );
  const { items, from, to } = quarter.data;
  const sum = (pick: (one: Quarter['items'][number]) => number): number =>
    items.reduce((all, one) => all + pick(one), 0);
  const due = sum((one) => one.due);
  const done = sum((one) => Math.min(one.done, one.due));
  const overdue = tasks.data.items.filter((task) => task.overdue !== null);
  const progress = t('cadre.progress', { done, due, from, to });
  return (
    <div className="page field">
      <h1>{t('nav.cadre')}</h1>
      <p>{progress}</p>
      <progress value={done} max={Math.max(1, due)} aria-label={progress} />
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
              {open === task.id ? (
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
              {open === one.merchant.id ? (
                <VisitForm merchant={one.merchant.code} onClose={() => setOpen(undefined)} />
              ) : (
                <Button size="large" onClick={() => setOpen(one.merchant.id)}>
                  {t('cadre.visit')}
                </Button>
              )}
            </li>
          ))}
        </ul>
      </section>
      {leads.data !== undefined && leads.data.items.length > 0 && (
        <section aria-label={t('cadre.sent', { count: leads.data.items.length })}>
          <h2>{t('cadre.sent', { count: leads.data.items.length })}</h2>
          <ul className="lines">
            {leads.data.items.map((lead) => (
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
