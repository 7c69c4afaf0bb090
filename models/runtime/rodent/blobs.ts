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
  for (let start = 0; start < joined.length; start += 1) {
    if (joined[start] !== 1) continue;
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

/** 1 where at least `wanted` of the nine pixels around are 1. Two passes: rows, then columns. */
function filtered(source: Uint8Array, width: number, height: number, wanted: number): Uint8Array {
  const rows = new Uint8Array(source.length);
  for (let y = 0; y < height; y += 1) {
    const start = y * width;
    for (let x = 0; x < width; x += 1) {
      const i = start + x;
      rows[i] =
        (x > 0 ? (source[i - 1] ?? 0) : 0) + (source[i] ?? 0) + (x + 1 < width ? (source[i + 1] ?? 0) : 0);
    }
  }
  const out = new Uint8Array(source.length);
  for (let i = 0; i < source.length; i += 1) {
    const count = (rows[i - width] ?? 0) + (rows[i] ?? 0) + (rows[i + width] ?? 0);
    if (count >= wanted) out[i] = 1;
  }
  return out;
}
