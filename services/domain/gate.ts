import type { Box } from './words.ts';

/** Luma thumbnails are 64 × 36 bytes, row by row. */
export const GATE_WIDTH = 64;
export const GATE_HEIGHT = 36;
export const GATE_SIZE = GATE_WIDTH * GATE_HEIGHT;

/** A cell has changed when its brightness moved by more than this (of 255) after the mean change was taken out. */
const CELL_THRESHOLD = 14;
/** A look passes when at least this share of unmasked cells has changed: 6 of 2,304 cells, a head at 640 px wide. */
const SHARE_TO_PASS = 6 / GATE_SIZE;

export interface GateResult {
  /** `first`: nothing to compare with. `changed`: worth a look. `unchanged`: costs no inference. */
  verdict: 'first' | 'changed' | 'unchanged';
  /** Share 0..1 of unmasked cells that changed. */
  changedShare: number;
  /** True when no unmasked cell differs at all: a living sensor always has noise, so a long run of these is a frozen picture. */
  identical: boolean;
}

/** Cells to leave out (timestamps, clocks): 1 = masked. Areas are boxes in 0..1 of the picture; touched cells are masked whole. */
export function maskOf(areas: readonly Box[]): Uint8Array {
  const mask = new Uint8Array(GATE_SIZE);
  for (const [x1, y1, x2, y2] of areas) {
    const left = Math.max(0, Math.floor(x1 * GATE_WIDTH));
    const right = Math.min(GATE_WIDTH, Math.ceil(x2 * GATE_WIDTH));
    const top = Math.max(0, Math.floor(y1 * GATE_HEIGHT));
    const bottom = Math.min(GATE_HEIGHT, Math.ceil(y2 * GATE_HEIGHT));
    for (let y = top; y < bottom; y += 1)
      mask.fill(1, y * GATE_WIDTH + left, y * GATE_WIDTH + Math.max(left, right));
  }
  return mask;
}

/**
 * Motion gate: does the picture show anything new since the last one that was judged? The mean brightness change is
 * subtracted first, so that a lamp or auto-exposure alone wakes nobody, while a head that appears does.
 * @throws RangeError when a thumbnail or the mask has not `GATE_SIZE` bytes
 */
export function gate(previous: Uint8Array | undefined, current: Uint8Array, mask: Uint8Array): GateResult {
  if (
    current.length !== GATE_SIZE ||
    mask.length !== GATE_SIZE ||
    (previous && previous.length !== GATE_SIZE)
  ) {
    throw new RangeError(`luma thumbnails and masks have ${GATE_SIZE} bytes`);
  }
  if (previous === undefined) return { verdict: 'first', changedShare: 1, identical: false };
  let sum = 0;
  let cells = 0;
  let identical = true;
  for (let i = 0; i < GATE_SIZE; i += 1) {
    if (mask[i] === 1) continue;
    const difference = (current[i] ?? 0) - (previous[i] ?? 0);
    if (difference !== 0) identical = false;
    sum += difference;
    cells += 1;
  }
  if (cells === 0 || identical) return { verdict: 'unchanged', changedShare: 0, identical: cells > 0 };
  const mean = sum / cells;
  let changed = 0;
  for (let i = 0; i < GATE_SIZE; i += 1) {
    if (mask[i] === 1) continue;
    if (Math.abs((current[i] ?? 0) - (previous[i] ?? 0) - mean) > CELL_THRESHOLD) changed += 1;
  }
  const changedShare = changed / cells;
  return { verdict: changedShare >= SHARE_TO_PASS ? 'changed' : 'unchanged', changedShare, identical };
}
