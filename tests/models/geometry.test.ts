import { expect, test } from 'vitest';
import { cropSquare, writeCrop } from '../../models/runtime/crop.ts';
import { fittedInput, letterboxOf, writeLetterbox } from '../../models/runtime/letterbox.ts';
import { suppress } from '../../models/runtime/nms.ts';
import { cellCount, decodeYolox } from '../../models/runtime/yolox.ts';
import { clip, contains, iou } from '../../services/domain/boxes.ts';
import { GREEN, GREY, paintedFrame, pixel, RED } from './frames.ts';

const INPUT = { width: 64, height: 32 };

test.each([
  ['wide: fits by width', 1280, 320, 64, 16],
  ['tall: fits by height', 100, 200, 16, 32],
  ['small: enlarged', 32, 16, 64, 32],
  ['same', 64, 32, 64, 32],
])('letterbox %s', (_, width, height, w, h) => {
  expect(letterboxOf({ width, height }, INPUT)).toEqual({ width: w, height: h });
});

test.each([
  ['the shape it was made for', 1920, 1080, 512, 288],
  ['4:3', 640, 480, 448, 320],
  ['upright', 427, 640, 320, 480],
  ['square', 500, 500, 384, 384],
  ['a thin strip', 4000, 8, 4608, 32],
])('a fitted input takes the shape of the picture: %s', (_, width, height, w, h) => {
  expect(fittedInput({ width, height }, { width: 512, height: 288 }, 32)).toEqual({ width: w, height: h });
});

test.each([[1], [1.5], [2], [3], [4.25]])(
  'a picture %s times as large lies top left, grey 114 elsewhere',
  (times) => {
    const width = 48 * times;
    const height = 32 * times;
    const frame = paintedFrame(width, height, RED, [{ at: [width / 2, 0, width, height], colour: GREEN }]);
    const target = new Uint8Array(64 * 32 * 3);
    expect(writeLetterbox(frame, INPUT, 114, target)).toEqual({ width: 48, height: 32 });
    expect(pixel(target, 64, 10, 16)).toEqual(RED);
    expect(pixel(target, 64, 22, 31)).toEqual(RED);
    expect(pixel(target, 64, 25, 0)).toEqual(GREEN);
    expect(pixel(target, 64, 47, 31)).toEqual(GREEN);
    expect(pixel(target, 64, 48, 16)).toEqual([114, 114, 114]);
  },
);

test('a crop is a square of 1.5 times the longer side around the middle of the head', () => {
  const frame = paintedFrame(200, 100, GREY);
  expect(cropSquare(frame, [0.4, 0.2, 0.5, 0.6], 1.5)).toEqual({ left: 60, top: 10, side: 60 });
});

test.each([
  ['reduced', 40],
  ['enlarged', 8],
  ['much reduced', 96],
])('a %s crop shows the head in its middle and its surroundings around it', (_, head) => {
  const frame = paintedFrame(300, 300, GREY, [{ at: [100, 100, 100 + head, 100 + head], colour: GREEN }]);
  const box = [100 / 300, 100 / 300, (100 + head) / 300, (100 + head) / 300] as const;
  const target = new Uint8Array(16 * 16 * 3);
  writeCrop(frame, cropSquare(frame, box, 1.5), 16, 114, target, 0);
  expect(pixel(target, 16, 8, 8)).toEqual(GREEN);
  expect(pixel(target, 16, 0, 0)).toEqual(GREY);
  expect(pixel(target, 16, 15, 8)).toEqual(GREY);
});

test('what lies outside the picture is 114', () => {
  const frame = paintedFrame(100, 100, GREEN);
  const target = new Uint8Array(16 * 16 * 3);
  writeCrop(frame, cropSquare(frame, [0, 0, 0.2, 0.2], 2), 16, 114, target, 0);
  expect(pixel(target, 16, 0, 0)).toEqual([114, 114, 114]);
  expect(pixel(target, 16, 2, 15)).toEqual([114, 114, 114]);
  expect(pixel(target, 16, 15, 2)).toEqual([114, 114, 114]);
  expect(pixel(target, 16, 15, 15)).toEqual(GREEN);
});

test('a crop shrinks by area: a fine chequer becomes even grey', () => {
  const frame = paintedFrame(64, 64, [0, 0, 0]);
  for (let i = 0; i < 64 * 64; i += 1) {
    if ((i + Math.floor(i / 64)) % 2 === 0) frame.data.fill(200, i * 3, i * 3 + 3);
  }
  const target = new Uint8Array(16 * 16 * 3);
  writeCrop(frame, { left: 0, top: 0, side: 64 }, 16, 114, target, 0);
  expect(new Set(target)).toEqual(new Set([100]));
});

test('YOLOX cells become boxes in 0..1 of the picture, without the padding', () => {
  const grid = { width: 64, height: 64, strides: [16, 32] };
  expect(cellCount(grid)).toBe(20);
  const predictions = new Float32Array(20 * 7);
  // Stride 16, row 1, column 2: middle at (2.5 × 16, 1.5 × 16) = (40, 24), 16 × 32 pixels.
  predictions.set([0.5, 0.5, 0, Math.log(2), 0.9, 0.1, 0.8], (1 * 4 + 2) * 7);
  // Stride 32, row 1, column 0: middle at (16, 48), below a picture that is 32 high.
  predictions.set([0.5, 0.5, -2, -2, 1, 1, 1], (16 + 2) * 7);
  predictions.set([Number.NaN, 0, 0, 0, 1, Number.NaN, Number.NaN], 0);
  const heads = decodeYolox(predictions, 2, 1, 0.5, grid, { width: 64, height: 32 });
  expect(heads).toHaveLength(1);
  expect(heads[0]?.score).toBeCloseTo(0.72);
  expect(heads[0]?.box.map((value) => Math.round(value * 1e6) / 1e6)).toEqual([0.5, 0.25, 0.75, 1]);
});

test('of boxes that overlap only the best is kept', () => {
  const kept = suppress(
    [
      { box: [0, 0, 0.5, 0.5], score: 0.5 },
      { box: [0.02, 0, 0.52, 0.5], score: 0.9 },
      { box: [0.6, 0.6, 0.9, 0.9], score: 0.4 },
    ],
    0.5,
    10,
  );
  expect(kept.map((one) => one.score)).toEqual([0.9, 0.4]);
});

test('boxes: overlap, clipping, containment', () => {
  expect(iou([0, 0, 1, 1], [0, 0, 0.5, 1])).toBe(0.5);
  expect(iou([0, 0, 0.1, 0.1], [0.2, 0.2, 0.3, 0.3])).toBe(0);
  expect(iou([0, 0, 0, 0], [0, 0, 0, 0])).toBe(0);
  expect(clip([-0.5, 0.2, 1.5, 2])).toEqual([0, 0.2, 1, 1]);
  expect(contains([0, 0, 1, 1], [0.2, 0.2, 1, 1])).toBe(true);
  expect(contains([0, 0, 0.5, 1], [0.2, 0.2, 0.6, 1])).toBe(false);
});
