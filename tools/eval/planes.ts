import { fastAxis } from '../../models/runtime/resample.ts';
import type { RawFrame } from '../../services/domain/raw-frame.ts';

/** The picture stretched onto `width` × `height`, (RGB − mean) / scale, as three planes: what peers take. */
export function planes(
  frame: RawFrame,
  width: number,
  height: number,
  mean: number,
  scale: number,
): Float32Array {
  const columns = fastAxis(width, frame.width);
  const rows = fastAxis(height, frame.height);
  const area = width * height;
  const out = new Float32Array(3 * area);
  const { data } = frame;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let t = 0; t < 4; t += 1) {
        const row = y * 2 + (t >> 1);
        const column = x * 2 + (t & 1);
        const weight = (rows.weight[row] ?? 0) * (columns.weight[column] ?? 0);
        const source = ((rows.index[row] ?? 0) * frame.width + (columns.index[column] ?? 0)) * 3;
        red += weight * (data[source] ?? 0);
        green += weight * (data[source + 1] ?? 0);
        blue += weight * (data[source + 2] ?? 0);
      }
      const target = y * width + x;
      out[target] = (red - mean) / scale;
      out[area + target] = (green - mean) / scale;
      out[2 * area + target] = (blue - mean) / scale;
    }
  }
  return out;
}
