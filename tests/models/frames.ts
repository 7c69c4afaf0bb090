import type { RawFrame } from '../../services/domain/raw-frame.ts';

export type Colour = readonly [red: number, green: number, blue: number];

export const GREY: Colour = [50, 50, 50];
export const RED: Colour = [255, 0, 0];
export const GREEN: Colour = [0, 255, 0];
export const BLUE: Colour = [0, 0, 255];

/** A plain frame with filled rectangles [x1, y1, x2, y2] in pixels. */
export function paintedFrame(
  width: number,
  height: number,
  background: Colour,
  rectangles: { at: readonly [number, number, number, number]; colour: Colour }[] = [],
): RawFrame {
  const data = new Uint8Array(width * height * 3);
  const paint = (x1: number, y1: number, x2: number, y2: number, colour: Colour) => {
    for (let y = y1; y < y2; y += 1) {
      for (let x = x1; x < x2; x += 1) data.set(colour, (y * width + x) * 3);
    }
  };
  paint(0, 0, width, height, background);
  for (const { at, colour } of rectangles) paint(...at, colour);
  return { data, width, height, originalWidth: width, originalHeight: height };
}

/** Colour of one pixel of an RGB picture. */
export function pixel(data: Uint8Array, width: number, x: number, y: number): number[] {
  return [...data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)];
}
