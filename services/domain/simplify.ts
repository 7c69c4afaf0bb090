/**
 * Fewer points in outlines, by the areas of the triangles that points make with their neighbours (Visvalingam and Whyatt, 1993). Borders
 * are cut where three outlines meet and each piece is thinned out by itself, in one direction: neighbours that share a border share it
 * afterwards, without gaps. Pure; at most n log n.
 */
import type { Polygons, Position, Ring } from './boundary.ts';

/** Points a region keeps at most, and a file: a screen shows no more. */
export const MOST_OF_ONE = 1000;
export const MOST_OF_ALL = 60_000;
/** Square metres that nobody sees on a map of a town. */
const SMALLEST_M2 = 50;
/** Points that the largest ring of a small region keeps at least. */
const FEWEST = 8;
/** Degrees are kept to 5 decimals: a metre. */
const GRID = 1e5;
const METRES = 111_195;

/** A point on the grid and what its triangle measures, m²; Infinity: where outlines meet. */
interface Weighed {
  x: number;
  y: number;
  weight: number;
}
type Weights = Weighed[];

/** @returns the same outlines with fewer points, in the given order; coordinates have 5 decimals */
export function simplify(outlines: readonly Polygons[]): Polygons[] {
  const gridded = outlines.map((polygons) => polygons.map((rings) => rings.map(onGrid)));
  const meets = meetingPoints(gridded.flat(2));
  const weighed = gridded.map((polygons) => polygons.map((rings) => rings.map((ring) => weigh(ring, meets))));
  const least = threshold(weighed.map((polygons) => polygons.flat(2)));
  return weighed.map((polygons) => thinned(polygons, least));
}

/** Open, without positions that fall onto the one before. */
function onGrid(ring: Ring): Weights {
  const points: Weights = [];
  for (const [lon, lat] of ring) {
    const point = { x: Math.round(lon * GRID), y: Math.round(lat * GRID), weight: Infinity };
    const before = points.at(-1);
    if (before === undefined || before.x !== point.x || before.y !== point.y) points.push(point);
  }
  const [first] = points;
  const last = points.at(-1);
  if (points.length > 1 && first?.x === last?.x && first?.y === last?.y) points.pop();
  return points;
}

const keyOf = ({ x, y }: Weighed): number => (x + 180 * GRID) * 361 * GRID + (y + 90 * GRID);

/** Points with more than two different neighbours: where borders part. */
function meetingPoints(rings: readonly Weights[]): ReadonlySet<number> {
  const neighbours = new Map<number, [number, number]>();
  const meets = new Set<number>();
  for (const ring of rings) {
    for (const [i, point] of ring.entries()) {
      const key = keyOf(point);
      const around = [ring.at(i - 1) ?? point, ring[(i + 1) % ring.length] ?? point].map(keyOf) as [
        number,
        number,
      ];
      const known = neighbours.get(key);
      if (known === undefined) neighbours.set(key, around);
      else if (around.some((one) => !known.includes(one))) meets.add(key);
    }
  }
  return meets;
}

/** The ring begun where borders meet, or at its smallest point, with what each point weighs. */
function weigh(ring: Weights, meets: ReadonlySet<number>): Weights {
  if (ring.length < 4) return ring;
  const keys = ring.map(keyOf);
  let start = keys.findIndex((key) => meets.has(key));
  if (start === -1) start = keys.indexOf(keys.reduce((a, b) => Math.min(a, b)));
  const turned = [...ring.slice(start), ...ring.slice(0, start)];
  const [first] = turned;
  if (first === undefined) return ring;
  const closed = [...turned, { ...first }];
  let from = 0;
  for (let i = 1; i < closed.length; i++) {
    const point = closed[i];
    if (point === undefined || (i < closed.length - 1 && !meets.has(keyOf(point)))) continue;
    weighPiece(closed.slice(from, i + 1));
    from = i;
  }
  return closed.slice(0, -1);
}

/** Sets the weights of the points between the ends, the same whichever way round the piece is given. */
function weighPiece(piece: Weights): void {
  const forward = (i: number): number => {
    const [a, b] = [piece[i], piece.at(-1 - i)];
    return a === undefined || b === undefined ? 0 : keyOf(a) - keyOf(b);
  };
  let way = 0;
  for (let i = 0; way === 0 && i < piece.length; i++) way = forward(i);
  const points = way > 0 ? [...piece].reverse() : piece;
  const before = points.map((_, i) => i - 1);
  const after = points.map((_, i) => i + 1);
  const heap = createHeap();
  const measure = (i: number): number => {
    const [a, b, c] = [points[before[i] ?? -1], points[i], points[after[i] ?? -1]];
    return a === undefined || b === undefined || c === undefined ? Infinity : triangleM2(a, b, c);
  };
  const now = points.map((_, i) => (i === 0 || i === points.length - 1 ? Infinity : measure(i)));
  for (let i = 1; i < points.length - 1; i++) heap.push(now[i] ?? 0, i);
  let least = 0;
  for (let top = heap.pop(); top !== undefined; top = heap.pop()) {
    const point = points[top.index];
    // An older measure of a point that was measured again since.
    if (point === undefined || now[top.index] !== top.value || point.weight !== Infinity) continue;
    // What goes later never weighs less: else a point would stay that hangs on one that went.
    least = Math.max(least, top.value);
    point.weight = least;
    const [left, right] = [before[top.index] ?? 0, after[top.index] ?? 0];
    after[left] = right;
    before[right] = left;
    for (const side of [left, right]) {
      if (side === 0 || side === points.length - 1) continue;
      const value = measure(side);
      now[side] = value;
      heap.push(value, side);
    }
  }
}

