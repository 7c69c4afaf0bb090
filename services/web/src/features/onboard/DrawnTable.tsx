import { useTranslation } from 'react-i18next';
import type { DrawnCamera } from '../../api/onboard-types.ts';

const COUNTS = ['privacyMasks', 'zoneAreas', 'regionsOfInterest', 'ignoreAreas', 'timestampAreas'] as const;
const KINDS = ['no_hat', 'no_mask', 'rodent'] as const;

/** What a file changes of masks, areas and limits, camera by camera. */
export function DrawnTable({ drawn, count }: { drawn: readonly DrawnCamera[]; count: number }) {
  const { t } = useTranslation();
  if (drawn.length === 0) return null;
  const columns = COUNTS.filter((name) => drawn.some((one) => one[name] !== null));
  const limits = (['minScores', 'minSizes'] as const).filter((name) =>
    drawn.some((one) => one[name] !== null),
  );
  const limitText = (values: Record<string, number> | null): string =>
    KINDS.flatMap((kind) => {
      const value = values?.[kind];
      return value === undefined ? [] : [`${t(`kind.${kind}`)} ${value}`];
    }).join('，');
  return (
    <div className="file-drawn">
      <table className="effect-table">
        <caption>{t('onboard.file.drawn.title')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('onboard.file.drawn.camera')}</th>
            {[...columns, ...limits].map((name) => (
              <th key={name} scope="col">
                {t(`onboard.file.drawn.${name}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {drawn.map((one) => (
            <tr key={one.camera}>
              <th scope="row">{one.camera}</th>
              {columns.map((name) => (
                <td key={name} className="num">
                  {one[name] ?? '—'}
                </td>
              ))}
              {limits.map((name) => (
                <td key={name}>{limitText(one[name]) || '—'}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {count > drawn.length && (
        <p className="onboard-hint">{t('onboard.file.drawn.some', { shown: drawn.length, count })}</p>
      )}
    </div>
  );
}
