import type { RawFrame } from '../../../services/domain/raw-frame.ts';
import type { Box } from '../../../services/domain/words.ts';

/** Motion is looked for in pictures about this wide, in pixels: a mouse in a kitchen of 6 m still has 4 of them. */
const WIDTH = 360;

/** A frame for motion: luma averaged over `step` × `step` pixels of the frame. */
export interface GreyPicture {
  /** One byte a pixel, rows from the top. */
  luma: Uint8Array;
  width: number;
  height: number;
  /** Pixels of the frame per pixel here. */
  step: number;
  /** Mean difference between colours, 0..255: about 0 in infrared. */
  colour: number;
}

/** Shrinks a frame by a whole factor. */
export function greyPicture(frame: RawFrame): GreyPicture {
  const step = Math.max(1, Math.round(frame.width / WIDTH));
  const width = Math.floor(frame.width / step);
  const height = Math.floor(frame.height / step);
  const luma = new Uint8Array(width * height);
  const { data } = frame;
  const taps = Math.min(step, 2); // two points a side are enough against noise
  const shift = taps === 2 ? 10 : 8;
  let colour = 0;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      let sum = 0;
      let i = 0;
      for (let ty = 0; ty < taps; ty += 1) {
        for (let tx = 0; tx < taps; tx += 1) {
          i = ((y * step + ty) * frame.width + x * step + tx) * 3;
          sum += 77 * (data[i] ?? 0) + 150 * (data[i + 1] ?? 0) + 29 * (data[i + 2] ?? 0);
        }
      }
      luma[y * width + x] = sum >> shift;
      colour += Math.abs((data[i] ?? 0) - (data[i + 2] ?? 0));
    }
  }
  return { luma, width, height, step, colour: colour / Math.max(1, width * height) };
}

/** Pixels to leave out, 1 = masked: clocks drawn into the picture. Boxes in 0..1; touched pixels are masked whole. */
export function pixelMask(areas: readonly Box[], width: number, height: number): Uint8Array {
  const mask = new Uint8Array(width * height);
  for (const [x1, y1, x2, y2] of areas) {
    const left = Math.max(0, Math.floor(x1 * width));
    const right = Math.min(width, Math.ceil(x2 * width));
    const bottom = Math.min(height, Math.ceil(y2 * height));
    for (let y = Math.max(0, Math.floor(y1 * height)); y < bottom; y += 1) {
      mask.fill(1, y * width + left, y * width + Math.max(left, right));
    }
  }
  return mask;
}
