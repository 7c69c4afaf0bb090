import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Around } from '../../api/desk-types.ts';
import type { FindingDetail } from '../../api/finding-types.ts';
import { navigate, routeNow, useRoute } from '../../app/router.ts';
import { useCurrentSession } from '../../app/session-context.ts';
import { useWhy } from '../../ui/Failure.tsx';
import { Note } from '../../ui/Note.tsx';
import { usePhone } from '../../ui/use-media.ts';
import { addressOf, filterOf } from './desk-address.ts';
import { FindingView } from './FindingView.tsx';
import './desk.css';
import './finding.css';
import './desk-more.css';
import { mayJudge } from './judges.ts';
import { KeysHelp } from './KeysHelp.tsx';
import { Notice } from './Notice.tsx';
import { QueueFilter } from './QueueFilter.tsx';
import { QueueList } from './QueueList.tsx';
import { useDeskKeys } from './use-desk-keys.ts';
import { useDeskQueue } from './use-desk-queue.ts';
import { useFinding, useFindings } from './use-findings.ts';
import { useNewFindings } from './use-new-findings.ts';
import { useNotice } from './use-notice.ts';
import { useUndo } from './use-undo.ts';
import { type Given, stateNow, useVerdict, type VerdictCommand } from './use-verdict.ts';
import type { Judgement } from './VerdictBar.tsx';

const ReportDrawer = lazy(async () => ({ default: (await import('./ReportDrawer.tsx')).ReportDrawer }));

/** Cards before the end of the list at which the next page is asked for: more than one key judges together with its siblings. */
const AHEAD = 30;

/** Verdicts that can be taken back one after the other; more are not given in ten seconds. */
const MOST_UNDOABLE = 20;

/** Cards known as judged here: more than the list holds. */
const MOST_SETTLED = 500;

