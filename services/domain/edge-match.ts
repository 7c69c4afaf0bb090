import { SMALL_HEIGHT, SMALL_WIDTH, TILES, TILES_X, TILES_Y } from './picture-profile.ts';

const TILE = SMALL_WIDTH / TILES_X;
/** Mean square of a tile's gradient from which on it shows an edge. */
export const EDGE = 40;
/** A tile matches when its gradients and those of the reference agree by this much (cosine, -1..1). */
const MATCH = 0.5;
/** Movement in pixels of 160 × 90 that is none: vibration, a wall that gives in the heat; 2 % of the width. */
const TOLERANCE = 3;
/** Fewer tiles with edges than this say nothing. */
const FEWEST_TILES = 8;

export interface EdgeMatch {
  /** Share 0..1 of the reference's tiles with edges that are still where they were; undefined: too few edges to tell. */
  share: number | undefined;
  /** Tiles of the picture that show edges, 0..1. */
  edges: number;
}

interface Gradients {
  dx: Int16Array;
  dy: Int16Array;
}

/**
 * How much of the reference's edges the picture still shows in the same place. Directions of edges are compared, tile by
 * tile, so that light, exposure and people in front of some tiles change little.
 * @param picture and reference: 160 × 90 luma
 */
export function matchEdges(picture: Uint8Array, reference: Uint8Array): EdgeMatch {
  const mine = gradientsOf(picture);
  const theirs = gradientsOf(reference);
  const energy = energyOf(theirs);
  const edged = [...energy.keys()].filter((tile) => (energy[tile] ?? 0) > EDGE);
  const edges = energyOf(mine).filter((one) => one > EDGE).length / TILES;
  if (edged.length < FEWEST_TILES) return { share: undefined, edges };
  let best = 0;
  for (const [sx, sy] of SHIFTS) {
    const matching = edged.filter((tile) => agreement(mine, theirs, tile, sx, sy) >= MATCH).length;
    best = Math.max(best, matching / edged.length);
    // Where it was: no need to search.
    if (best > 0.6) break;
  }
  return { share: best, edges };
}

/** Mean square gradient of each tile of 160 × 90 luma: how strong its edges are, blurred or not. */
export function edgeEnergy(luma: Uint8Array): Float32Array {
  return energyOf(gradientsOf(luma));
}

/** Nearest first. */
const SHIFTS: readonly (readonly [number, number])[] = Array.from(
  { length: (2 * TOLERANCE + 1) ** 2 },
  (_, i) => [(i % (2 * TOLERANCE + 1)) - TOLERANCE, Math.floor(i / (2 * TOLERANCE + 1)) - TOLERANCE] as const,
).sort((a, b) => a[0] ** 2 + a[1] ** 2 - (b[0] ** 2 + b[1] ** 2));

/** Sobel's operator: it smooths across the edge, so that noise has little say. */
function gradientsOf(luma: Uint8Array): Gradients {
  const w = SMALL_WIDTH;
  const dx = new Int16Array(luma.length);
  const dy = new Int16Array(luma.length);
  for (let y = 1; y < SMALL_HEIGHT - 1; y += 1) {
    for (let x = 1; x < w - 1; x += 1) {
      const at = y * w + x;
      const [a, b, c] = [luma[at - w - 1] ?? 0, luma[at - w] ?? 0, luma[at - w + 1] ?? 0];
      const [d, e] = [luma[at - 1] ?? 0, luma[at + 1] ?? 0];
      const [f, g, h] = [luma[at + w - 1] ?? 0, luma[at + w] ?? 0, luma[at + w + 1] ?? 0];
      dx[at] = (c + 2 * e + h - a - 2 * d - f) / 4;
      dy[at] = (f + 2 * g + h - a - 2 * b - c) / 4;
    }
  }
  return { dx, dy };
}

function energyOf({ dx, dy }: Gradients): Float32Array {
  const energy = new Float32Array(TILES);
  for (let tile = 0; tile < TILES; tile += 1) {
    const [left, top] = cornerOf(tile);
    let sum = 0;
    for (let y = top; y < top + TILE; y += 1) {
      for (let at = y * SMALL_WIDTH + left; at < y * SMALL_WIDTH + left + TILE; at += 1) {
        sum += (dx[at] ?? 0) ** 2 + (dy[at] ?? 0) ** 2;
      }
    }
    energy[tile] = sum / (TILE * TILE);
  }
  return energy;
}

function cornerOf(tile: number): [number, number] {
  return [(tile % TILES_X) * TILE, (Math.floor(tile / TILES_X) % TILES_Y) * TILE];
}

/** Cosine between the gradients of a tile of the reference and those of the picture, moved by (sx, sy) pixels. */
function agreement(mine: Gradients, theirs: Gradients, tile: number, sx: number, sy: number): number {
  const [left, top] = cornerOf(tile);
  let dot = 0;
  let a = 0;
  let b = 0;
  for (let y = Math.max(top, -sy); y < Math.min(top + TILE, SMALL_HEIGHT - sy); y += 1) {
    for (let x = Math.max(left, -sx); x < Math.min(left + TILE, SMALL_WIDTH - sx); x += 1) {
      const there = y * SMALL_WIDTH + x;
      const here = there + sy * SMALL_WIDTH + sx;
      const [tx, ty] = [theirs.dx[there] ?? 0, theirs.dy[there] ?? 0];
      const [mx, my] = [mine.dx[here] ?? 0, mine.dy[here] ?? 0];
      dot += tx * mx + ty * my;
      a += tx * tx + ty * ty;
      b += mx * mx + my * my;
    }
  }
  return a > 0 && b > 0 ? dot / Math.sqrt(a * b) : 0;
}
