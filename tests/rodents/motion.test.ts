import { expect, test } from 'vitest';
import { findMotion } from '../../models/runtime/rodent/motion.ts';
import { HEIGHT, running, type Spot, scene, WIDTH } from './scene.ts';

test('an animal that runs through becomes one track with a box in every frame', () => {
  const { things, usable } = findMotion(scene(16, running()));
  expect(usable).toBe(16);
  expect(things).toHaveLength(1);
  const places = things[0]?.places ?? [];
  expect(places.map((place) => place.frame)).toEqual(Array.from({ length: 16 }, (_, i) => i));
  const [x1, y1, x2, y2] = places[8]?.box ?? [0, 0, 0, 0];
  expect(((x1 + x2) / 2) * WIDTH).toBeCloseTo(40 + 8 * 14, -1);
  expect(((y1 + y2) / 2) * HEIGHT).toBeCloseTo(120, -1);
  expect((x2 - x1) * WIDTH).toBeGreaterThan(16);
  expect((x2 - x1) * WIDTH).toBeLessThan(40);
});

test('the eight frames of a night burst are enough, also for a small one', () => {
  const mouse = (frame: number): Spot[] => [{ x: 60 + frame * 22, y: 60, rx: 7, ry: 5 }];
  expect(findMotion(scene(8, mouse, { rate: 2 })).things).toHaveLength(1);
});

test('an empty room shows nothing', () => {
  expect(findMotion(scene(24, () => [])).things).toEqual([]);
});

test('exposure that drifts makes no motion and hides none', () => {
  const drift = (level: number, frame: number) => level * (1.6 - frame * 0.05) + frame;
  expect(findMotion(scene(16, () => [], { expose: drift })).things).toEqual([]);
  expect(findMotion(scene(16, running(), { expose: drift })).things).toHaveLength(1);
});

test('a light that goes on in a corner of the room makes no animal', () => {
  const lamp = (frame: number): Spot[] => (frame < 8 ? [] : [{ x: 0, y: 0, rx: 320, ry: 200, level: 200 }]);
  expect(findMotion(scene(16, lamp)).things).toEqual([]);
});

test('frames after the switch to infrared are not compared with those before', () => {
  const frames = scene(24, () => [], {
    colour: (frame) => (frame < 8 ? 30 : 0),
    expose: (level, frame) => (frame < 8 ? level : 255 - level),
  });
  const { things, usable } = findMotion(frames);
  expect(things).toEqual([]);
  expect(usable).toBe(16);
});

test('a clock drawn into the picture is masked', () => {
  const clock = (frame: number): Spot[] => [{ x: 20 + ((frame * 13) % 60), y: 12, rx: 6, ry: 6, level: 250 }];
  expect(findMotion(scene(16, clock)).things.length).toBeGreaterThan(0);
  expect(findMotion(scene(16, clock), { timestampAreas: [[0, 0, 0.4, 0.15]] }).things).toEqual([]);
});

test('what trembles on the spot is no animal', () => {
  const leaf = (frame: number): Spot[] => [{ x: 100 + (frame % 2) * 6, y: 80, rx: 14, ry: 10 }];
  expect(findMotion(scene(24, leaf)).things).toEqual([]);
});

test('fewer than five frames are no track', () => {
  const brief = (frame: number): Spot[] => (frame < 4 ? running()(frame) : []);
  expect(findMotion(scene(24, brief)).things).toEqual([]);
});

test('the metre line sets limits: a man-sized thing and a racing one are no rodents', () => {
  const far = {
    metreLine: [
      [0.1, 0.5],
      [0.2, 0.5],
    ] as const,
  }; // 32 px a metre
  const large = (frame: number): Spot[] => [{ x: 40 + frame * 12, y: 90, rx: 24, ry: 40 }];
  expect(findMotion(scene(16, large)).things).toHaveLength(1);
  expect(findMotion(scene(16, large), far).things).toEqual([]);
  expect(findMotion(scene(16, running()), far).things).toHaveLength(1);
  const racing = { rate: 60 }; // 14 px a frame: 840 px a second, 13 to 26 m a second
  expect(findMotion(scene(16, running(), racing), far).things).toEqual([]);
});

test('a camera that trembles by a pixel moves no edges', () => {
  const frames = scene(16, () => []).map(({ at, frame }, i) => {
    if (i % 2 === 0) return { at, frame };
    const data = new Uint8Array(frame.data.length);
    data.set(frame.data.subarray(0, -3), 3);
    return { at, frame: { ...frame, data } };
  });
  expect(findMotion(frames).things).toEqual([]);
});

test('an animal right before the lens, a quarter of the picture, is one', () => {
  const close = (frame: number): Spot[] => [{ x: -40 + frame * 30, y: 110, rx: 90, ry: 55 }];
  const { things } = findMotion(scene(16, close));
  expect(things.length).toBeGreaterThan(0);
});

test('a picture that the lamp saturates nearly everywhere still shows what is darker', () => {
  const white = (level: number) => (level < 40 ? 90 : 300);
  expect(findMotion(scene(16, running(), { expose: white })).things).toHaveLength(1);
  expect(findMotion(scene(16, () => [], { expose: white })).things).toEqual([]);
});
