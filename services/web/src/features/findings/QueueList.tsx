import { ReloadOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Finding } from '../../api/types.ts';
import { Bones } from '../../ui/Bones.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Link } from '../../ui/Link.tsx';
import { Note } from '../../ui/Note.tsx';
import { Picture } from '../../ui/Picture.tsx';
import { Age } from '../../ui/Times.tsx';
import { ClassTag, FindingTag } from './FindingTag.tsx';
import { sizeOf } from './looks.ts';
import type { useFindings } from './use-findings.ts';

interface QueueListProps {
  list: ReturnType<typeof useFindings>;
  selected: string | undefined;
  /** Address of a finding, with the filter kept. */
  addressOf: (id: string) => string;
  newCount: number;
  pendingOnly: boolean;
  onRenew: () => void;
}

function Card({ finding, address, current }: { finding: Finding; address: string; current: boolean }) {
  const { t } = useTranslation();
  const card = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (current) card.current?.scrollIntoView({ block: 'nearest' });
  }, [current]);
  const judged = finding.state !== 'pending_review';
  return (
    <li ref={card} className={judged ? 'card card-judged' : 'card'}>
      <Link to={address} className="card-link" aria-current={current ? 'true' : undefined}>
        <span className="card-picture">
          {finding.frame && <Picture url={finding.frame.url} alt="" {...sizeOf(finding.frame)} />}
        </span>
        <span className="card-text">
          <span className="card-title">
            <b>{t(`kind.${finding.kind}`)}</b>
            <ClassTag value={finding.class} />
            {finding.count > 1 && (
              <span className="card-count num" title={t('findings.seenHint', { count: finding.count })}>
                ×{finding.count}
              </span>
            )}
          </span>
          <span className="card-where">{finding.merchant.name}</span>
          <span className="card-foot">
            <span className="card-camera">{finding.camera.name}</span>
            {judged ? <FindingTag state={finding.state} /> : <Age at={finding.lastSeen} />}
          </span>
        </span>
      </Link>
    </li>
  );
}

/** The queue. It changes only when somebody asks: what came since waits behind the pill. */
export function QueueList({ list, selected, addressOf, newCount, pendingOnly, onRenew }: QueueListProps) {
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
      {findings.length === 0 ? (
        <Note title={t(pendingOnly ? 'findings.empty' : 'findings.emptyFiltered')}>
          {pendingOnly && <p>{t('findings.emptyHint')}</p>}
        </Note>
      ) : (
        <ul className="queue-list" aria-label={t('findings.queue')}>
          {findings.map((finding) => (
            <Card
              key={finding.id}
              finding={finding}
              address={addressOf(finding.id)}
              current={finding.id === selected}
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
