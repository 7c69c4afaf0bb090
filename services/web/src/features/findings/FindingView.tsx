import { EyeOutlined, FormOutlined, LeftOutlined, RightOutlined } from '@ant-design/icons';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../api/client.ts';
import type { Around, ClaimHolder } from '../../api/desk-types.ts';
import type { FindingDetail, Evidence as Item } from '../../api/finding-types.ts';
import { Bones } from '../../ui/Bones.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Note } from '../../ui/Note.tsx';
import { placeName } from '../../ui/place.ts';
import { Age } from '../../ui/Times.tsx';
import { AroundList, goesWith } from './Around.tsx';
import { CloseUps } from './CloseUps.tsx';
import { DayCoverage } from './DayCoverage.tsx';
import { Evidence } from './Evidence.tsx';
import { Facts } from './Facts.tsx';
import { ClassTag } from './FindingTag.tsx';
import { History, Siblings } from './History.tsx';
import { looksOf } from './looks.ts';
import { PastList } from './PastList.tsx';
import { useDeskKeys } from './use-desk-keys.ts';
import { useFindingContext } from './use-finding-context.ts';
import { useFinding } from './use-findings.ts';
import { type Judgement, VerdictBar } from './VerdictBar.tsx';

interface FindingViewProps {
  id: string;
  onJudge: (finding: FindingDetail, judgement: Judgement, siblings: readonly Around[]) => void;
  onBack: () => void;
  onStep: (by: 1 | -1) => void;
  /** Who else looks at it, and how to take another card instead. */
  holder: ClaimHolder | undefined;
  onTakeNext: (() => void) | undefined;
  /** Reports something else that is seen here; undefined: this account may not. */
  onReport: (() => void) | undefined;
}

/** One finding with all that a verdict needs. */
export function FindingView({ id, ...props }: FindingViewProps) {
  const { onBack } = props;
  const { t } = useTranslation();
  const query = useFinding(id);
  const finding = query.data;
  if (finding === undefined) {
    if (!query.isError) {
      return (
        <div className="finding finding-empty">
          <Bones lines={8} />
        </div>
      );
    }
    const gone = query.error instanceof ApiError && query.error.status === 404;
    return gone ? (
      <Note title={t('findings.notFound')} action={{ label: t('findings.back'), run: onBack }} />
    ) : (
      <Failure what="finding" error={query.error} onRetry={() => void query.refetch()} />
    );
  }
  return <Shown key={id} finding={finding} {...props} onOver={() => void query.refetch()} />;
}

interface ShownProps extends Omit<FindingViewProps, 'id'> {
  finding: FindingDetail;
  /** The addresses of its pictures ran out. */
  onOver: () => void;
}

function Shown(props: ShownProps) {
  const { finding, onJudge, onBack, onStep, onOver, holder, onTakeNext, onReport } = props;
  const { t } = useTranslation();
  const looks = useMemo(() => looksOf(finding), [finding]);
  // The look with the picture that the list shows, else the newest one.
  const [lookId, setLookId] = useState(
    () =>
      looks.find(({ frames }) => frames.some(({ id }) => id === finding.frame?.id))?.id ?? looks.at(-1)?.id,
  );
  const [ready, setReady] = useState(false);
  const [frame, setFrame] = useState<Item>();
  const settled = useCallback(() => setReady(true), []);
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // After a verdict its button is gone, and the focus with it: screen readers go on with the new card.
    if (document.activeElement === document.body) title.current?.focus({ preventScroll: true });
  }, []);
  const context = useFindingContext(finding.id).data;
  const around = finding.state === 'pending_review' ? (context?.around ?? []) : [];
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  // Judged: should the verdict be taken back while this card stays on the screen, siblings are chosen anew.
  if (finding.state !== 'pending_review' && chosen.size > 0) setChosen(new Set());
  const together = around.filter((one) => chosen.has(one.id));
  const withSiblings = (): void => {
    const can = around.filter((one) => goesWith(finding, one));
    setChosen(chosen.size > 0 ? new Set() : new Set(can.map(({ id }) => id)));
  };
  useDeskKeys({ s: withSiblings });
  const look = looks.find((one) => one.id === lookId) ?? looks.at(-1);
  const lookAt = look === undefined ? -1 : looks.indexOf(look);

  return (
    <article className="finding" aria-label={`${t(`kind.${finding.kind}`)}，${finding.merchant.name}`}>
      <header className="finding-head">
        <button type="button" className="finding-back" onClick={onBack}>
          <LeftOutlined aria-hidden /> {t('findings.back')}
        </button>
        <h2 ref={title} tabIndex={-1}>
          {t(`kind.${finding.kind}`)} <ClassTag value={finding.class} />
        </h2>
        <p className="finding-where">{placeName(finding)}</p>
        <p className="finding-when">
          <Age at={finding.lastSeen} />
          {finding.count > 1 && (
            <span title={t('findings.seenHint', { count: finding.count })}>
              {' '}
              · {t('findings.seen', { count: finding.count })}
            </span>
          )}
        </p>
        <div className="finding-steps">
          {onReport !== undefined && (
            <button
              type="button"
              className="round"
              onClick={onReport}
              aria-label={t('deskReport.title')}
              title={`${t('deskReport.title')} (R)`}
            >
              <FormOutlined />
            </button>
          )}
          <button
            type="button"
            className="round"
            onClick={() => onStep(-1)}
            aria-label={t('findings.previous')}
            title={`${t('findings.previous')} (K)`}
          >
            <LeftOutlined />
          </button>
          <button
            type="button"
            className="round"
            onClick={() => onStep(1)}
            aria-label={t('findings.next')}
            title={`${t('findings.next')} (J)`}
          >
            <RightOutlined />
          </button>
        </div>
      </header>
      <div className="finding-main">
        {holder !== undefined && finding.state === 'pending_review' && (
          <p className="finding-held" role="status">
            <EyeOutlined aria-hidden />{' '}
            {holder.self ? t('desk.lookingSelf') : t('desk.lookingHint', { name: holder.name })}
            {onTakeNext !== undefined && (
              <button type="button" className="mini" onClick={onTakeNext}>
                {t('desk.takeNext')}
              </button>
            )}
          </p>
        )}
        {look === undefined ? (
          <div className="stage">
            <p className="clip-message">{t('stage.noFrames')}</p>
          </div>
        ) : (
          <Evidence finding={finding} look={look} onSettled={settled} onOver={onOver} onFrame={setFrame} />
        )}
        {looks.length > 1 && (
          <fieldset className="looks chips" aria-label={t('stage.look')}>
            <span>{t('stage.looks', { n: lookAt + 1, of: looks.length })}</span>
            {looks.map((one, index) => (
              <button
                key={one.id}
                type="button"
                className="chip num"
                aria-pressed={one === look}
                onClick={() => setLookId(one.id)}
              >
                {index + 1}
              </button>
            ))}
          </fieldset>
        )}
      </div>
      <aside className="finding-side">
        {frame !== undefined && <CloseUps frame={frame} />}
        <AroundList finding={finding} around={around} chosen={chosen} onChoose={setChosen} />
        {context !== undefined && (
          <>
            <PastList past={context.past} verdicts={context.verdicts} />
            {context.coverage !== null && (
              <DayCoverage coverage={context.coverage} seenAt={finding.firstSeen} />
            )}
          </>
        )}
        <Facts finding={finding} />
        <Siblings finding={finding} />
        <History finding={finding} />
      </aside>
      <VerdictBar
        finding={finding}
        ready={ready || look === undefined}
        together={together.length}
        onJudge={(judgement) => onJudge(finding, judgement, together)}
      />
    </article>
  );
}
