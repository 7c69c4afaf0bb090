/** Places as people type and read them. Pure. */

export interface Point {
  lat: number;
  lon: number;
}
export interface PlacedMerchant {
  id: string;
  code: string;
  name: string;
  address: string;
  place: Point | null;
  region: { code: string; name: string };
}
/** What is about to be saved. `gcj02`: typed as a map site shows it; the service converts it. */
export type Draft = { point: Point } & (
  | { how: 'map' }
  | { how: 'typed'; system: 'wgs84' | 'gcj02' }
  | { how: 'device'; accuracyM: number }
);

/** Five decimals: a metre. */
export function placeText({ lat, lon }: Point): string {
  return `${lat.toFixed(5)}, ${lon.toFixed(5)}`;
}

/**
 * Two numbers as map sites copy them, in either order: in China a longitude (73 to 136) is never a latitude (3 to 54). Elsewhere the
 * latitude comes first. Undefined: not two degrees.
 */
export function readPlace(text: string): Point | undefined {
  const [first, second, ...more] = text.split(/[\s,，;；]+/).filter((part) => part !== '');
  if (first === undefined || second === undefined || more.length > 0) return undefined;
  const [a, b] = [Number(first), Number(second)];
  if (!Number.isFinite(a) || !Number.isFinite(b)) return undefined;
  const [lat, lon] = Math.abs(a) > 60 && Math.abs(b) <= 60 ? [b, a] : [a, b];
  return Math.abs(lat) <= 90 && Math.abs(lon) <= 180 ? { lat, lon } : undefined;
}
