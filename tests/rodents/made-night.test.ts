import { expect, test } from 'vitest';
import type { RodentClassifier } from '../../models/runtime/rodent/classifier.ts';
import { rodentJudge } from '../../models/runtime/rodent/rodent-judge.ts';
import { type Spot, scene } from './scene.ts';

/** Takes everything for a rat, so that only the motion stage stands between a made night and an alarm. */
const credulous: RodentClassifier = {
  model: { name: 'credulous', version: '1.0.0', sha256: '0'.repeat(64) },
  thresholds: { yes: 0.7, uncertain: 0.4 },
  classify: async (crops) => crops.map(() => 1),
  async close() {},
};
const judge = rodentJudge(credulous, { detect: async () => ({ heads: [], bodies: [] }) });
const RATE = 1.75; // eight frames over four seconds

const clock = (frame: number): Spot[] => [{ x: 20 + ((frame * 13) % 60), y: 12, rx: 6, ry: 6, level: 250 }];
const lampFrom = (first: number) => (frame: number) =>
  frame < first ? [] : [{ x: 300, y: 20, rx: 260, ry: 190, level: 190 }];
const moth = (frame: number): Spot[] =>
  frame % 3 === 0 ? [{ x: (frame * 97) % 320, y: (frame * 61) % 180, rx: 9, ry: 5, level: 250 }] : [];

/** Plumbing only: pictures that were made, no measure of false alarms in a kitchen. */
test.each<[string, (frame: number) => Spot[], ((level: number, frame: number) => number)?]>([
  ['an empty room', () => []],
  ['the clock of the camera', clock],
  ['a lamp that goes on', lampFrom(4)],
  ['a lamp that goes on and the clock', (frame) => [...lampFrom(3)(frame), ...clock(frame)]],
  ['exposure that settles', () => [], (level, frame) => level * (1 + 1.2 * 0.5 ** frame)],
  ['a moth that shows now and then', moth],
])('in a made night %s raises nothing', async (_, spots, expose) => {
  const frames = scene(8, spots, { rate: RATE, ...(expose === undefined ? {} : { expose }) });
  const found = (await judge.judgeLook?.(frames, { timestampAreas: [[0, 0, 0.4, 0.15]] })) ?? [];
  expect(found.flatMap(({ detections }) => detections)).toEqual([]);
});

test('and a rat in the same night does', async () => {
  const rat = (frame: number): Spot[] => [...clock(frame), { x: 60 + frame * 22, y: 120, rx: 12, ry: 6 }];
  const found =
    (await judge.judgeLook?.(scene(8, rat, { rate: RATE }), { timestampAreas: [[0, 0, 0.4, 0.15]] })) ?? [];
  expect(found.filter(({ detections }) => detections.length > 0).length).toBeGreaterThanOrEqual(5);
});
