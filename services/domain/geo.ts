/** Places on the ground, WGS 84 degrees. Pure. */

export interface GeoPoint {
  lat: number;
  lon: number;
}

/** Metres; mean radius of the earth (IUGG). */
const EARTH_M = 6_371_009;

/** Metres between two places, along the ground (haversine): right to 0.5 %, which no phone is. */
export function distanceM(a: GeoPoint, b: GeoPoint): number {
  const rad = (degrees: number): number => (degrees * Math.PI) / 180;
  const h =
    Math.sin(rad(b.lat - a.lat) / 2) ** 2 +
    Math.cos(rad(a.lat)) * Math.cos(rad(b.lat)) * Math.sin(rad(b.lon - a.lon) / 2) ** 2;
  return 2 * EARTH_M * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** What degrees a file was made in: as satellites have them (CGCS2000 too), or as Chinese map sites shift them. */
export const GEO_SYSTEMS = ['wgs84', 'gcj02'] as const;
export type GeoSystem = (typeof GEO_SYSTEMS)[number];

/** How a place came to be known. */
export const PLACE_HOWS = ['map', 'typed', 'device'] as const;
export type PlaceHow = (typeof PLACE_HOWS)[number];