/** The findings desk: the queue on the left, the finding on the right; on a phone one after the other. */
export function FindingsPage() {
  const { t } = useTranslation();
  const why = useWhy();
  const phone = usePhone();
  const judges = mayJudge(useCurrentSession().account.role);
  const { segments, search } = useRoute();
  const filter = filterOf(search);
  const list = useFindings(filter);
  const fresh = useNewFindings(filter);
  const { notice, tell, close } = useNotice();
  const [judged, setJudged] = useState(0);
  const [settled, setSettled] = useState<ReadonlySet<string>>(new Set());
  const settle = (ids: readonly string[], done: boolean): void =>
    setSettled((before) =>
      done
        ? new Set([...before, ...ids].slice(-MOST_SETTLED))
        : new Set([...before].filter((id) => !ids.includes(id))),
    );
  const [showsKeys, setShowsKeys] = useState(false);
  const [reporting, setReporting] = useState(false);
  const { findings, hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  const selected = segments[1];
  const open = (id: string | undefined): void => {
    if (id !== undefined) navigate(addressOf(filter, id), { replace: selected !== undefined });
  };
  const desk = useDeskQueue(
    findings,
    selected,
    judges,
    settled,
    hasNextPage && !list.isFetchNextPageError,
    open,
  );
  const { index } = desk;
  const shown = useFinding(reporting ? selected : undefined).data;

  // On a desk something is always open; on a phone the list is the start.
  const first = findings[0]?.id;
  useEffect(() => {
    if (phone || selected !== undefined || first === undefined) return;
    desk.arrive(first);
    navigate(addressOf(filter, first), { replace: true });
  });
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && index >= findings.length - AHEAD) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage, index, findings.length]);

  const step = (by: 1 | -1): void => open(findings[index + by]?.id);
  /** On to a card that the desk chooses. */
  const goOn = (id: string): void => {
    desk.arrive(id);
    open(id);
  };

  const nameOf = ({ finding }: VerdictCommand): string =>
    `${t(`kind.${finding.kind}`)} · ${finding.merchant.name}`;
  // Verdicts that can still be taken back, the last one last; it may be on its way yet. A refused one is undefined.
  const undoable = useRef<Promise<Given | undefined>[]>([]);
  const undo = useUndo(t('around.splitNote'), {
    onDone({ id }, { finding, merged, dismissed }) {
      settle(
        [finding, ...merged, ...dismissed].map((one) => one.id),
        false,
      );
      setJudged((before) => Math.max(0, before - 1));
      tell({ text: t('judge.undone'), bad: false });
      navigate(addressOf(filter, id));
    },
    onRefused: (error) => tell({ text: t('judge.notUndone', { why: why(error) }), bad: true }),
  });
  const undoLast = async (): Promise<void> => {
    const given = await undoable.current.pop();
    if (given !== undefined && Date.parse(given.finding.undoUntil ?? '') > Date.now()) undo.mutate(given);
  };
  const verdict = useVerdict({
    onDone({ verdict: said, reason, siblings }, given) {
      const { finding, merged, dismissed, missed } = given;
      const done = new Set([...merged, ...dismissed].map(({ id }) => id));
      const left = siblings.filter(({ id }) => !done.has(id));
      if (left.length > 0)
        settle(
          left.map(({ id }) => id),
          false,
        );
      setJudged((before) => before + 1 + merged.length + dismissed.length);
      const text =
        said === 'confirm'
          ? t(finding.issuesAt === null ? 'judge.confirmed' : 'judge.confirmedSoon')
          : t('judge.dismissed', { reason: t(`reason.${reason ?? 'other'}`) });
      if (finding.undoUntil === null) return tell({ text, bad: false });
      tell({
        text: missed === 0 ? text : `${text}；${t('around.partly', { count: missed })}`,
        bad: false,
        action: { label: t('judge.undo'), key: 'U', run: () => void undoLast() },
      });
    },
    onRefused(command, error) {
      settle(
        [command.finding, ...command.siblings].map(({ id }) => id),
        false,
      );
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
  /** Nothing that waits is here: the next page may have it; else what was passed over, which may have left the list with its page. */
  const goFurther = async (judgedAt: string, done: ReadonlySet<string>): Promise<void> => {
    const later = await list.laterThan(judgedAt, done);
    const waits =
      later ?? (await list.renew()).find(({ id, state }) => id !== judgedAt && state === 'pending_review');
    if (routeNow().segments[1] !== judgedAt) return;
    if (waits !== undefined) goOn(waits.id);
    else if (phone) navigate(addressOf(filter));
  };
  const judge = (finding: FindingDetail, judgement: Judgement, siblings: readonly Around[]): void => {
    const command = { finding, ...judgement, siblings, mergeNote: t('around.mergedNote') };
    const given = verdict.mutateAsync(command).catch(() => undefined);
    undoable.current = [...undoable.current.slice(-MOST_UNDOABLE), given];
    const done = [finding, ...siblings].map(({ id }) => id);
    settle(done, true);
    const next = desk.following(new Set(done));
    if (next !== undefined) goOn(next.id);
    else if (list.cut || hasNextPage)
      void given.then(() => goFurther(finding.id, new Set([...settled, ...done])));
    else if (phone) navigate(addressOf(filter));
  };
  useDeskKeys({
    j: () => step(1),
    k: () => step(-1),
    u: () => void undoLast(),
    'ctrl+z': () => void undoLast(),
    '?': () => setShowsKeys(true),
    '？': () => setShowsKeys(true),
    r: () => setReporting(judges && selected !== undefined),
  });

  const renew = (): void => {
    fresh.clear();
    void list.renew();
  };
  const showList = !phone || selected === undefined;
  const showFinding = !phone || selected !== undefined;
  const next = desk.following();
  return (
    <div className="desk">
      <h1 className="hidden">{t('nav.findings')}</h1>
      {showList && (
        <section className="queue" aria-label={t('findings.queue')}>
          <QueueFilter
            filter={filter}
            onChange={(to) => navigate(addressOf(to))}
            refreshing={list.isRefetching}
            onRefresh={renew}
          />
          <div className="queue-scroll">
            <QueueList
              list={list}
              selected={selected}
              addressOf={(id) => addressOf(filter, id)}
              others={desk.others}
              newCount={fresh.count}
              pendingOnly={filter.state === 'pending_review' && filter.kind === undefined}
              onRenew={renew}
            />
          </div>
          <p className="queue-foot">
            <span className="num">{judged > 0 ? t('findings.judged', { count: judged }) : ''}</span>
            <span className="queue-keys">{t('judge.keys')}</span>
            <button
              type="button"
              className="queue-help"
              aria-label={t('desk.keysTitle')}
              onClick={() => setShowsKeys(true)}
            >
              <kbd>?</kbd>
            </button>
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
            holder={desk.holder}
            onTakeNext={next === undefined ? undefined : () => goOn(next.id)}
            onReport={judges ? () => setReporting(true) : undefined}
          />
        ))}
      {reporting && shown !== undefined && (
        <Suspense>
          <ReportDrawer
            finding={shown}
            onClose={() => setReporting(false)}
            onDone={(reported, kind) => {
              setReporting(false);
              const address = addressOf(filter, reported.id);
              tell({ text: t('deskReport.done', { kind }), bad: false, address });
            }}
          />
        </Suspense>
      )}
      {showsKeys && <KeysHelp onClose={() => setShowsKeys(false)} />}
      <Notice notice={notice} onClose={close} />
      <p className="hidden" aria-live="polite">
        {fresh.count > 0 ? t('findings.newAnnounce', { count: fresh.count }) : ''}
      </p>
    </div>
  );
}
