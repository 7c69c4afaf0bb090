import { useTranslation } from 'react-i18next';
import { type Band, type Figure, levelOf } from '../figures.ts';
import type { RegionRow } from './RegionList.tsx';

interface LegendProps {
  figure: Figure;
  bands: readonly Band[];
  rows: readonly RegionRow[];
}

/** What the hatches mean, and how many regions have each. */
export function Legend({ figure, bands, rows }: LegendProps) {
  const { t } = useTranslation();
  const levels = rows.map(({ item }) => (item === null ? null : levelOf(figure, bands, figure.of(item))));
  const count = (level: number | null): number => levels.filter((one) => one === level).length;
  const text = (part: number): string => `${Number((part * 100).toFixed(1))}%`;
  const range = ({ level, from, to }: Band): string => {
    if (figure.kind !== 'rate') return from >= to ? String(to) : `${from}–${to}`;
    if (level === 0) return figure.bad > figure.good ? text(from) : `≥ ${text(from)}`;
    return `${text(Math.min(from, to))}–${text(Math.max(from, to))}`;
  };
  return (
    <ul className="map-legend" aria-label={t('map.legend')}>
      {bands.map((band) => (
        <li key={band.level}>
          <Swatch fill={`url(#map-level-${band.level})`} />
          {range(band)}
          {band.level === 0 && figure.kind === 'rate' && ` ${t('map.onTarget')}`}
          <span className="map-regions">{t('map.regions', { count: count(band.level) })}</span>
        </li>
      ))}
      {count(null) > 0 && (
        <li>
          <Swatch fill="transparent" dashed />
          {t('map.noData')}
          <span className="map-regions">{t('map.regions', { count: count(null) })}</span>
        </li>
      )}
    </ul>
  );
}

function Swatch({ fill, dashed = false }: { fill: string; dashed?: boolean }) {
  return (
    <svg className="map-swatch" viewBox="0 0 26 16" aria-hidden="true">
      <rect
        x={0.5}
        y={0.5}
        width={25}
        height={15}
        fill={fill}
        className="region-shape"
        strokeDasharray={dashed ? '4 3' : undefined}
      />
    </svg>
  );
}