function triangleM2(a: Weighed, b: Weighed, c: Weighed): number {
  const squeeze = Math.cos((b.y / GRID / 180) * Math.PI);
  const twice = (b.x - a.x) * (c.y - a.y) - (c.x - a.x) * (b.y - a.y);
  return (Math.abs(twice) / 2) * squeeze * (METRES / GRID) ** 2;
}

interface Heap {
  push(value: number, index: number): void;
  /** The smallest value; of equal ones the first index. */
  pop(): { value: number; index: number } | undefined;
}

function createHeap(): Heap {
  const items: { value: number; index: number }[] = [];
  const less = (a: number, b: number): boolean => {
    const [x, y] = [items[a], items[b]];
    if (x === undefined || y === undefined) return false;
    return x.value < y.value || (x.value === y.value && x.index < y.index);
  };
  const swap = (a: number, b: number): void => {
    const [x, y] = [items[a], items[b]];
    if (x === undefined || y === undefined) return;
    items[a] = y;
    items[b] = x;
  };
  return {
    push(value, index) {
      items.push({ value, index });
      for (let i = items.length - 1; i > 0; ) {
        const parent = (i - 1) >> 1;
        if (!less(i, parent)) break;
        swap(i, parent);
        i = parent;
      }
    },
    pop() {
      const [top] = items;
      const last = items.pop();
      if (top === undefined || last === undefined || items.length === 0) return top;
      items[0] = last;
      for (let i = 0; ; ) {
        let smallest = i;
        for (const child of [2 * i + 1, 2 * i + 2])
          if (child < items.length && less(child, smallest)) smallest = child;
        if (smallest === i) return top;
        swap(i, smallest);
        i = smallest;
      }
    },
  };
}

/** The weight from which on points stay, so that no region and not all together have too many. */
function threshold(outlines: readonly Weights[]): number {
  let least = SMALLEST_M2;
  const limit = (points: readonly Weighed[], most: number): void => {
    if (points.length <= most) return;
    const weights = points.map(({ weight }) => weight).sort((a, b) => b - a);
    const [last, next] = [weights[most - 1] ?? 0, weights[most] ?? 0];
    // Just above the first that must go.
    if (next !== Infinity) least = Math.max(least, last > next ? last : next * (1 + 1e-9));
  };
  for (const points of outlines) limit(points, MOST_OF_ONE);
  limit(outlines.flat(), MOST_OF_ALL);
  return least;
}

function thinned(polygons: readonly Weights[][], least: number): Polygons {
  const largest = polygons.reduce<Weights>(
    (best, [outer = []]) => (areaOf(outer) > areaOf(best) ? outer : best),
    [],
  );
  const kept: Polygons = [];
  for (const [outer = [], ...holes] of polygons) {
    let rest = heavy(outer, least);
    if (rest.length < 3) {
      // An island too small to be seen goes; the region itself stays.
      if (outer !== largest) continue;
      const weights = outer.map(({ weight }) => weight).sort((a, b) => b - a);
      rest = heavy(outer, weights[FEWEST - 1] ?? 0);
    }
    const rings = holes.map((hole) => heavy(hole, least)).filter((hole) => hole.length >= 3);
    kept.push([rest, ...rings].map(closedRing));
  }
  return kept;
}

const heavy = (ring: Weights, least: number): Weights => ring.filter(({ weight }) => weight >= least);

function areaOf(ring: Weights): number {
  return Math.abs(
    ring.reduce((sum, a, i) => {
      const b = ring[(i + 1) % ring.length] ?? a;
      return sum + (a.x * b.y - b.x * a.y);
    }, 0),
  );
}

function closedRing(ring: Weights): Ring {
  const positions = ring.map(({ x, y }): Position => [x / GRID, y / GRID]);
  const [first] = positions;
  return first === undefined ? positions : [...positions, [first[0], first[1]]];
}

export function pointsOf(polygons: Polygons): number {
  return polygons.flat().reduce((sum, ring) => sum + ring.length - 1, 0);
}
