import { centre } from '../../../services/domain/boxes.ts';
import type { RawFrame } from '../../../services/domain/raw-frame.ts';
import type { Box } from '../../../services/domain/words.ts';
import { cropSquare, writeCrop } from '../crop.ts';
import { SAME } from './background.ts';
import type { DifferencePicture } from './motion.ts';

/** Smallest square that is cut, in pixels of the frame: less holds nothing but noise. */
const MIN_SQUARE_PX = 16;
/** Bytes a pixel of what the network sees: grey level, and the difference to the background. */
export const PLANES = 2;

/** One place of a track: the frame, the box in it (0..1), and the difference picture of that frame. */
export interface TrackCrop {
  frame: RawFrame;
  box: Box;
  /** Absent where no background is known, as in a single photograph. */
  difference?: DifferencePicture;
}

/** Sides of a track below this quantile are those of a part (a tail, what the lamp leaves visible): the crop stays as wide. */
const WHOLE_QUANTILE = 0.75;

/**
 * Boxes of a track (0..1 of a frame of `width` × `height`) as they are cut: none smaller than most of the track, so that a frame in
 * which only a tail moves still shows the animal.
 */
export function wholeBoxes(boxes: readonly Box[], width: number, height: number): Box[] {
  const sides = boxes.map(([x1, y1, x2, y2]) => Math.max((x2 - x1) * width, (y2 - y1) * height));
  const sorted = sides.toSorted((a, b) => a - b);
  const whole = sorted[Math.floor(WHOLE_QUANTILE * (sorted.length - 1))] ?? 0;
  return boxes.map((box, i) => {
    if ((sides[i] ?? 0) >= whole) return box;
    const [x, y] = centre(box);
    const [dx, dy] = [whole / 2 / width, whole / 2 / height];
    return [x - dx, y - dy, x + dx, y + dy];
  });
}

/** How crops are cut: `size` pixels a side, square of `cropScale` × the box's longer side, `pad` outside the picture. */
export interface CropShape {
  size: number;
  cropScale: number;
  pad: number;
}

/**
 * Crops as the network takes them: [n, size, size, 2] bytes, grey level and signed difference. Training reads the very same
 * bytes (models/training/rodent_tracks.ts).
 */
export function cutTrackCrops(crops: readonly TrackCrop[], { size, cropScale, pad }: CropShape): Uint8Array {
  const pixels = size * size;
  const out = new Uint8Array(crops.length * pixels * PLANES);
  const scratch = new Uint8Array(pixels * 3);
  crops.forEach(({ frame, box, difference }, n) => {
    const at = n * pixels * PLANES;
    writeCrop(frame, atLeast(cropSquare(frame, box, cropScale), MIN_SQUARE_PX), size, pad, scratch, 0);
    for (let i = 0; i < pixels; i += 1) {
      const [red, green, blue] = [scratch[i * 3] ?? 0, scratch[i * 3 + 1] ?? 0, scratch[i * 3 + 2] ?? 0];
      out[at + i * PLANES] = (77 * red + 150 * green + 29 * blue) >> 8;
    }
    scratch.fill(SAME);
    if (difference !== undefined) {
      const seen = asFrame(difference);
      const least = (MIN_SQUARE_PX * seen.width) / frame.width;
      writeCrop(seen, atLeast(cropSquare(seen, box, cropScale), least), size, SAME, scratch, 0);
    }
    for (let i = 0; i < pixels; i += 1) out[at + i * PLANES + 1] = scratch[i * 3] ?? SAME;
  });
  return out;
}

function asFrame({ signed, width, height }: DifferencePicture): RawFrame {
  const data = new Uint8Array(signed.length * 3);
  for (let i = 0, at = 0; i < signed.length; i += 1) {
    const level = signed[i] ?? SAME;
    data[at++] = level;
    data[at++] = level;
    data[at++] = level;
  }
  return { data, width, height, originalWidth: width, originalHeight: height };
}

function atLeast(square: { left: number; top: number; side: number }, least: number) {
  const more = Math.round(least) - square.side;
  if (more <= 0) return square;
  const shift = Math.floor(more / 2);
  return { left: square.left - shift, top: square.top - shift, side: square.side + more };
}
