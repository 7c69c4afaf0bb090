import { CheckCircleOutlined, ReloadOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { ClaimHolder } from '../../api/desk-types.ts';
import type { Finding } from '../../api/finding-types.ts';
import { Bones } from '../../ui/Bones.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Note } from '../../ui/Note.tsx';
import { QueueCard } from './QueueCard.tsx';
import type { useFindings } from './use-findings.ts';

interface QueueListProps {
  list: ReturnType<typeof useFindings>;
  selected: string | undefined;
  /** Address of a finding, with the filter kept. */
  addressOf: (id: string) => string;
  /** Who else looks at which card. */
  others: ReadonlyMap<string, ClaimHolder>;
  newCount: number;
  pendingOnly: boolean;
  onRenew: () => void;
}

/** Who looks at a card; not who has merely fetched it as the next one. */
export function holderOf(others: ReadonlyMap<string, ClaimHolder>, id: string): ClaimHolder | undefined {
  const holder = others.get(id);
  return holder === undefined || holder.ahead ? undefined : holder;
}

const isJudged = ({ state }: Finding): boolean => state !== 'pending_review';

/** The queue. It changes only when somebody asks: what came since waits behind the pill. */
export function QueueList({
  list,
  selected,
  addressOf,
  others,
  newCount,
  pendingOnly,
  onRenew,
}: QueueListProps) {
  const { t } = useTranslation();
  const { findings, hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  const end = useRef<HTMLLIElement>(null);

  useEffect(() => {
    const mark = end.current;
    if (mark === null || !hasNextPage) return;
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting) void fetchNextPage();
      },
      { rootMargin: '600px' },
    );
    observer.observe(mark);
    return () => observer.disconnect();
  }, [hasNextPage, fetchNextPage]);

  if (list.isPending) return <Bones lines={10} />;
  if (list.isError && findings.length === 0) {
    return <Failure what="findings" error={list.error} onRetry={() => void list.refetch()} />;
  }
  return (
    <>
      {newCount > 0 && (
        <button type="button" className="pill" onClick={onRenew}>
          <ReloadOutlined aria-hidden /> {t('findings.newOnes', { count: newCount })}
        </button>
      )}
      {list.isError && (
        <div className="strip" role="alert">
          {t('error.what.findings')}：{t('error.title')}
          <Button size="small" onClick={onRenew}>
            {t('error.retry')}
          </Button>
        </div>
      )}
      {pendingOnly && findings.length > 0 && !hasNextPage && !list.cut && findings.every(isJudged) && (
        <p className="queue-done">
          <CheckCircleOutlined aria-hidden /> {t('findings.allDone')}
        </p>
      )}
      {findings.length === 0 ? (
        <Note title={t(pendingOnly ? 'findings.empty' : 'findings.emptyFiltered')}>
          {pendingOnly && <p>{t('findings.emptyHint')}</p>}
        </Note>
      ) : (
        <ul className="queue-list" aria-label={t('findings.queue')}>
          {findings.map((finding) => (
            <QueueCard
              key={finding.id}
              finding={finding}
              address={addressOf(finding.id)}
              current={finding.id === selected}
              holder={holderOf(others, finding.id)}
            />
          ))}
          {hasNextPage && (
            <li ref={end} className="queue-more">
              <Button loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
                {t('findings.more')}
              </Button>
            </li>
          )}
        </ul>
      )}
    </>
  );
}
