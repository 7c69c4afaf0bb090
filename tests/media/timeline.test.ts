import { expect, test } from 'vitest';
import { Timeline } from '../../services/media/rtsp/timeline.ts';

const STEP = 3600; // 40 ms

test('the timeline starts at 0 and keeps the camera’s distances', () => {
  const timeline = new Timeline();
  const times = [7_200_000, 7_203_600, 7_207_200].map((raw, i) => timeline.place(raw, STEP, 1000 + i * 40));
  expect(times.map(({ pts }) => pts)).toEqual([0, 3600, 7200]);
  expect(times.map(({ wallMs }) => wallMs)).toEqual([1000, 1040, 1080]);
});

test('a packet delayed by the network keeps its time, and an early one corrects the estimate', () => {
  const timeline = new Timeline();
  timeline.place(0, STEP, 1000);
  expect(timeline.place(STEP, STEP, 1540).wallMs).toBeCloseTo(1040, -1);
  expect(timeline.place(2 * STEP, STEP, 1070).wallMs).toBe(1070);
});

test('a restart of the camera’s clock is counted and the timeline goes on', () => {
  const timeline = new Timeline();
  timeline.place(9_000_000, STEP, 1000);
  timeline.place(9_003_600, STEP, 1040);
  const after = timeline.place(100, STEP, 1080);
  expect(after.pts).toBe(2 * STEP);
  expect(after.wallMs).toBe(1080);
  expect(timeline.jumps).toBe(1);
});

test('a missing time is counted on from the last', () => {
  const timeline = new Timeline();
  expect(timeline.place(null, STEP, 1000).pts).toBe(0);
  expect(timeline.place(STEP, STEP, 1040).pts).toBe(STEP);
  expect(timeline.place(null, STEP, 1080).pts).toBe(2 * STEP);
});

test('a camera whose clock runs slow by 0.02 % stays within 100 ms of ours over an hour', () => {
  const timeline = new Timeline();
  let wallMs = 0;
  for (let second = 0; second <= 3600; second += 1) {
    wallMs = timeline.place(Math.round(second * 90_000 * 0.9998), STEP, second * 1000).wallMs;
  }
  expect(Math.abs(wallMs - 3_600_000)).toBeLessThan(100);
});

test('when our own clock is set forward the estimate follows', () => {
  const timeline = new Timeline();
  timeline.place(0, STEP, 1000);
  expect(timeline.place(STEP, STEP, 3_600_000).wallMs).toBe(3_600_000);
});
