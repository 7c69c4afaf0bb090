/** Frames of a camera made of real photographs of people: @vladmandic/face-api's six (MIT), as the demo uses them. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import type { Box, Detection } from '../../../services/domain/words.ts';

const FOLDER = join(
  dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json')),
  'demo',
);

/** Pixels of a frame. */
export const FRAME = { width: 960, height: 540 } as const;
/** Share of the photograph's width that a frame shows, and how far it moves from frame to frame. */
const WINDOW = 0.9;
const STEP = 0.012;

/** Heads in the photographs, by eye, in 0..1. */
const HEADS: Record<number, Box[]> = {
  1: [
    [0.2, 0.21, 0.35, 0.46],
    [0.39, 0.245, 0.565, 0.56],
    [0.735, 0.14, 0.88, 0.39],
  ],
  3: [
    [0.28, 0.19, 0.485, 0.48],
    [0.57, 0.1, 0.74, 0.36],
    [0.75, 0.17, 0.88, 0.44],
  ],
  4: [
    [0.1, 0.07, 0.215, 0.29],
    [0.355, 0.02, 0.47, 0.225],
    [0.52, 0.07, 0.65, 0.31],
    [0.665, 0.07, 0.79, 0.31],
  ],
  6: [
    [0.115, 0.26, 0.25, 0.51],
    [0.345, 0.14, 0.48, 0.43],
    [0.575, 0.105, 0.725, 0.395],
    [0.765, 0.105, 0.915, 0.38],
  ],
};

export interface SceneFrame {
  jpeg: Buffer;
  heads: Box[];
}

const made = new Map<string, Promise<SceneFrame>>();

/** Frame `index` of a burst over a photograph: the view moves a little to the right each time. */
export function sceneFrame(photograph: number, index: number): Promise<SceneFrame> {
  const key = `${photograph}-${index}`;
  const frame = made.get(key) ?? makeFrame(photograph, index);
  made.set(key, frame);
  return frame;
}

/** The view at `index`, which may lie between two frames, as raw RGB. */
export async function sceneView(photograph: number, index: number): Promise<Uint8Array> {
  const { view } = await viewOf(photograph, index);
  return new Uint8Array(await view.removeAlpha().raw().toBuffer());
}

async function viewOf(photograph: number, index: number) {
  const bytes = await readFile(join(FOLDER, `sample${photograph}.jpg`));
  const { width, height } = await sharp(bytes).metadata();
  const w = Math.round(width * WINDOW);
  const h = Math.min(height, Math.round((w * FRAME.height) / FRAME.width));
  const left = Math.max(0, Math.min(width - w, Math.round(index * STEP * width)));
  const view = sharp(bytes)
    .extract({ left, top: 0, width: w, height: h })
    .resize(FRAME.width, FRAME.height, { fit: 'fill' });
  return { view, left, w, h, width, height };
}

async function makeFrame(photograph: number, index: number): Promise<SceneFrame> {
  const { view, left, w, h, width, height } = await viewOf(photograph, index);
  const jpeg = await view.jpeg({ quality: 78 }).toBuffer();
  const within = (value: number): number => Math.min(1, Math.max(0, value));
  const heads = (HEADS[photograph] ?? []).map(
    ([x1, y1, x2, y2]): Box => [
      within((x1 * width - left) / w),
      within((y1 * height) / h),
      within((x2 * width - left) / w),
      within((y2 * height) / h),
    ],
  );
  return { jpeg, heads };
}

/** The first head breaks the rule, the second keeps it, the third cannot be told, and so on. */
export function detectionsOn(heads: readonly Box[], kind: Detection['kind']): Detection[] {
  const verdicts = ['yes', 'no', 'uncertain'] as const;
  return heads.map((box, i) => ({
    kind,
    verdict: verdicts[i % 3] ?? 'yes',
    score: [0.91, 0.06, 0.48][i % 3] ?? 0.9,
    box,
    sizePx: Math.round(Math.max((box[2] - box[0]) * FRAME.width, (box[3] - box[1]) * FRAME.height)),
  }));
}
