import type { RawFrame } from './raw-frame.ts';

export type QuarterTurn = 0 | 90 | 180 | 270;

/** Reads the clockwise turn a player applies from a display matrix (nine int32 little-endian, 16.16 fixed point). */
export function turnOfDisplayMatrix(matrix: Buffer | null): QuarterTurn {
  if (matrix === null || matrix.length < 36) return 0;
  const degrees = (Math.atan2(matrix.readInt32LE(4), matrix.readInt32LE(0)) * 180) / Math.PI;
  switch ((Math.round(degrees / 90) + 4) % 4) {
    case 1:
      return 90;
    case 2:
      return 180;
    case 3:
      return 270;
    default:
      return 0;
  }
}

/** The frame turned clockwise. */
export function rotated(frame: RawFrame, turn: QuarterTurn): RawFrame {
  if (turn === 0) return frame;
  const { data, width, height, originalWidth, originalHeight } = frame;
  const out = new Uint8Array(data.length);
  const swaps = turn !== 180;
  const outWidth = swaps ? height : width;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const toX = turn === 90 ? height - 1 - y : turn === 180 ? width - 1 - x : y;
      const toY = turn === 90 ? x : turn === 180 ? height - 1 - y : width - 1 - x;
      const from = (y * width + x) * 3;
      const to = (toY * outWidth + toX) * 3;
      out[to] = data[from] ?? 0;
      out[to + 1] = data[from + 1] ?? 0;
      out[to + 2] = data[from + 2] ?? 0;
    }
  }
  if (!swaps) return { ...frame, data: out };
  return {
    data: out,
    width: height,
    height: width,
    originalWidth: originalHeight,
    originalHeight: originalWidth,
  };
}
