import { useTranslation } from 'react-i18next';
import { useRegionsQuery } from '../../api/use-regions.ts';
import { Bones } from '../../ui/Bones.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Link } from '../../ui/Link.tsx';
import { More } from '../../ui/More.tsx';
import { usePart } from '../../ui/use-part.ts';
import { drilled, useAsked } from './address.ts';
import { Count, NOTHING, rateText } from './numbers.tsx';
import { quartersOf } from './period.ts';
import { useSpanName } from './span-name.ts';
import type { Visits, VisitsOf } from './types.ts';
import { useVisits } from './use-statistics.ts';
import { VISITS_SAID } from './VisitsBehind.tsx';

/** Merchants that are shown at once of those still owed a visit. */
const OWED_STEP = 50;

/** 督导完成率: quarters are the law's period, so a month shows the quarter that it lies in. */
export function Cadres() {
  const { t } = useTranslation();
  const { from, to, region } = useAsked();
  const asked = useVisits(quartersOf(from, to), region);
  return (
    <section className="director-part" aria-labelledby="director-cadres">
      <h2 id="director-cadres">{t('director.cadres')}</h2>
      <p className="director-hint">{t('director.cadresHint')}</p>
      {asked.data === undefined ? (
        asked.isError ? (
          <Failure what="statistics" error={asked.error} onRetry={() => void asked.refetch()} />
        ) : (
          <Bones lines={4} />
        )
      ) : (
        asked.data.map((quarter) => <Quarter key={quarter.from} visits={quarter} />)
      )}
    </section>
  );
}

function Quarter({ visits }: { visits: Visits }) {
  const { t } = useTranslation();
  const spanName = useSpanName();
  const regions = useRegionsQuery();
  const nameOf = (code: string): string => regions.data?.find((one) => one.code === code)?.name ?? code;
  const name = spanName('quarter', visits.from);
  const rows = [
    { key: '', name, ...visits.totals },
    ...visits.items.map((item) => ({ ...item, name: nameOf(item.key) })),
  ];
  if (visits.totals.due === 0 && visits.totals.done === 0) {
    return (
      <p className="director-none">
        {t('director.noVisits', { quarter: name, unassigned: visits.totals.unassigned })}
      </p>
    );
  }
  return (
    <div className="sheet director-quarter">
      <div className="director-scroll">
        <table className="table director-table">
          <thead>
            <tr>
              <th scope="col" className="director-name">
                {t('director.by.town')}
              </th>
              <th scope="col">{t('director.visitRate')}</th>
              <th scope="col">{t('director.visitsCounted')}</th>
              <th scope="col">{t('director.visitsDone')}</th>
              <th scope="col">{t('director.merchants')}</th>
              <th scope="col">{t('director.unassigned')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.key} className={row.key === '' ? 'director-total' : undefined}>
                <th scope="row" className="director-name">
                  {row.key === '' ? row.name : <Link to={drilled(row.key)}>{row.name}</Link>}
                </th>
                <td className="num">
                  <b>{rateText(row.rate)}</b>
                </td>
                <td className="num">
                  <VisitCount value={row.counted} of="counted" row={row} visits={visits} /> /{' '}
                  <VisitCount value={row.due} of="due" row={row} visits={visits} />
                </td>
                <td>
                  <VisitCount value={row.done} of="done" row={row} visits={visits} />
                </td>
                <td>
                  <VisitCount value={row.merchants} of="all" row={row} visits={visits} />
                </td>
                <td>
                  <VisitCount value={row.unassigned} of="unassigned" row={row} visits={visits} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {visits.owed.length > 0 && (
        <details className="director-owed">
          <summary>{t('director.owed', { count: visits.owed.length })}</summary>
          <Owed owed={visits.owed} />
        </details>
      )}
    </div>
  );
}

function Owed({ owed }: { owed: Visits['owed'] }) {
  const { t } = useTranslation();
  const { items, list } = usePart(owed, OWED_STEP);
  return (
    <>
      <ul>
        {items.map(({ merchant, level, cadre, due, done }) => (
          <li key={merchant.id}>
            {merchant.name} · {t('director.level', { level })} · {cadre ?? NOTHING} ·{' '}
            <span className="num">
              {done} / {due}
            </span>
          </li>
        ))}
      </ul>
      <More list={list} />
    </>
  );
}

interface VisitCountProps {
  value: number;
  of: VisitsOf;
  /** `key`: code of the town; empty: of all. */
  row: { key: string; name: string };
  visits: Visits;
}

/** Opens the merchants that it counts. */
function VisitCount({ value, of, row: { key, name }, visits: { from, to } }: VisitCountProps) {
  const { t } = useTranslation();
  const { region } = useAsked();
  const town = key === '' ? undefined : key;
  const behind = { measure: 'visits', from, to, region, name, of, town } as const;
  return <Count value={value} behind={behind} label={`${name} ${t(VISITS_SAID[of])}`} />;
}
