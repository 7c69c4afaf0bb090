import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ask } from '../api/client.ts';
import { keys } from '../api/keys.ts';
import type { Overview } from '../api/types.ts';
import { Link } from '../ui/Link.tsx';

/** Milliseconds between questions; live events ask in between. */
const EVERY_MS = 15_000;

/** The whole service in one line: each figure leads to the page behind it. */
export function OverviewBar() {
  const { t } = useTranslation();
  const overview = useQuery({
    queryKey: keys.overview,
    queryFn: ({ signal }) => ask<Overview>('/overview', { signal }),
    refetchInterval: EVERY_MS,
  });
  if (overview.data === undefined) {
    return (
      <p className="overview overview-empty" role="status">
        {overview.isError ? t('overview.failed') : '…'}
      </p>
    );
  }
  const { cameras, pendingFindings, waitingTips, openTasks, overdueTasks, queue } = overview.data;
  const figures = [
    { name: 'online', value: cameras.online, to: '/cameras?state=online', tone: 'good' },
    {
      name: 'offline',
      value: cameras.offline,
      to: '/cameras?state=offline',
      tone: cameras.offline > 0 ? 'bad' : '',
    },
    {
      name: 'frozen',
      value: cameras.frozen,
      to: '/cameras?state=frozen',
      tone: cameras.frozen > 0 ? 'warn' : '',
    },
    ...(pendingFindings === null
      ? []
      : [{ name: 'pending', value: pendingFindings, to: '/findings', tone: '' } as const]),
    ...(waitingTips === null
      ? []
      : [{ name: 'tips', value: waitingTips, to: '/tips', tone: waitingTips > 0 ? 'warn' : '' } as const]),
    { name: 'tasks', value: openTasks, to: '/tasks?show=open', tone: '' },
    { name: 'overdue', value: overdueTasks, to: '/tasks?show=overdue', tone: overdueTasks > 0 ? 'bad' : '' },
  ] as const;
  return (
    <ul className="overview" aria-label={t('overview.label')}>
      {figures.map(({ name, value, to, tone }) => (
        <li key={name} className={`figure figure-${name}`}>
          <Link to={to} className={tone}>
            <b className="num">{value}</b> <span>{t(`overview.${name}`)}</span>
          </Link>
        </li>
      ))}
      <li className="figure figure-queue" title={t('overview.queueHint')}>
        <b className="num">{queue === null ? '—' : queue.waiting + queue.active}</b>{' '}
        <span>{t('overview.queue')}</span>
      </li>
    </ul>
  );
}
