import { GATE_HEIGHT, GATE_WIDTH } from '../domain/gate.ts';

/** The Y plane of a decoded video frame, 8 bits a pixel. */
export interface LumaPlane {
  plane: Uint8Array;
  /** Bytes from row to row. */
  stride: number;
  /** Pixels. */
  width: number;
  height: number;
  /** False for video range: black 16, white 235. */
  fullRange: boolean;
}

/** Points sampled per side of a thumbnail pixel, as lumaOfFrame does. */
const TAPS = 4;
const VIDEO_BLACK = 16;
const VIDEO_SPAN = 219;

/** 64×36 luma thumbnail of a Y plane, full range, one byte a pixel, rows from the top; comparable with lumaOfJpeg's. */
export function lumaOfPlane({ plane, stride, width, height, fullRange }: LumaPlane): Uint8Array {
  const columns = samplePoints(GATE_WIDTH, width);
  const rows = samplePoints(GATE_HEIGHT, height);
  // Clamped: video range may hold values below black and above white.
  const luma = new Uint8ClampedArray(GATE_WIDTH * GATE_HEIGHT);
  for (let y = 0; y < GATE_HEIGHT; y += 1) {
    for (let x = 0; x < GATE_WIDTH; x += 1) {
      let sum = 0;
      for (let ty = 0; ty < TAPS; ty += 1) {
        const row = (rows[y * TAPS + ty] ?? 0) * stride;
        for (let tx = 0; tx < TAPS; tx += 1) sum += plane[row + (columns[x * TAPS + tx] ?? 0)] ?? 0;
      }
      const mean = sum / (TAPS * TAPS);
      luma[y * GATE_WIDTH + x] = fullRange ? mean : ((mean - VIDEO_BLACK) * 255) / VIDEO_SPAN;
    }
  }
  return new Uint8Array(luma.buffer);
}

/** Source positions of TAPS evenly spread points for each of `cells` cells over `length` pixels. */
function samplePoints(cells: number, length: number): Int32Array {
  return Int32Array.from({ length: cells * TAPS }, (_, i) =>
    Math.floor(((i + 0.5) * length) / (cells * TAPS)),
  );
}
