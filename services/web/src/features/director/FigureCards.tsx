import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { type Behind, useAsked } from './address.ts';
import { Count, Hours, hoursText, NOTHING, Ratio, rateText } from './numbers.tsx';
import type { Figures, Measure, Statistics } from './types.ts';

/** The period in one row: each rate with its counts, and the same of the days before. */
export function FigureCards({ answer: { totals, previous } }: { answer: Statistics }) {
  const { t } = useTranslation();
  const { from, to, region } = useAsked();
  const behind = (measure: Measure | 'cameras'): Behind => ({ measure, from, to, region });
  const count = (measure: Measure) => ({
    value: totals.counts[measure],
    behind: behind(measure),
    label: t(`director.measure.${measure}`),
  });
  const rate = (name: 'rectification' | 'onTime' | 'recurrence', part: Measure, of: Measure) => (
    <Card
      name={t(`director.rate.${name}`)}
      value={rateText(totals.rates[name])}
      before={previous && rateText(previous.rates[name])}
      hint={t(`director.hint.${name}`)}
    >
      <Ratio part={count(part)} of={count(of)} />
    </Card>
  );
  const before = (pick: (figures: Figures) => string): string | null => previous && pick(previous);
  return (
    <section aria-label={t('director.figures')}>
      <dl className="director-cards">
        <Card
          name={t('director.measure.confirmed')}
          value={<Count {...count('confirmed')} />}
          before={before(({ counts }) => String(counts.confirmed))}
          hint={t('director.hint.confirmed')}
        >
          {t('director.measure.issued')} <Count {...count('issued')} />
        </Card>
        <Card
          name={t('director.measure.overdue')}
          value={<Count {...count('overdue')} />}
          before={before(({ counts }) => String(counts.overdue))}
          hint={t('director.hint.overdue')}
        >
          {t('director.measure.escalated')} <Count {...count('escalated')} />
        </Card>
        {rate('rectification', 'rectified', 'due')}
        {rate('onTime', 'onTime', 'due')}
        {rate('recurrence', 'recurred', 'watched')}
        <Card
          name={t('director.median')}
          value={
            totals.medianHoursToClose === null
              ? NOTHING
              : t('director.hours', { hours: hoursText(totals.medianHoursToClose) })
          }
          before={before(({ medianHoursToClose }) => hoursText(medianHoursToClose))}
          hint={t('director.hint.median')}
        >
          {t('director.measure.closed')} <Count {...count('closed')} />
        </Card>
        <Card
          name={t('director.observed')}
          value={rateText(totals.coverage.observed)}
          before={before(({ coverage }) => rateText(coverage.observed))}
          hint={t('director.hint.observed')}
        >
          <Hours
            observed={totals.coverage.observedHours}
            behind={behind('cameras')}
            label={t('director.observedHours')}
          />{' '}
          {t('director.ofHours', { hours: Math.round(totals.coverage.owedHours).toLocaleString('en') })}
        </Card>
        <Card
          name={t('director.online')}
          value={rateText(totals.coverage.online)}
          before={before(({ coverage }) => rateText(coverage.online))}
          hint={t('director.hint.online')}
        >
          {t('director.camerasName')}{' '}
          <Count
            value={totals.coverage.cameras}
            behind={behind('cameras')}
            label={t('director.camerasName')}
          />
        </Card>
      </dl>
    </section>
  );
}

interface CardProps {
  name: string;
  value: ReactNode;
  /** The same of the days before; null: not asked. */
  before: string | null;
  hint: string;
  children: ReactNode;
}

function Card({ name, value, before, hint, children }: CardProps) {
  const { t } = useTranslation();
  return (
    <div className="director-card" title={hint}>
      <dt>{name}</dt>
      <dd className="director-value num">{value}</dd>
      <dd className="director-made">{children}</dd>
      {before !== null && <dd className="director-before num">{t('director.before', { value: before })}</dd>}
    </div>
  );
}
