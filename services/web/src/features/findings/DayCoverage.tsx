import { useTranslation } from 'react-i18next';
import { COVERAGE_KINDS } from '../../api/camera-types.ts';
import type { FindingContext } from '../../api/desk-types.ts';
import { runsOf } from '../../ui/coverage.ts';
import '../../ui/coverage.css';

const DAY_MINUTES = 1440;

interface DayCoverageProps {
  coverage: NonNullable<FindingContext['coverage']>;
  /** When the finding was first seen. */
  seenAt: string;
}

/** How much of the day of the finding the camera was truly looked at, with the finding marked on it. */
export function DayCoverage({ coverage, seenAt }: DayCoverageProps) {
  const { t } = useTranslation();
  const { minutes } = coverage;
  const dayMs = Date.parse(coverage.day);
  const elapsed = Object.values(minutes).reduce((sum, one) => sum + one, 0);
  const observed = minutes.looked + minutes.unchanged;
  const seen = Math.round((Date.parse(seenAt) - dayMs) / 60_000);
  return (
    <section className="side-part" aria-label={t('deskDay.title')}>
      <h3>{t('deskDay.title')}</h3>
      <p className="side-hint num">{t('deskDay.summary', { elapsed, observed })}</p>
      <svg
        className="coverage-bar day-bar"
        viewBox={`0 0 ${DAY_MINUTES} 10`}
        preserveAspectRatio="none"
        aria-hidden="true"
      >
        {runsOf(coverage, dayMs).map(({ kind, start, length }) => (
          <rect key={start} className={`coverage-${kind}`} x={start} y={0} width={length} height={10} />
        ))}
        <rect className="day-seen" x={Math.max(0, seen - 4)} y={0} width={8} height={10} />
      </svg>
      <p className="side-hint num">
        {COVERAGE_KINDS.filter((kind) => minutes[kind] > 0)
          .map((kind) => `${t(`coverage.${kind}`)} ${t('cameras.minutes', { count: minutes[kind] })}`)
          .join(' · ')}
      </p>
    </section>
  );
}
