import { useTranslation } from 'react-i18next';
import { useRegions } from '../../../api/use-regions.ts';
import type { FeatureResult } from './use-boundaries.ts';

/** Values of the choice that are no codes: codes hold neither. */
const SELF = '=';
const OUT = '-';

interface FeatureTableProps {
  features: readonly FeatureResult[];
  busy: boolean;
  /** undefined: as the file says; null: leave it out. */
  onAssign: (index: number, code: string | null | undefined) => void;
}

/** Each feature with the region that it is; where names differ, a person says which. Those without a region come first. */
export function FeatureTable({ features, busy, onAssign }: FeatureTableProps) {
  const { t } = useTranslation();
  const regions = useRegions();
  const sorted = features.toSorted(
    (a, b) => Number(a.region !== null) - Number(b.region !== null) || a.index - b.index,
  );
  return (
    <div className="boundary-scroll boundary-features">
      <table className="table" aria-busy={busy}>
        <thead>
          <tr>
            <th scope="col">{t('boundary.feature')}</th>
            <th scope="col">{t('settings.region')}</th>
            <th scope="col">{t('boundary.how')}</th>
            <th scope="col">{t('boundary.points')}</th>
          </tr>
        </thead>
        <tbody>
          {sorted.map(({ index, name, codes, region, by, why, points, pointsGiven, replaces }) => (
            <tr key={index}>
              <th scope="row">
                {name === '' ? t('boundary.nameless', { number: index + 1 }) : name}{' '}
                <span className="settings-quiet">{codes[0]}</span>
              </th>
              <td>
                <select
                  className="choice"
                  aria-label={t('boundary.which', { name: name === '' ? String(index + 1) : name })}
                  value={by === 'hand' ? (region?.code ?? SELF) : why === 'left_out' ? OUT : SELF}
                  disabled={busy}
                  onChange={({ target: { value } }) =>
                    onAssign(index, value === SELF ? undefined : value === OUT ? null : value)
                  }
                >
                  <option value={SELF}>
                    {by === 'hand' || region === null ? t('boundary.asFile') : region.name}
                  </option>
                  <option value={OUT}>{t('boundary.leaveOut')}</option>
                  {regions.map((one) => (
                    <option key={one.code} value={one.code}>
                      {'　'.repeat(one.path.split('.').length - 1)}
                      {one.name}
                    </option>
                  ))}
                </select>
              </td>
              <td>
                {by !== null ? (
                  <span className="tag tag-good">{t(`boundary.by.${by}`)}</span>
                ) : (
                  <span className={why === 'left_out' ? 'tag' : 'tag tag-warn'}>
                    {t(`boundary.why.${why ?? 'none'}`)}
                  </span>
                )}{' '}
                {replaces && <span className="tag">{t('boundary.replaces')}</span>}
              </td>
              <td className="num">
                {region === null
                  ? pointsGiven.toLocaleString('en')
                  : `${pointsGiven.toLocaleString('en')} → ${points.toLocaleString('en')}`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
