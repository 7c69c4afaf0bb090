/** Outlines of regions on the plane of a screen. Degrees WGS 84, longitude first, as GeoJSON has them. Pure. */
export type Outline = readonly (readonly (readonly (readonly number[])[])[])[];

export interface Point {
  x: number;
  y: number;
}
/** Degrees. */
export interface Edges {
  west: number;
  south: number;
  east: number;
  north: number;
}
/** Degrees ↔ pixels of a frame, north up; a degree of longitude is shorter than one of latitude by the cosine. */
export interface Projection {
  toPoint(lon: number, lat: number): Point;
  toDegrees(point: Point): { lon: number; lat: number };
}

/** Degrees around a single place: some 500 m. */
const LEAST = 0.005;

export function edgesOf(
  outlines: readonly Outline[],
  places: readonly { lon: number; lat: number }[],
): Edges | null {
  const edges: Edges = { west: 180, south: 90, east: -180, north: -90 };
  const take = (lon: number, lat: number): void => {
    edges.west = Math.min(edges.west, lon);
    edges.south = Math.min(edges.south, lat);
    edges.east = Math.max(edges.east, lon);
    edges.north = Math.max(edges.north, lat);
  };
  for (const [lon = 0, lat = 0] of outlines.flat(3)) take(lon, lat);
  for (const { lon, lat } of places) take(lon, lat);
  return edges.east < edges.west ? null : edges;
}

export function projectionOf(
  edges: Edges,
  size: { width: number; height: number },
  margin: number,
): Projection {
  const { west, south, east, north } = edges;
  const [midLon, midLat] = [(west + east) / 2, (south + north) / 2];
  const squeeze = Math.cos((midLat * Math.PI) / 180);
  const scale = Math.min(
    (size.width - margin * 2) / Math.max((east - west) * squeeze, LEAST),
    (size.height - margin * 2) / Math.max(north - south, LEAST),
  );
  return {
    toPoint: (lon, lat) => ({
      x: size.width / 2 + (lon - midLon) * squeeze * scale,
      y: size.height / 2 - (lat - midLat) * scale,
    }),
    toDegrees: ({ x, y }) => ({
      lon: midLon + (x - size.width / 2) / (squeeze * scale),
      lat: midLat - (y - size.height / 2) / scale,
    }),
  };
}

export function pathOf(outline: Outline, projection: Projection): string {
  return outline
    .flat()
    .map((ring) => {
      const points = ring.slice(0, -1).map(([lon = 0, lat = 0]) => projection.toPoint(lon, lat));
      return `M${points.map(({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`).join('L')}Z`;
    })
    .join('');
}

type PlainRing = readonly (readonly number[])[];

/** Twice the area; the sign says which way round. */
function turned(ring: PlainRing): { twice: number; lon: number; lat: number } {
  let [twice, lon, lat] = [0, 0, 0];
  for (let i = 0; i + 1 < ring.length; i++) {
    const [[x0 = 0, y0 = 0] = [], [x1 = 0, y1 = 0] = []] = [ring[i], ring[i + 1]];
    const cross = x0 * y1 - x1 * y0;
    twice += cross;
    lon += (x0 + x1) * cross;
    lat += (y0 + y1) * cross;
  }
  return { twice, lon, lat };
}

/** Where the name goes, and how wide it may be: the middle of the largest part. */
export function labelOf(outline: Outline, projection: Projection): Point & { width: number } {
  let best: PlainRing = [];
  for (const [outer = []] of outline)
    if (Math.abs(turned(outer).twice) > Math.abs(turned(best).twice)) best = outer;
  const { twice, lon, lat } = turned(best);
  const edges = edgesOf([[[best]]], []) ?? { west: 0, south: 0, east: 0, north: 0 };
  const middle =
    twice === 0
      ? projection.toPoint((edges.west + edges.east) / 2, (edges.south + edges.north) / 2)
      : projection.toPoint(lon / (3 * twice), lat / (3 * twice));
  const width = projection.toPoint(edges.east, edges.south).x - projection.toPoint(edges.west, edges.south).x;
  return { ...middle, width };
}

/** Whether a place lies inside (even-odd, so that holes are outside). */
export function contains(outline: Outline, { lon, lat }: { lon: number; lat: number }): boolean {
  let inside = false;
  for (const ring of outline.flat()) {
    for (let i = 0; i + 1 < ring.length; i++) {
      const [[x0 = 0, y0 = 0] = [], [x1 = 0, y1 = 0] = []] = [ring[i], ring[i + 1]];
      if (y0 > lat !== y1 > lat && lon < ((x1 - x0) * (lat - y0)) / (y1 - y0) + x0) inside = !inside;
    }
  }
  return inside;
}
