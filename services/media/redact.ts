import sharp from 'sharp';
import { cornersOf, isBox } from '../domain/areas.ts';
import type { RawFrame } from '../domain/raw-frame.ts';
import type { Area, Box, Polygon } from '../domain/words.ts';

/** Across a hidden area there are this many blocks of one colour: a face of four by four squares is nobody. */
const BLOCKS = 4;
const QUALITY = 60;

/**
 * The frame with areas made unrecognisable: mosaic of few large squares, and black where nothing may be seen at all. The pixels below
 * are gone, not covered.
 * @param areas boxes in 0..1 @param black boxes or polygons in 0..1
 */
export function redact(frame: RawFrame, areas: readonly Box[], black: readonly Area[]): RawFrame {
  const data = Uint8Array.from(frame.data);
  for (const area of areas) mosaic(data, frame, pixels(area, frame));
  for (const area of black) {
    if (isBox(area)) fill(data, frame, pixels(area, frame));
    else fillPolygon(data, frame, cornersOf(area));
  }
  return { ...frame, data };
}

/** The frame turned left to right: what a detector sees with other eyes. */
export function mirrored(frame: RawFrame): RawFrame {
  const { width, height } = frame;
  const data = new Uint8Array(frame.data.length);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const to = (y * width + x) * 3;
      const from = (y * width + width - 1 - x) * 3;
      data[to] = frame.data[from] ?? 0;
      data[to + 1] = frame.data[from + 1] ?? 0;
      data[to + 2] = frame.data[from + 2] ?? 0;
    }
  }
  return { ...frame, data };
}

/** A part of the frame as a frame of its own. */
export function cropped(frame: RawFrame, area: Box): RawFrame {
  const [x1, y1, x2, y2] = pixels(area, frame);
  const [width, height] = [Math.max(1, x2 - x1), Math.max(1, y2 - y1)];
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y += 1) {
    const from = ((y1 + y) * frame.width + x1) * 3;
    data.set(frame.data.subarray(from, from + width * 3), y * width * 3);
  }
  return { data, width, height, originalWidth: width, originalHeight: height };
}

/** A small JPEG without any metadata. */
export async function smallJpeg(frame: RawFrame, longSidePx: number): Promise<Buffer> {
  const raw = { width: frame.width, height: frame.height, channels: 3 } as const;
  return await sharp(frame.data, { raw })
    .resize({ width: longSidePx, height: longSidePx, fit: 'inside', withoutEnlargement: true })
    .jpeg({ quality: QUALITY })
    .toBuffer();
}

type Pixels = readonly [number, number, number, number];

function pixels(area: Box, { width, height }: RawFrame): Pixels {
  return [
    Math.max(0, Math.floor(area[0] * width)),
    Math.max(0, Math.floor(area[1] * height)),
    Math.min(width, Math.ceil(area[2] * width)),
    Math.min(height, Math.ceil(area[3] * height)),
  ];
}

function mosaic(data: Uint8Array, frame: RawFrame, [x1, y1, x2, y2]: Pixels): void {
  const side = Math.max(1, Math.ceil(Math.max(x2 - x1, y2 - y1) / BLOCKS));
  for (let y = y1; y < y2; y += side) {
    for (let x = x1; x < x2; x += side) {
      const block: Pixels = [x, y, Math.min(x2, x + side), Math.min(y2, y + side)];
      fill(data, frame, block, meanOf(data, frame, block));
    }
  }
}

function meanOf(data: Uint8Array, { width }: RawFrame, [x1, y1, x2, y2]: Pixels): readonly number[] {
  const sum = [0, 0, 0];
  for (let y = y1; y < y2; y += 1) {
    for (let at = (y * width + x1) * 3; at < (y * width + x2) * 3; at += 3) {
      for (const channel of [0, 1, 2]) sum[channel] = (sum[channel] ?? 0) + (data[at + channel] ?? 0);
    }
  }
  const count = Math.max(1, (x2 - x1) * (y2 - y1));
  return sum.map((value) => Math.round(value / count));
}

function fill(
  data: Uint8Array,
  { width }: RawFrame,
  [x1, y1, x2, y2]: Pixels,
  colour: readonly number[] = [0, 0, 0],
): void {
  for (let y = y1; y < y2; y += 1) {
    for (let at = (y * width + x1) * 3; at < (y * width + x2) * 3; at += 3) {
      for (const channel of [0, 1, 2]) data[at + channel] = colour[channel] ?? 0;
    }
  }
}

/** Black, row by row; a pixel that the edge touches is black too. */
function fillPolygon(data: Uint8Array, frame: RawFrame, corners: Polygon): void {
  const { width, height } = frame;
  const points = corners.map(([x, y]) => [x * width, y * height] as const);
  for (let y = 0; y < height; y += 1) {
    // Both edges of the row and its middle: what any of them meets is covered.
    for (const line of [y, y + 0.5, y + 1]) {
      const meets = points
        .flatMap(([ax, ay], i) => {
          const [bx, by] = points[(i + 1) % points.length] ?? [ax, ay];
          return ay > line === by > line ? [] : [((bx - ax) * (line - ay)) / (by - ay) + ax];
        })
        .sort((a, b) => a - b);
      for (let i = 0; i + 1 < meets.length; i += 2) {
        const [from = 0, to = 0] = [meets[i], meets[i + 1]];
        fill(data, frame, [Math.max(0, Math.floor(from)), y, Math.min(width, Math.ceil(to)), y + 1]);
      }
    }
  }
}
