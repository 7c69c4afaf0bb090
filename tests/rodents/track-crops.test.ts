import { expect, test } from 'vitest';
import { SAME } from '../../models/runtime/rodent/background.ts';
import { findMotion } from '../../models/runtime/rodent/motion.ts';
import { cutTrackCrops, PLANES, wholeBoxes } from '../../models/runtime/rodent/track-crops.ts';
import { running, scene } from './scene.ts';

const SHAPE = { size: 56, cropScale: 1.4, pad: 114 };

/** Mean of one plane of a crop over its middle or over its rim. */
function mean(crop: Uint8Array, plane: number, inside: boolean): number {
  let [sum, count] = [0, 0];
  for (let y = 0; y < SHAPE.size; y += 1) {
    for (let x = 0; x < SHAPE.size; x += 1) {
      const away = Math.hypot(x - 27.5, (y - 27.5) * 2);
      if (inside ? away > 12 : away < 40) continue;
      sum += crop[(y * SHAPE.size + x) * PLANES + plane] ?? 0;
      count += 1;
    }
  }
  return sum / count;
}

test('a crop holds the picture and what differs from the background, in place', () => {
  const frames = scene(16, running());
  const { things, differences } = findMotion(frames);
  const place = things[0]?.places[8];
  const frame = frames[place?.frame ?? -1]?.frame;
  const difference = differences.get(place?.frame ?? -1);
  if (place === undefined || frame === undefined || difference === undefined)
    throw new Error('it is tracked');
  const crop = cutTrackCrops([{ frame, box: place.box, difference }], SHAPE);
  expect(crop).toHaveLength(56 * 56 * 2);
  expect(mean(crop, 0, true)).toBeLessThan(45);
  expect(mean(crop, 0, false)).toBeGreaterThan(80);
  expect(mean(crop, 1, true)).toBeLessThan(SAME - 50);
  expect(Math.abs(mean(crop, 1, false) - SAME)).toBeLessThan(3);
});

test('without a background nothing is said to differ', () => {
  const [first] = scene(1, running());
  if (first === undefined) throw new Error('there is a frame');
  const crop = cutTrackCrops([{ frame: first.frame, box: [0.1, 0.5, 0.3, 0.8] }], SHAPE);
  expect(new Set(crop.filter((_, i) => i % PLANES === 1))).toEqual(new Set([SAME]));
});

test('beyond the edge of the picture there is no difference either', () => {
  const frames = scene(16, (i) => [{ x: 4 + i * 6, y: 90, rx: 14, ry: 8 }]);
  const { things, differences } = findMotion(frames);
  const place = things[0]?.places[0];
  const frame = frames[place?.frame ?? -1]?.frame;
  const difference = differences.get(place?.frame ?? -1);
  if (place === undefined || frame === undefined || difference === undefined)
    throw new Error('it is tracked');
  const crop = cutTrackCrops([{ frame, box: place.box, difference }], SHAPE);
  expect(crop[0]).toBe(SHAPE.pad);
  expect(crop[1]).toBe(SAME);
});

test('where only a part moved the crop stays as wide as the track', () => {
  const whole = [0.2, 0.2, 0.4, 0.4] as const;
  const tail = [0.5, 0.5, 0.55, 0.52] as const;
  const boxes = wholeBoxes([whole, whole, whole, tail, whole], 320, 180);
  expect(boxes.slice(0, 3)).toEqual([whole, whole, whole]);
  const [x1, y1, x2, y2] = boxes[3] ?? whole;
  expect((x2 - x1) * 320).toBeCloseTo(64);
  expect((y2 - y1) * 180).toBeCloseTo(64);
  expect((x1 + x2) / 2).toBeCloseTo(0.525);
});
