import { useTranslation } from 'react-i18next';
import { Link } from '../../../ui/Link.tsx';
import type { MapScene } from '../../../ui/map/MapFrame.tsx';
import type { Projection } from '../../../ui/map/outline.ts';
import { addressOf, useAsked } from '../address.ts';
import type { Item } from '../types.ts';
import type { Dot } from './use-places.ts';

/** Dots in the frame at most: more would hide each other, and the regions below. */
export const MOST_DOTS = 300;

export function inFrame(dots: readonly Dot[], projection: Projection, { shown }: MapScene) {
  return dots.flatMap((dot) => {
    const at = projection.toPoint(dot.lon, dot.lat);
    const inside = at.x >= shown.west && at.x <= shown.east && at.y >= shown.north && at.y <= shown.south;
    return inside ? [{ ...dot, ...at }] : [];
  });
}

interface PlaceDotsProps {
  dots: readonly (Dot & { x: number; y: number })[];
  /** Figures by merchant. */
  figures: ReadonlyMap<string, Item>;
  k: number;
}

/** Where violations were confirmed: a dot a merchant, its area by their number; each opens its list. Calm ones lie below. */
export function PlaceDots({ dots, figures, k }: PlaceDotsProps) {
  const { t } = useTranslation();
  const { from, to, region } = useAsked();
  const counted = dots.map((dot) => {
    const { confirmed = 0, overdue = 0 } = figures.get(dot.id)?.counts ?? {};
    return { ...dot, confirmed, overdue };
  });
  return (
    <>
      {counted.map(
        ({ id, name, x, y, confirmed }) =>
          confirmed === 0 && (
            <circle key={id} cx={x} cy={y} r={3 / k} className="map-calm">
              <title>{name}</title>
            </circle>
          ),
      )}
      {counted
        .filter(({ confirmed }) => confirmed > 0)
        .sort((a, b) => b.confirmed - a.confirmed)
        .map(({ id, name, x, y, confirmed, overdue }) => {
          const label = t('director.mapDot', { name, confirmed, overdue });
          return (
            <Link
              key={id}
              to={addressOf({ measure: 'confirmed', from, to, region, groupBy: 'merchant', key: id, name })}
              aria-label={label}
              className="map-dot"
            >
              <title>{label}</title>
              <circle
                cx={x}
                cy={y}
                r={(4 + 3 * Math.sqrt(confirmed)) / k}
                className={overdue > 0 ? 'map-late' : 'map-found'}
              />
            </Link>
          );
        })}
    </>
  );
}
