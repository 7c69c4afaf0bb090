import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Day, Point, Stop, VisitReason } from '../../api/field-types.ts';
import { keys } from '../../api/keys.ts';
import { navigate, useRoute } from '../../app/router.ts';
import { NotSent } from '../../offline/NotSent.tsx';
import { useKept } from '../../offline/use-kept.ts';
import { Bones } from '../../ui/Bones.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Link } from '../../ui/Link.tsx';
import { AsOf } from './AsOf.tsx';
import { distanceM } from './distance.ts';
import { StopCard } from './StopCard.tsx';
import { usePosition } from './use-position.ts';

const REASONS = ['visit', 'overdue', 'recheck'] as const satisfies readonly VisitReason[];

/** Where one should go today: by deadline, or, when asked, by distance. */
export function DayPage() {
  const { t } = useTranslation();
  const { search } = useRoute();
  const all = search.get('all') === 'true';
  const only = REASONS.find((known) => known === search.get('reason'));
  const position = usePosition();
  const asked = useKept<Day>([...keys.field, 'day', all], all ? '/field/day?all=true' : '/field/day');
  const show = (change: { all?: boolean; reason?: VisitReason | undefined }): void => {
    const next = { all, reason: only, ...change };
    const query = new URLSearchParams({
      ...(next.all && { all: 'true' }),
      ...(next.reason !== undefined && { reason: next.reason }),
    });
    navigate(query.size === 0 ? '/field' : `/field?${query}`, { replace: true });
  };
  const stops = (asked.data?.value.stops ?? []).filter(
    ({ tasks }) => only === undefined || tasks.some(({ reason }) => reason === only),
  );
  const near = position.place;
  const counted = (reason: VisitReason): number =>
    (asked.data?.value.stops ?? []).filter(({ tasks }) => tasks.some((one) => one.reason === reason)).length;
  return (
    <div className="page field">
      <div className="page-head">
        <h1>{t('nav.field')}</h1>
        {asked.data !== undefined && (
          <AsOf
            at={asked.data.value.asOf}
            kept={asked.data.keptAt !== null}
            onRetry={() => void asked.refetch()}
          />
        )}
      </div>
      <NotSent />
      <div className="field-controls">
        <fieldset className="chips" aria-label={t('field.filter')}>
          <button
            type="button"
            className="chip"
            aria-pressed={only === undefined && !all}
            onClick={() => show({ all: false, reason: undefined })}
          >
            {t('field.due')}
          </button>
          {REASONS.map((reason) => (
            <button
              key={reason}
              type="button"
              className="chip"
              aria-pressed={only === reason}
              onClick={() => show({ reason: only === reason ? undefined : reason })}
            >
              {t(`field.reason.${reason}`)}
              <span className="num">{counted(reason)}</span>
            </button>
          ))}
          <button
            type="button"
            className="chip"
            aria-pressed={all}
            onClick={() => show({ all: !all, reason: undefined })}
          >
            {t('field.all')}
          </button>
        </fieldset>
        <Button onClick={position.ask} loading={position.asking}>
          {t(near === null ? 'field.sortByDistance' : 'field.sortAgain')}
        </Button>
      </div>
      {position.problem !== null && <p className="bad">{t(`field.problem.${position.problem}`)}</p>}
      {asked.data === undefined ? (
        asked.isError ? (
          <Failure what="field" error={asked.error} onRetry={() => void asked.refetch()} />
        ) : (
          <Bones lines={8} />
        )
      ) : stops.length === 0 ? (
        <p className="all-done">{t('field.nothing')}</p>
      ) : (
        <ul className="stops" aria-label={t('field.list')}>
          {inOrder(stops, near).map(({ stop, metres }) => (
            <StopCard key={stop.merchant.id} stop={stop} metres={metres} />
          ))}
        </ul>
      )}
      <p className="quiet">
        <Link to="/field/_places">{t('place.title')} →</Link>
      </p>
      {asked.data !== undefined && asked.data.value.total > asked.data.value.stops.length && (
        <p className="quiet">
          {t('field.more', { shown: asked.data.value.stops.length, total: asked.data.value.total })}
        </p>
      )}
    </div>
  );
}

/** Nearest first, those whose place nobody entered last, by town; without a position as the server says: by deadline. */
function inOrder(stops: readonly Stop[], near: Point | null): { stop: Stop; metres: number | null }[] {
  const placed = stops.map((stop) => ({
    stop,
    metres: near === null || stop.place === null ? null : distanceM(near, stop.place),
  }));
  if (near === null) return placed;
  return placed.sort((a, b) => {
    if (a.metres === null || b.metres === null)
      return (
        Number(a.metres === null) - Number(b.metres === null) ||
        a.stop.region.code.localeCompare(b.stop.region.code)
      );
    return a.metres - b.metres;
  });
}
