import { useTranslation } from 'react-i18next';
import { VIOLATION_KINDS } from '../../api/types.ts';
import { Bones } from '../../ui/Bones.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { useAsked } from './address.ts';
import { Count, rateText } from './numbers.tsx';
import type { Measure } from './types.ts';
import { useStatistics } from './use-statistics.ts';

/** How often the models were right, by what people said of their findings; duplicates were right, only told twice. */
export function ModelPrecision() {
  const { t } = useTranslation();
  const { from, to, region } = useAsked();
  const only = { source: 'model', person: 'true' } as const;
  const asked = useStatistics({ from, to, region, groupBy: 'kind', ...only });
  const items = asked.data?.items;
  return (
    <section className="director-part" aria-labelledby="director-precision">
      <h2 id="director-precision">{t('director.precision')}</h2>
      <p className="director-hint">{t('director.precisionHint')}</p>
      {items === undefined ? (
        asked.isError ? (
          <Failure what="statistics" error={asked.error} onRetry={() => void asked.refetch()} />
        ) : (
          <Bones lines={4} />
        )
      ) : (
        <div className="sheet director-scroll">
          <table className="table director-table">
            <thead>
              <tr>
                <th scope="col" className="director-name">
                  {t('tasks.kind')}
                </th>
                <th scope="col">{t('precision.title')}</th>
                <th scope="col">{t('director.measure.confirmed')}</th>
                <th scope="col">{t('director.measure.dismissed')}</th>
              </tr>
            </thead>
            <tbody>
              {VIOLATION_KINDS.map((kind) => {
                const counts = items.find(({ key }) => key === kind)?.counts;
                const confirmed = counts?.confirmed ?? 0;
                const dismissed = counts?.dismissed ?? 0;
                const judged = confirmed + dismissed;
                const name = t(`kind.${kind}`);
                const cell = (measure: Measure, value: number) => (
                  <Count
                    value={value}
                    label={`${name} ${t(`director.measure.${measure}`)}`}
                    behind={{ measure, from, to, region, groupBy: 'kind', key: kind, ...only, name }}
                  />
                );
                return (
                  <tr key={kind}>
                    <th scope="row" className="director-name">
                      {name}
                    </th>
                    <td className="num">
                      <b>{rateText(judged === 0 ? null : confirmed / judged)}</b>
                    </td>
                    <td>{cell('confirmed', confirmed)}</td>
                    <td>{cell('dismissed', dismissed)}</td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
