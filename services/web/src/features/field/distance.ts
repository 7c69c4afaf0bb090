import type { TFunction } from 'i18next';
import type { Point } from '../../api/field-types.ts';

/** Metres; mean radius of the earth. */
const EARTH_M = 6_371_009;

/** Metres between two places, along the ground. */
export function distanceM(a: Point, b: Point): number {
  const rad = (degrees: number): number => (degrees * Math.PI) / 180;
  const h =
    Math.sin(rad(b.lat - a.lat) / 2) ** 2 +
    Math.cos(rad(a.lat)) * Math.cos(rad(b.lat)) * Math.sin(rad(b.lon - a.lon) / 2) ** 2;
  return 2 * EARTH_M * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** As one says it: 80 m, 1.2 km. */
export function distanceText(t: TFunction, metres: number): string {
  return metres < 950
    ? t('field.metres', { n: Math.max(10, Math.round(metres / 10) * 10) })
    : t('field.kilometres', { n: (metres / 1000).toFixed(1) });
}
