import { useInfiniteQuery } from '@tanstack/react-query';
import { Drawer } from 'antd';
import { useTranslation } from 'react-i18next';
import { ask, query } from '../../api/client.ts';
import type { FindingState, KindCode, Page, TaskState } from '../../api/types.ts';
import { Bones } from '../../ui/Bones.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Link } from '../../ui/Link.tsx';
import { More } from '../../ui/More.tsx';
import { Moment } from '../../ui/Times.tsx';
import { usePhone } from '../../ui/use-media.ts';
import { ClassTag } from '../findings/FindingTag.tsx';
import { closeList } from './address.ts';
import { CamerasBehind } from './CamerasBehind.tsx';
import type { Counted, Measure } from './types.ts';
import { VISITS_SAID, VisitsBehind, visitsOf } from './VisitsBehind.tsx';

/** The list behind a number: the very findings, tasks or cameras that it counts. */
export function BehindDrawer({ behind }: { behind: Record<string, string> | undefined }) {
  const { t } = useTranslation();
  const phone = usePhone();
  const { measure, name, from, to, ...rest } = behind ?? {};
  const what =
    measure === 'cameras'
      ? t('director.observedHours')
      : measure === 'visits'
        ? t(VISITS_SAID[visitsOf(rest.of)])
        : measure && t(`director.measure.${measure as Measure}`);
  return (
    <Drawer
      open={behind !== undefined}
      onClose={closeList}
      title={[name, what].filter(Boolean).join(' · ')}
      size={phone ? '100%' : 760}
      closable={{ 'aria-label': t('task.back') }}
      destroyOnHidden
    >
      {behind !== undefined && (
        <>
          <p className="director-hint">{t('director.days', { from, to })}</p>
          {measure === 'cameras' ? (
            <CamerasBehind asked={{ ...rest, from, to }} />
          ) : measure === 'visits' ? (
            <VisitsBehind day={from} region={rest.region} town={rest.town} of={visitsOf(rest.of)} />
          ) : (
            <CountedList asked={{ ...rest, measure, from, to }} />
          )}
        </>
      )}
    </Drawer>
  );
}

function CountedList({ asked }: { asked: Record<string, string | undefined> }) {
  const { t } = useTranslation();
  const list = useInfiniteQuery({
    queryKey: ['statistics', 'list', asked],
    queryFn: ({ pageParam, signal }) =>
      ask<Page<Counted>>(`/statistics/list${query({ ...asked, limit: 50, cursor: pageParam })}`, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
  });
  if (list.isPending) return <Bones lines={8} />;
  if (list.data === undefined) {
    return <Failure what="statistics" error={list.error} onRetry={() => void list.refetch()} />;
  }
  const items = list.data.pages.flatMap((page) => page.items);
  if (items.length === 0) return <p className="director-none">{t('director.noneBehind')}</p>;
  return (
    <>
      <ul className="director-list" aria-label={t('director.behind')}>
        {items.map((one) => (
          <li key={one.taskId ?? one.findingId}>
            <Link
              to={
                one.taskId === null ? `/findings/${one.findingId}?state=${one.state}` : `/tasks/${one.taskId}`
              }
            >
              {one.number ?? t(`kind.${one.kind as KindCode}`)}
            </Link>
            <span className="director-who">{one.merchant.name}</span>
            <span className="director-facts">
              {one.number !== null && <span>{t(`kind.${one.kind as KindCode}`)}</span>}
              <ClassTag value={one.class} />
              <span className="tag">
                {one.of === 'task'
                  ? t(`taskState.${one.state as TaskState}`)
                  : t(`findingState.${one.state as FindingState}`)}
              </span>
              {one.appealUpheld && <span className="tag">{t('taskReason.appeal_upheld')}</span>}
              <span>{one.region.name}</span>
              <Moment at={one.at} />
            </span>
          </li>
        ))}
      </ul>
      <More list={list} />
    </>
  );
}
