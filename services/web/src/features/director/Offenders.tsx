import { useTranslation } from 'react-i18next';
import { Bones } from '../../ui/Bones.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Link } from '../../ui/Link.tsx';
import { useAsked } from './address.ts';
import { Count } from './numbers.tsx';
import type { Measure } from './types.ts';
import { useStatistics } from './use-statistics.ts';

const SHOWN = 10;
/** Confirmed so often in one period, a merchant is a repeat offender. */
const REPEATED = 2;
const COLUMNS = [
  'confirmed',
  'overdue',
  'returned',
  'escalated',
  'recurred',
] as const satisfies readonly Measure[];

/** Merchants with two or more confirmed violations in the period, most first. */
export function Offenders() {
  const { t } = useTranslation();
  const { from, to, region } = useAsked();
  const asked = useStatistics({ from, to, region, groupBy: 'merchant', sort: 'confirmed', limit: SHOWN });
  const again = asked.data?.items.filter(({ counts }) => counts.confirmed >= REPEATED);
  return (
    <section className="director-part" aria-labelledby="director-offenders">
      <h2 id="director-offenders">{t('director.offenders')}</h2>
      <p className="director-hint">{t('director.offendersHint', { count: SHOWN })}</p>
      {again === undefined ? (
        asked.isError ? (
          <Failure what="statistics" error={asked.error} onRetry={() => void asked.refetch()} />
        ) : (
          <Bones lines={6} />
        )
      ) : again.length === 0 ? (
        <p className="director-none">{t('director.noOffenders')}</p>
      ) : (
        <div className="sheet director-scroll">
          <table className="table director-table">
            <thead>
              <tr>
                <th scope="col" className="director-name">
                  {t('tasks.merchant')}
                </th>
                {COLUMNS.map((measure) => (
                  <th key={measure} scope="col">
                    {t(`director.measure.${measure}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {again.map(({ key, code, name, counts }) => (
                <tr key={key}>
                  <th scope="row" className="director-name">
                    {code === null ? (
                      (name ?? key)
                    ) : (
                      <Link to={`/registry/merchants/${code}`}>{name ?? code}</Link>
                    )}
                  </th>
                  {COLUMNS.map((measure) => (
                    <td key={measure}>
                      <Count
                        value={counts[measure]}
                        label={`${name ?? key} ${t(`director.measure.${measure}`)}`}
                        behind={{ measure, from, to, region, groupBy: 'merchant', key, name: name ?? key }}
                      />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
