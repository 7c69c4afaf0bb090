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
