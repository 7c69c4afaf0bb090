import { expect, test } from 'vitest';
import type { LookJudge } from '../../models/runtime/look-judge.ts';
import { rulesInForce } from '../../tools/analyze/analysis.ts';
import { frameFeed } from '../../tools/analyze/frame-feed.ts';
import { takeLooks } from '../../tools/analyze/looks.ts';
import type { Alarms } from '../../tools/eval/alarm-figures.ts';
import { sumAsText, sumOf } from '../../tools/eval/alarm-sum.ts';
import { parseAlarmOptions } from '../../tools/eval/alarm-usage.ts';
import { poissonUpper } from '../../tools/eval/poisson.ts';
import { running, scene } from './scene.ts';

test('other tasks are left to their own options', () => {
  expect(parseAlarmOptions(['--task', 'hat', '--images', 'alarms'])).toBeUndefined();
});

test('several videos, a metre line and a clock', () => {
  const options = parseAlarmOptions(
    '--task alarms --video a.mp4 --video b.gif --metre 0.1,0.9,0.4,0.9 --clock 0,0,0.3,0.1 --absent rodent --json'.split(
      ' ',
    ),
  );
  expect(options).toMatchObject({
    videos: ['a.mp4', 'b.gif'],
    view: {
      metreLine: [
        [0.1, 0.9],
        [0.4, 0.9],
      ],
      timestampAreas: [[0, 0, 0.3, 0.1]],
    },
    absent: ['rodent'],
    json: true,
  });
  expect(options?.analyze).toMatchObject({ intervalS: 10, zone: 'cooking' });
});

test.each([
  ['no video', ['--json'], /--video FILE is missing/],
  ['half a line', ['--video', 'a.mp4', '--metre', '0.1,0.9'], /--metre must be four numbers from 0 to 1/],
  ['pixels', ['--video', 'a.mp4', '--clock', '0,0,300,20'], /--clock must be four numbers from 0 to 1/],
  ['a cat', ['--video', 'a.mp4', '--absent', 'cat'], /--absent must be no_hat, no_mask, rodent, is cat/],
])('%s is said', (_, more, message) => {
  expect(() => parseAlarmOptions(['--task', 'alarms', ...more])).toThrow(message);
});

const watched = (durationS: number, findings: number): Alarms => ({
  task: 'alarms',
  video: 'a.mp4',
  durationS,
  looks: 10,
  kinds: {
    rodent: { findings, findingsPerHour: 0, looks: findings, looksPerHour: 0, bestScore: null },
    no_hat: { findings: 2, findingsPerHour: 0, looks: 2, looksPerHour: 0, bestScore: 0.9 },
  },
  findings: [],
  models: [],
});

test('several videos are summed up with the rate that so short a time still allows', () => {
  const sum = sumOf([watched(1200, 0), watched(600, 0)], ['rodent']);
  expect(sum).toMatchObject({ videos: 2, minutes: 30, looks: 20 });
  expect(sum.kinds).toEqual({
    rodent: { findings: 0, wrong: 0, perHour: 0, atMostPerHour: 6 },
    no_hat: { findings: 4, wrong: null, perHour: 8, atMostPerHour: 18.3 },
  });
  expect(sumAsText(sum)).toContain('rodent   findings 0, 0 wrong: 0 an hour, at most 6');
});

test.each([
  [0, 2.996],
  [1, 4.744],
  [10, 16.962],
])('%i events speak against a mean above %d (Garwood)', (count, upper) => {
  expect(poissonUpper(count)).toBeCloseTo(upper, 2);
});

test('a look takes the frames of its motion burst although the first one is calm', async () => {
  const asked: number[] = [];
  const judge: LookJudge = {
    kinds: ['rodent'],
    motionKinds: ['rodent'],
    models: [],
    judgeFrame: async () => [],
    async judgeLook(frames) {
      asked.push(frames.length);
      return frames.map(({ at }) => ({
        at,
        detections: [{ kind: 'rodent', verdict: 'yes', score: 0.9, box: [0, 0, 0.1, 0.1], sizePx: 30 }],
      }));
    },
    async close() {},
  };
  async function* frames() {
    for (const { at, frame } of scene(24, running(8))) yield { atMs: at.getTime(), frame };
  }
  const pattern = {
    intervalMs: 10_000,
    burstMs: [0, 1500],
    motionMs: [0, 500, 1000, 1500, 2000],
    instant: false,
  };
  const looks = [];
  for await (const look of takeLooks(frameFeed(frames()), judge, rulesInForce('cooking', judge), pattern)) {
    looks.push(look);
  }
  expect(asked).toEqual([5]);
  expect(looks[0]).toMatchObject({ outcome: 'finding', hits: [{ kind: 'rodent' }] });
});
