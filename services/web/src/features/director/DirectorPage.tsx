import { useTranslation } from 'react-i18next';
import { useCurrentSession } from '../../app/session-context.ts';
import { Bones } from '../../ui/Bones.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Note } from '../../ui/Note.tsx';
import { StaleStrip } from '../../ui/StaleStrip.tsx';
import { Moment } from '../../ui/Times.tsx';
import { useAsked } from './address.ts';
import { BehindDrawer } from './BehindDrawer.tsx';
import { Cadres } from './Cadres.tsx';
import { Controls } from './Controls.tsx';
import { FigureCards } from './FigureCards.tsx';
import { ModelPrecision } from './ModelPrecision.tsx';
import { MapSection } from './map/MapSection.tsx';
import { Offenders } from './Offenders.tsx';
import { today } from './period.ts';
import { Ranking } from './Ranking.tsx';
import { Trends } from './Trends.tsx';
import type { Statistics } from './types.ts';
import { useStatistics } from './use-statistics.ts';
import './director.css';

/** What a director answers for: how the regions stand, how it develops, who offends again; every number opens its list. */
export function DirectorPage() {
  const { t } = useTranslation();
  const { account, timeZone } = useCurrentSession();
  const { from, to, region, by, sort, order, behind } = useAsked();
  const now = today(Date.now(), timeZone);
  const begun = from <= now;
  const asked = useStatistics({ from, to, region, groupBy: by, sort, order, limit: 200, previous: 'true' });
  const answer = asked.data;
  return (
    <div className="page director">
      <div className="page-head">
        <h1>{t('director.title')}</h1>
        <p className="director-scope">{account.region?.name ?? t('director.everywhere')}</p>
      </div>
      <Controls />
      {asked.isRefetchError && (
        <StaleStrip since={asked.dataUpdatedAt} onRetry={() => void asked.refetch()} />
      )}
      {answer === undefined ? (
        asked.isError ? (
          <Failure what="statistics" error={asked.error} onRetry={() => void asked.refetch()} />
        ) : (
          <Bones lines={10} />
        )
      ) : (
        <div
          className={asked.isPlaceholderData ? 'director-body director-old' : 'director-body'}
          aria-busy={asked.isPlaceholderData}
        >
          <p className="director-asof">
            {t('director.days', { from: answer.from, to: answer.to })} · {t('director.asOf')}{' '}
            <Moment at={answer.asOf} />
            {begun && to >= now && <span className="tag tag-warn">{t('director.underWay')}</span>}
            {answer.coverageWaiting.cameraDays > 0 && (
              <span className="tag tag-warn">
                {t('director.waiting', { count: answer.coverageWaiting.cameraDays })}
              </span>
            )}
          </p>
          {isEmpty(answer) ? (
            <Note title={t('director.empty')}>
              <p>{t('director.emptyHint')}</p>
            </Note>
          ) : (
            <>
              <FigureCards answer={answer} />
              <MapSection />
              <Ranking answer={answer} />
            </>
          )}
          <Trends />
          <div className="director-pair">
            <Offenders />
            <ModelPrecision />
          </div>
          <Cadres />
        </div>
      )}
      <BehindDrawer behind={behind} />
    </div>
  );
}

function isEmpty({ totals }: Statistics): boolean {
  return totals.coverage.owedHours === 0 && Object.values(totals.counts).every((count) => !count);
}
