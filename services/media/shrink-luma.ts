import { GATE_HEIGHT, GATE_SIZE, GATE_WIDTH } from '../domain/gate.ts';
import type { EighthLuma } from './jpeg-dc.ts';

/** The gate's thumbnail out of block means: each of its pixels is the mean of the area that it covers. */
export function thumbnailOfBlocks({ luma, stride, width, height }: EighthLuma): Uint8Array {
  const across = coveredBy(GATE_WIDTH, width);
  const downwards = coveredBy(GATE_HEIGHT, height);
  const wide = new Float64Array(GATE_WIDTH * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < GATE_WIDTH; x += 1) {
      let sum = 0;
      for (const { at, share } of across[x] ?? []) sum += share * (luma[y * stride + at] ?? 0);
      wide[y * GATE_WIDTH + x] = sum;
    }
  }
  const thumbnail = new Uint8Array(GATE_SIZE);
  for (let y = 0; y < GATE_HEIGHT; y += 1) {
    for (let x = 0; x < GATE_WIDTH; x += 1) {
      let sum = 0;
      for (const { at, share } of downwards[y] ?? []) sum += share * (wide[at * GATE_WIDTH + x] ?? 0);
      thumbnail[y * GATE_WIDTH + x] = sum;
    }
  }
  return thumbnail;
}

interface Covered {
  at: number;
  /** Part of the target place that lies here; they sum to 1. */
  share: number;
}

/** Which of `source` places each of `target` places covers on a line of the same length. */
function coveredBy(target: number, source: number): Covered[][] {
  const scale = source / target;
  return Array.from({ length: target }, (_, i) => {
    const [from, to] = [i * scale, (i + 1) * scale];
    const places: Covered[] = [];
    for (let at = Math.floor(from); at < Math.min(source, Math.ceil(to)); at += 1) {
      places.push({ at, share: (Math.min(at + 1, to) - Math.max(at, from)) / scale });
    }
    return places;
  });
}
