import type { RawFrame } from '../../services/domain/raw-frame.ts';
import type { Box } from '../../services/domain/words.ts';
import { type Axis, cropAxis } from './resample.ts';

/** A square of whole pixels of a frame; it may reach outside. */
export interface CropSquare {
  left: number;
  top: number;
  side: number;
}

/** Square around a box (0..1) in pixels of the frame: side = `cropScale` × the box's longer side, same middle. */
export function cropSquare(frame: RawFrame, box: Box, cropScale: number): CropSquare {
  const [x1, y1, x2, y2] = [
    box[0] * frame.width,
    box[1] * frame.height,
    box[2] * frame.width,
    box[3] * frame.height,
  ];
  const side = Math.max(x2 - x1, y2 - y1) * cropScale;
  return {
    left: Math.round((x1 + x2 - side) / 2),
    top: Math.round((y1 + y2 - side) / 2),
    side: Math.max(1, Math.round(side)),
  };
}

/**
 * Writes the square, resized to `size` × `size` RGB, into `target` from byte `offset`; what lies outside the picture is `pad`.
 * Two passes over plain arrays, rows first: 0.1 ms for a head of 60 px.
 */
export function writeCrop(
  frame: RawFrame,
  square: CropSquare,
  size: number,
  pad: number,
  target: Uint8Array,
  offset: number,
): void {
  const columns = cropAxis(size, square.left, square.side, frame.width);
  const rows = cropAxis(size, square.top, square.side, frame.height);
  const lines = new Map<number, Float32Array>();
  const lineOf = (row: number): Float32Array => {
    const known = lines.get(row);
    if (known !== undefined) return known;
    const line = resampleLine(frame, row, columns, pad);
    lines.set(row, line);
    return line;
  };
  const sum = new Float32Array(size * 3);
  for (let y = 0; y < size; y += 1) {
    sum.fill(0.5); // rounds half up when it is stored
    for (let t = y * rows.taps; t < (y + 1) * rows.taps; t += 1) {
      const weight = rows.weight[t] ?? 0;
      if (weight === 0) continue;
      const line = lineOf(rows.index[t] ?? -1);
      for (let i = 0; i < line.length; i += 1) sum[i] = (sum[i] ?? 0) + weight * (line[i] ?? 0);
    }
    for (let i = 0; i < sum.length; i += 1) target[offset + y * size * 3 + i] = Math.min(255, sum[i] ?? 0);
  }
}

/** One source row resampled to `columns`; row −1 lies outside and is all padding. */
function resampleLine(frame: RawFrame, row: number, columns: Axis, pad: number): Float32Array {
  const line = new Float32Array(columns.count * 3);
  if (row < 0) return line.fill(pad);
  const { data } = frame;
  const start = row * frame.width * 3;
  for (let x = 0; x < columns.count; x += 1) {
    let red = 0;
    let green = 0;
    let blue = 0;
    for (let t = x * columns.taps; t < (x + 1) * columns.taps; t += 1) {
      const weight = columns.weight[t] ?? 0;
      const index = columns.index[t] ?? -1;
      if (index < 0) {
        red += weight * pad;
        green += weight * pad;
        blue += weight * pad;
      } else {
        const i = start + index * 3;
        red += weight * (data[i] ?? 0);
        green += weight * (data[i + 1] ?? 0);
        blue += weight * (data[i + 2] ?? 0);
      }
    }
    line[x * 3] = red;
    line[x * 3 + 1] = green;
    line[x * 3 + 2] = blue;
  }
  return line;
}
