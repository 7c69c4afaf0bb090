import { useTranslation } from 'react-i18next';
import { Link } from '../../ui/Link.tsx';
import { type Behind, drilled, show, useAsked } from './address.ts';
import { FIGURES, heat } from './figures.ts';
import { Count, Hours, hoursText, Ratio, rateText } from './numbers.tsx';
import { type Item, type Measure, RANKED_BY, type Statistics } from './types.ts';

/** All figures in one heat table, in which small towns are as large as big ones. */
export function Ranking({ answer }: { answer: Statistics }) {
  const { t } = useTranslation();
  const { by, sort, order } = useAsked();
  return (
    <section className="director-part" aria-labelledby="director-ranking">
      <div className="director-head">
        <h2 id="director-ranking">{t('director.ranking')}</h2>
        <fieldset className="chips" aria-label={t('director.rankedBy')}>
          {RANKED_BY.map((one) => (
            <button
              key={one}
              type="button"
              className="chip"
              aria-pressed={one === by}
              onClick={() => show({ by: one })}
            >
              {t(`director.by.${one}`)}
            </button>
          ))}
        </fieldset>
      </div>
      <p className="director-hint">{t('director.rankingHint')}</p>
      <div className="sheet director-scroll">
        <table className="table director-table">
          <thead>
            <tr>
              <th scope="col">{t('director.rank')}</th>
              <th scope="col" className="director-name">
                {t(`director.by.${by}`)}
              </th>
              {FIGURES.map(({ sort: column, worst }) => {
                const sorted = sort === column;
                const next = sorted ? (order === 'asc' ? 'desc' : 'asc') : worst;
                return (
                  <th
                    key={column}
                    scope="col"
                    aria-sort={sorted ? (order === 'asc' ? 'ascending' : 'descending') : undefined}
                  >
                    <button type="button" onClick={() => show({ sort: column, order: next })}>
                      {t(`director.column.${column}`)}
                      <span aria-hidden>{sorted ? (order === 'asc' ? ' ↑' : ' ↓') : ''}</span>
                    </button>
                  </th>
                );
              })}
            </tr>
          </thead>
          <tbody>
            {answer.items.map((item) => (
              <Row key={item.key} item={item} />
            ))}
          </tbody>
        </table>
      </div>
      {answer.groups > answer.items.length && (
        <p className="director-hint">
          {t('director.first', { shown: answer.items.length, groups: answer.groups })}
        </p>
      )}
    </section>
  );
}

function Row({ item }: { item: Item }) {
  const { t } = useTranslation();
  const { from, to, region, by } = useAsked();
  const { counts, rates, coverage } = item;
  const name = item.name ?? (by === 'level' ? t('director.level', { level: item.key }) : item.key);
  const behind = (measure: Behind['measure']): Behind => ({
    measure,
    from,
    to,
    region,
    groupBy: by,
    key: item.key,
    name,
  });
  const count = (measure: Measure) => ({
    value: counts[measure],
    behind: behind(measure),
    label: `${name} ${t(`director.measure.${measure}`)}`,
  });
  const drills = by === 'region' && item.code !== null && item.code !== region;
  return (
    <tr>
      <td className="num">{item.rank}</td>
      <th scope="row" className="director-name">
        {drills ? (
          <Link to={drilled(item.code ?? '')} title={t('director.drill')}>
            {name}
          </Link>
        ) : (
          name
        )}
      </th>
      <td>
        <Count {...count('confirmed')} />
      </td>
      <td className={counts.overdue > 0 ? 'director-warm' : undefined}>
        <Count {...count('overdue')} />
      </td>
      <Rate value={rates.rectification} heat={heat(rates.rectification, 1, 0.6)}>
        <Ratio part={count('rectified')} of={count('due')} />
      </Rate>
      <Rate value={rates.onTime} heat={heat(rates.onTime, 0.95, 0.5)}>
        <Ratio part={count('onTime')} of={count('due')} />
      </Rate>
      <Rate value={rates.recurrence} heat={heat(rates.recurrence, 0, 0.3)}>
        <Ratio part={count('recurred')} of={count('watched')} />
      </Rate>
      <td>
        <b className="num">{hoursText(item.medianHoursToClose)}</b>
        <span className="director-made">
          {t('director.measure.closed')} <Count {...count('closed')} />
        </span>
      </td>
      <Rate value={coverage.observed} heat={heat(coverage.observed, 0.95, 0.6)}>
        <Hours
          observed={coverage.observedHours}
          behind={behind('cameras')}
          label={`${name} ${t('director.observedHours')}`}
        />{' '}
        {t('director.ofHours', { hours: Math.round(coverage.owedHours).toLocaleString('en') })}
      </Rate>
      <Rate value={coverage.online} heat={heat(coverage.online, 0.98, 0.7)}>
        {t('director.camerasName')}{' '}
        <Count
          value={coverage.cameras}
          behind={behind('cameras')}
          label={`${name} ${t('director.camerasName')}`}
        />
      </Rate>
    </tr>
  );
}

interface RateProps {
  value: number | null;
  heat: number;
  children: React.ReactNode;
}

function Rate({ value, heat: warmth, children }: RateProps) {
  return (
    <td style={{ background: `color-mix(in srgb, var(--bad) ${Math.round(warmth * 22)}%, transparent)` }}>
      <b className="num">{rateText(value)}</b>
      <span className="director-made">{children}</span>
    </td>
  );
}
