/** A connected heap of changed pixels. Coordinates in pixels of the picture, right and bottom exclusive. */
export interface Blob {
  left: number;
  top: number;
  right: number;
  bottom: number;
  /** Changed pixels. */
  area: number;
}

/** More heaps than this is weather, not an animal; the largest are kept. */
const MAX_BLOBS = 16;
/** Changed pixels among the nine around it that a pixel needs, itself included. */
const NEIGHBOURS = 5;

/**
 * Heaps of changed pixels of at least `minArea` pixels, largest first. Lone pixels go; then pieces of up to two pixels
 * apart are joined. `changed` holds 0 and 1; it is not altered.
 */
export function findBlobs(changed: Uint8Array, width: number, height: number, minArea: number): Blob[] {
  const kept = filtered(changed, width, height, NEIGHBOURS);
  const joined = filtered(filtered(kept, width, height, 1), width, height, 1);
  const stack = new Int32Array(width * height);
  const blobs: Blob[] = [];
  for (let start = joined.indexOf(1); start >= 0; start = joined.indexOf(1, start + 1)) {
    const blob: Blob = { left: width, top: height, right: 0, bottom: 0, area: 0 };
    let depth = 1;
    stack[0] = start;
    joined[start] = 2;
    while (depth > 0) {
      depth -= 1;
      const at = stack[depth] ?? 0;
      const x = at % width;
      const y = (at - x) / width;
      if (kept[at] === 1) {
        blob.area += 1;
        blob.left = Math.min(blob.left, x);
        blob.right = Math.max(blob.right, x + 1);
        blob.top = Math.min(blob.top, y);
        blob.bottom = Math.max(blob.bottom, y + 1);
      }
      if (x > 0 && joined[at - 1] === 1) {
        joined[at - 1] = 2;
        stack[depth++] = at - 1;
      }
      if (x + 1 < width && joined[at + 1] === 1) {
        joined[at + 1] = 2;
        stack[depth++] = at + 1;
      }
      if (y > 0 && joined[at - width] === 1) {
        joined[at - width] = 2;
        stack[depth++] = at - width;
      }
      if (y + 1 < height && joined[at + width] === 1) {
        joined[at + width] = 2;
        stack[depth++] = at + width;
      }
    }
    if (blob.area >= minArea) blobs.push(blob);
  }
  return blobs.sort((a, b) => b.area - a.area).slice(0, MAX_BLOBS);
}

/** 1 where at least `wanted` of the nine pixels around are 1. Counts from the set pixels outwards: they are few. */
function filtered(source: Uint8Array, width: number, height: number, wanted: number): Uint8Array {
  const counts = new Uint8Array(source.length);
  for (let i = source.indexOf(1); i >= 0; i = source.indexOf(1, i + 1)) {
    const x = i % width;
    const y = (i - x) / width;
    const left = x > 0 ? -1 : 0;
    const right = x + 1 < width ? 1 : 0;
    for (let row = Math.max(0, y - 1); row <= Math.min(height - 1, y + 1); row += 1) {
      for (let at = row * width + x + left; at <= row * width + x + right; at += 1) {
        counts[at] = (counts[at] as number) + 1;
      }
    }
  }
  for (let i = 0; i < counts.length; i += 1) counts[i] = (counts[i] as number) >= wanted ? 1 : 0;
  return counts;
}
