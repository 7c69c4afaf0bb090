import { GATE_HEIGHT, GATE_SIZE, GATE_WIDTH } from './gate.ts';

/** Clocks stand at the upper or lower edge, within this many rows of the thumbnail (a sixth of the height)… */
const EDGE_ROWS = 6;
/** …are at most so many rows high (a line of text, cut by a border of cells)… */
const CLOCK_ROWS = 4;
/** …and at most so many columns wide. */
const CLOCK_COLUMNS = Math.ceil(GATE_WIDTH * 0.5);

/**
 * Whether the picture stands still: no unmasked cell differs at all, or only cells of one line of text at the edge do: a
 * clock that goes on ticking over a frozen picture, also where nobody has marked its place. A living sensor has noise all over.
 * @param mask 1 = left out
 */
export function standsStill(previous: Uint8Array, current: Uint8Array, mask: Uint8Array): boolean {
  let [left, right, top, bottom] = [GATE_WIDTH, -1, GATE_HEIGHT, -1];
  let cells = 0;
  for (let i = 0; i < GATE_SIZE; i += 1) {
    if (mask[i] === 1) continue;
    cells += 1;
    if (previous[i] === current[i]) continue;
    const x = i % GATE_WIDTH;
    const y = Math.floor(i / GATE_WIDTH);
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  if (cells === 0) return false;
  if (right < 0) return true;
  const atEdge = bottom < EDGE_ROWS || top >= GATE_HEIGHT - EDGE_ROWS;
  return atEdge && bottom - top < CLOCK_ROWS && right - left < CLOCK_COLUMNS;
}
