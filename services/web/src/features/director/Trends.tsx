import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCurrentSession } from '../../app/session-context.ts';
import { Bones } from '../../ui/Bones.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { useAsked } from './address.ts';
import { Count, hoursText, Ratio, rateText } from './numbers.tsx';
import { addDays, moved, startOf, today } from './period.ts';
import type { Measure, RateName, Step } from './types.ts';
import { useStatistics } from './use-statistics.ts';

/** ECharts is large: it comes when the page stands. */
const TrendChart = lazy(async () => ({ default: (await import('./TrendChart.tsx')).TrendChart }));

const STEPS = ['week', 'month'] as const;
const WEEKS = 13;
const MONTHS = 12;
const COUNTS = ['confirmed', 'closed', 'overdue'] as const satisfies readonly Measure[];
const RATES = ['rectification', 'onTime', 'recurrence'] as const satisfies readonly RateName[];
/** The counts that each rate is made of. */
const MADE_OF: Record<RateName, readonly [part: Measure, of: Measure]> = {
  rectification: ['rectified', 'due'],
  onTime: ['onTime', 'due'],
  recurrence: ['recurred', 'watched'],
};

/** Whole weeks or months up to the end of the period. */
function reach(step: 'week' | 'month', to: string): string {
  if (step === 'month') return moved('month', startOf('month', to), 1 - MONTHS);
  const weekday = (new Date(`${to}T00:00:00Z`).getUTCDay() + 6) % 7;
  return addDays(to, -weekday - (WEEKS - 1) * 7);
}

/** How it developed: counts and rates in one chart each, and the same numbers as a table. */
export function Trends() {
  const { t } = useTranslation();
  const { span, to, region } = useAsked();
  const [step, setStep] = useState<'week' | 'month'>(span === 'month' ? 'week' : 'month');
  const now = today(Date.now(), useCurrentSession().timeZone);
  const end = [to, now].sort()[0] ?? to;
  const from = reach(step, end);
  const asked = useStatistics({ from, to: end, region, step });
  const series = asked.data?.totals.series;
  const shares = (pick: (one: Step) => number | null) =>
    (series ?? []).map((one) => {
      const share = pick(one);
      return share === null ? null : Math.round(share * 1000) / 10;
    });
  const starts = (series ?? []).map(({ start }) => (step === 'month' ? start.slice(0, 7) : start.slice(5)));
  return (
    <section className="director-part" aria-labelledby="director-trends">
      <div className="director-head">
        <h2 id="director-trends">{t('director.trends')}</h2>
        <fieldset className="chips" aria-label={t('director.step')}>
          {STEPS.map((one) => (
            <button
              key={one}
              type="button"
              className="chip"
              aria-pressed={one === step}
              onClick={() => setStep(one)}
            >
              {t(`director.steps.${one}`)}
            </button>
          ))}
        </fieldset>
      </div>
      {series === undefined ? (
        asked.isError ? (
          <Failure what="statistics" error={asked.error} onRetry={() => void asked.refetch()} />
        ) : (
          <Bones lines={8} />
        )
      ) : series.length === 0 ? (
        <p className="director-none">{t('director.empty')}</p>
      ) : (
        <>
          <div className="director-pair">
            <Suspense fallback={<Bones lines={8} />}>
              <TrendChart
                title={t('director.counts')}
                starts={starts}
                lines={COUNTS.map((measure) => ({
                  name: t(`director.measure.${measure}`),
                  values: series.map(({ counts }) => counts[measure]),
                }))}
              />
            </Suspense>
            <Suspense fallback={<Bones lines={8} />}>
              <TrendChart
                title={t('director.shares')}
                percent
                starts={starts}
                lines={[
                  ...RATES.map((rate) => ({
                    name: t(`director.rate.${rate}`),
                    values: shares(({ rates }) => rates[rate]),
                  })),
                  { name: t('director.observed'), values: shares(({ coverage }) => coverage.observed) },
                ]}
              />
            </Suspense>
          </div>
          <details className="director-owed sheet">
            <summary>{t('director.asTable')}</summary>
            <TrendTable series={series} step={step} from={from} to={end} region={region} />
          </details>
        </>
      )}
    </section>
  );
}

interface TrendTableProps {
  series: readonly Step[];
  step: 'week' | 'month';
  from: string;
  to: string;
  region: string | undefined;
}

function TrendTable({ series, step, from, to, region }: TrendTableProps) {
  const { t } = useTranslation();
  return (
    <div className="director-scroll">
      <table className="table director-table">
        <thead>
          <tr>
            <th scope="col">{t('director.starts')}</th>
            {COUNTS.map((measure) => (
              <th key={measure} scope="col">
                {t(`director.measure.${measure}`)}
              </th>
            ))}
            {RATES.map((rate) => (
              <th key={rate} scope="col">
                {t(`director.rate.${rate}`)}
              </th>
            ))}
            <th scope="col">{t('director.median')}</th>
            <th scope="col">{t('director.observed')}</th>
            <th scope="col">{t('director.observedHours')}</th>
          </tr>
        </thead>
        <tbody>
          {series.map(({ start, counts, rates, medianHoursToClose, coverage }) => {
            const count = (measure: Measure) => ({
              value: counts[measure],
              label: `${start} ${t(`director.measure.${measure}`)}`,
              behind: { measure, from, to, region, step, start, name: start },
            });
            return (
              <tr key={start}>
                <th scope="row" className="num">
                  {start}
                </th>
                {COUNTS.map((measure) => (
                  <td key={measure}>
                    <Count {...count(measure)} />
                  </td>
                ))}
                {RATES.map((rate) => (
                  <td key={rate}>
                    <span className="num">{rateText(rates[rate])}</span>
                    <span className="director-made">
                      <Ratio part={count(MADE_OF[rate][0])} of={count(MADE_OF[rate][1])} />
                    </span>
                  </td>
                ))}
                <td className="num">{hoursText(medianHoursToClose)}</td>
                <td className="num">{rateText(coverage.observed)}</td>
                <td className="num">{Math.round(coverage.observedHours).toLocaleString('en')}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
