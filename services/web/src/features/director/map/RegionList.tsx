import { useTranslation } from 'react-i18next';
import { Link } from '../../../ui/Link.tsx';
import { type Behind, drilled, useAsked } from '../address.ts';
import { type Band, type Figure, levelOf } from '../figures.ts';
import { Count, figureText, Hours, Ratio } from '../numbers.tsx';
import type { Item, Measure } from '../types.ts';

export interface RegionRow {
  region: { id: string; code: string; name: string };
  /** null: nothing was counted there. */
  item: Item | null;
  /** The asked region itself, for what lies in none of those below. */
  itself: boolean;
}

interface RegionListProps {
  figure: Figure;
  bands: readonly Band[];
  rows: readonly RegionRow[];
  hovered: string | undefined;
  onHover: (code: string | undefined) => void;
}

/** What the map shows, in words: the worst first; names go one level down, numbers open their list. */
export function RegionList({ figure, bands, rows, hovered, onHover }: RegionListProps) {
  const { t } = useTranslation();
  const numberOf = ({ item }: RegionRow): number | null => (item === null ? null : figure.of(item));
  const sign = figure.worst === 'desc' ? -1 : 1;
  const sorted = rows.toSorted((a, b) => {
    const [x, y] = [numberOf(a), numberOf(b)];
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    return sign * (x - y) || a.region.code.localeCompare(b.region.code);
  });
  if (rows.length === 0) return <p className="director-none">{t('map.lowest')}</p>;
  return (
    <ol className="sheet map-list" aria-label={t('map.list', { what: t(`director.column.${figure.sort}`) })}>
      {sorted.map((row) => {
        const { region, itself } = row;
        const level = levelOf(figure, bands, numberOf(row));
        return (
          <li
            key={region.code}
            className={region.code === hovered ? 'map-row map-row-hovered' : 'map-row'}
            onPointerEnter={() => onHover(region.code)}
            onPointerLeave={() => onHover(undefined)}
          >
            <span className="map-row-name">
              {itself ? (
                t('map.itself', { name: region.name })
              ) : (
                <Link to={drilled(region.code)}>{region.name}</Link>
              )}
            </span>
            <span className={`map-level-bar map-level-${level ?? 0}`} aria-hidden="true" />
            <Value figure={figure} row={row} />
          </li>
        );
      })}
    </ol>
  );
}

function Value({ figure, row: { region, item } }: { figure: Figure; row: RegionRow }) {
  const { t } = useTranslation();
  const { from, to, region: asked } = useAsked();
  const text = figureText(figure, item);
  if (item === null) return <span className="map-value num">{text}</span>;
  const behind = (measure: Behind['measure']): Behind => ({
    measure,
    from,
    to,
    region: asked,
    groupBy: 'region',
    key: item.key,
    name: region.name,
  });
  const count = (measure: Measure) => ({
    value: item.counts[measure],
    behind: behind(measure),
    label: `${region.name} ${t(`director.measure.${measure}`)}`,
  });
  if (figure.kind === 'count')
    return (
      <b className="map-value num">
        <Count {...count(figure.sort)} />
      </b>
    );
  return (
    <span className="map-value">
      <b className="num">{text}</b>
      <span className="director-made">
        {figure.kind === 'hours' ? (
          <>
            {t('director.measure.closed')} <Count {...count('closed')} />
          </>
        ) : figure.made === null ? (
          <>
            <Hours
              observed={item.coverage.observedHours}
              behind={behind('cameras')}
              label={`${region.name} ${t('director.observedHours')}`}
            />{' '}
            {t('director.ofHours', { hours: Math.round(item.coverage.owedHours).toLocaleString('en') })}
          </>
        ) : (
          <Ratio part={count(figure.made[0])} of={count(figure.made[1])} />
        )}
      </span>
    </span>
  );
}
