import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Finding, FindingDetail } from '../../api/types.ts';
import { navigate, useRoute } from '../../app/router.ts';
import { useWhy } from '../../ui/Failure.tsx';
import { Note } from '../../ui/Note.tsx';
import { usePhone } from '../../ui/use-media.ts';
import { addressOf, filterOf } from './desk-address.ts';
import { FindingView } from './FindingView.tsx';
import './desk.css';
import './finding.css';
import { Notice } from './Notice.tsx';
import { QueueFilter } from './QueueFilter.tsx';
import { QueueList } from './QueueList.tsx';
import { useDeskKeys } from './use-desk-keys.ts';
import { useFindings, usePrefetch } from './use-findings.ts';
import { useNewFindings } from './use-new-findings.ts';
import { useNotice } from './use-notice.ts';
import { useUndo } from './use-undo.ts';
import { stateNow, useVerdict, type VerdictCommand } from './use-verdict.ts';
import type { Judgement } from './VerdictBar.tsx';

/** The next card to judge: the first one after `index` that waits, else the first one before it. */
function nextPending(findings: readonly Finding[], index: number): Finding | undefined {
  const waits = (finding: Finding, at: number): boolean => at !== index && finding.state === 'pending_review';
  return findings.find((finding, at) => at > index && waits(finding, at)) ?? findings.find(waits);
}

/** The findings desk: the queue on the left, the finding on the right; on a phone one after the other. */
export function FindingsPage() {
  const { t } = useTranslation();
  const why = useWhy();
  const phone = usePhone();
  const { segments, search } = useRoute();
  const filter = filterOf(search);
  const list = useFindings(filter);
  const fresh = useNewFindings(filter);
  const { notice, tell, close } = useNotice();
  const [judged, setJudged] = useState(0);
  const { findings } = list;
  const selected = segments[1];
  const index = findings.findIndex((finding) => finding.id === selected);
  const following = nextPending(findings, index);
  usePrefetch(following?.id);

  // On a desk something is always open; on a phone the list is the start.
  const first = findings[0]?.id;
  useEffect(() => {
    if (!phone && selected === undefined && first !== undefined)
      navigate(addressOf(filter, first), { replace: true });
  });

  const open = (id: string | undefined): void => {
    if (id !== undefined) navigate(addressOf(filter, id), { replace: selected !== undefined });
  };
  const step = (by: 1 | -1): void => open(findings[index + by]?.id);
  useDeskKeys({ j: () => step(1), k: () => step(-1) });

  const nameOf = ({ finding }: VerdictCommand): string =>
    `${t(`kind.${finding.kind}`)} · ${finding.merchant.name}`;
  const undo = useUndo({
    onDone({ id }) {
      setJudged((before) => Math.max(0, before - 1));
      tell({ text: t('judge.undone'), bad: false });
      navigate(addressOf(filter, id));
    },
    onRefused: (error) => tell({ text: t('judge.notUndone', { why: why(error) }), bad: true }),
  });
  const verdict = useVerdict({
    onDone({ verdict: given, reason }, done) {
      setJudged((before) => before + 1);
      const text =
        given === 'confirm'
          ? t(done.issuesAt === null ? 'judge.confirmed' : 'judge.confirmedSoon')
          : t('judge.dismissed', { reason: t(`reason.${reason ?? 'other'}`) });
      const action = { label: t('judge.undo'), run: () => undo.mutate(done) };
      tell({ text, bad: false, ...(done.undoUntil !== null && { action }) });
    },
    onRefused(command, error) {
      const state = stateNow(error);
      const what = nameOf(command);
      const text =
        state === undefined
          ? t('judge.failed', { what, why: why(error) })
          : state === 'pending_review'
            ? t('judge.changed', { what })
            : t('judge.conflict', { what, state: t(`findingState.${state}`) });
      tell({ text, bad: true, address: addressOf(filter, command.finding.id) });
    },
  });
  const judge = (finding: FindingDetail, judgement: Judgement): void => {
    verdict.mutate({ finding, ...judgement });
    if (following !== undefined) open(following.id);
    else if (phone) navigate(addressOf(filter));
  };

  const renew = (): void => {
    fresh.clear();
    void list.renew();
  };
  const showList = !phone || selected === undefined;
  const showFinding = !phone || selected !== undefined;
  return (
    <div className="desk">
      <h1 className="hidden">{t('nav.findings')}</h1>
      {showList && (
        <section className="queue" aria-label={t('findings.queue')}>
          <QueueFilter
            filter={filter}
            onChange={(next) => navigate(addressOf(next))}
            refreshing={list.isRefetching}
            onRefresh={renew}
          />
          <div className="queue-scroll">
            <QueueList
              list={list}
              selected={selected}
              addressOf={(id) => addressOf(filter, id)}
              newCount={fresh.count}
              pendingOnly={filter.state === 'pending_review' && filter.kind === undefined}
              onRenew={renew}
            />
          </div>
          <p className="queue-foot">
            <span className="num">{judged > 0 ? t('findings.judged', { count: judged }) : ''}</span>
            <span className="queue-keys">{t('judge.keys')}</span>
          </p>
        </section>
      )}
      {showFinding &&
        (selected === undefined ? (
          <div className="finding finding-empty">
            {!list.isPending && !list.isError && (
              <Note title={t(findings.length === 0 ? 'findings.empty' : 'findings.choose')}>
                {findings.length === 0 && <p>{t('findings.emptyHint')}</p>}
              </Note>
            )}
          </div>
        ) : (
          <FindingView
            id={selected}
            onJudge={judge}
            onBack={() => navigate(addressOf(filter))}
            onStep={step}
          />
        ))}
      <Notice notice={notice} onClose={close} />
      <p className="hidden" aria-live="polite">
        {fresh.count > 0 ? t('findings.newAnnounce', { count: fresh.count }) : ''}
      </p>
    </div>
  );
}
