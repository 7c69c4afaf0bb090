import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { COVERAGE_KINDS, type Coverage } from '../../api/camera-types.ts';
import { ask, query } from '../../api/client.ts';
import { keys } from '../../api/keys.ts';
import type { Page } from '../../api/types.ts';
import { Bones } from '../../ui/Bones.tsx';
import { useNow } from '../../ui/clock.ts';
import { midnight, runsOf } from '../../ui/coverage.ts';
import { Failure } from '../../ui/Failure.tsx';
import '../../ui/coverage.css';

const DAY_MINUTES = 1440;
const HOURS = [0, 6, 12, 18, 24];

/** 有效观察时长 of today: "no alarm" means nothing without it. */
export function CoverageToday({ code }: { code: string }) {
  const { t } = useTranslation();
  const now = useNow(60);
  const dayMs = midnight(now);
  const from = new Date(dayMs).toISOString();
  const coverage = useQuery({
    queryKey: keys.coverage(code, from),
    queryFn: ({ signal }) => ask<Page<Coverage>>(`/coverage${query({ camera: code, from })}`, { signal }),
    refetchInterval: 60_000,
  });
  if (coverage.isPending) return <Bones lines={3} />;
  if (coverage.data === undefined) {
    return <Failure what="coverage" error={coverage.error} onRetry={() => void coverage.refetch()} />;
  }
  const today = coverage.data.items[0];
  if (today === undefined) return null;
  const { minutes } = today;
  const runs = runsOf(today, dayMs);
  const elapsed = Object.values(minutes).reduce((sum, one) => sum + one, 0);
  const observed = minutes.looked + minutes.unchanged;
  return (
    <section className="coverage" aria-label={t('cameras.coverage')}>
      <h3>{t('cameras.coverage')}</h3>
      <p>{t('cameras.coverageSummary', { observed, elapsed })}</p>
      <svg
        className="coverage-bar"
        viewBox={`0 0 ${DAY_MINUTES} 10`}
        preserveAspectRatio="none"
        aria-hidden="true"
      >
        {runs.map(({ kind, start, length }) => (
          <rect key={start} className={`coverage-${kind}`} x={start} y={0} width={length} height={10}>
            <title>{t(`coverage.${kind}`)}</title>
          </rect>
        ))}
      </svg>
      <div className="coverage-hours num" aria-hidden="true">
        {HOURS.map((hour) => (
          <span key={hour}>{String(hour).padStart(2, '0')}:00</span>
        ))}
      </div>
      <ul className="coverage-legend">
        {COVERAGE_KINDS.filter((kind) => minutes[kind] > 0).map((kind) => (
          <li key={kind}>
            <span className={`swatch coverage-${kind}`} aria-hidden="true" />
            {t(`coverage.${kind}`)}{' '}
            <span className="num">{t('cameras.minutes', { count: minutes[kind] })}</span>
          </li>
        ))}
      </ul>
      <p className="coverage-hint">{t('cameras.coverageHint')}</p>
    </section>
  );
}
