import { expect, test } from 'vitest';
import type { People } from '../../models/runtime/heads.ts';
import type { LookJudge } from '../../models/runtime/look-judge.ts';
import { combineJudges } from '../../models/runtime/open-judge.ts';
import type { RodentClassifier } from '../../models/runtime/rodent/classifier.ts';
import { rodentJudge } from '../../models/runtime/rodent/rodent-judge.ts';
import { confirmLook } from '../../services/domain/confirm.ts';
import { STARTING_RULES } from '../../services/domain/rules.ts';
import type { Box, FrameDetections } from '../../services/domain/words.ts';
import { running, scene } from './scene.ts';

const MODEL = { name: 'rodent', version: '1.0.0', sha256: '0'.repeat(64) };
const NOBODY: People = { heads: [], bodies: [] };

/** Says of the i-th crop of a track what `score` says. */
const saying = (score: (i: number) => number): RodentClassifier => ({
  model: MODEL,
  thresholds: { yes: 0.7, uncertain: 0.4 },
  classify: async (crops) => crops.map((_, i) => score(i)),
  async close() {},
});
const judging = (score: (i: number) => number, people: People = NOBODY): LookJudge =>
  rodentJudge(saying(score), { detect: async () => people });
const look = scene(16, running());
const all = (frames: readonly FrameDetections[] | undefined) => (frames ?? []).flatMap((f) => f.detections);

test('a track is judged by the better half of its crops, and the rule confirms it', async () => {
  const found = await judging((i) => (i % 2 === 0 ? 0.8 : 0.1)).judgeLook?.(look);
  const detections = all(found);
  expect(detections).toHaveLength(16);
  expect(new Set(detections.map(({ verdict }) => verdict))).toEqual(new Set(['yes']));
  expect(detections[0]?.score).toBeCloseTo(0.8);
  expect(detections[0]?.sizePx).toBeGreaterThan(16);
  const rule = STARTING_RULES.find(({ kind }) => kind === 'rodent');
  if (rule === undefined) throw new Error('there is a rule for rodents');
  expect(rule).toMatchObject({ class: 1, hours: 'always' });
  expect(confirmLook(found ?? [], rule).confirmed).toBe(true);
});

test('one crop that looks like a rat does not make a track one', async () => {
  expect(all(await judging((i) => (i === 0 ? 1 : 0.1)).judgeLook?.(look))).toEqual([]);
});

test('between the thresholds it is uncertain, and no rule counts that', async () => {
  const found = await judging(() => 0.5).judgeLook?.(look);
  expect(all(found)[0]?.verdict).toBe('uncertain');
  for (const rule of STARTING_RULES) expect(confirmLook(found ?? [], rule).confirmed).toBe(false);
});

test.each<[string, Partial<People>]>([
  ['a body', { bodies: [{ score: 0.9, box: [0.1, 0.2, 0.9, 0.9] }] }],
  ['a head above it', { heads: [{ score: 0.9, box: [0.3, 0.1, 0.45, 0.25] }] }],
])('nothing is suspected at %s', async (_, people) => {
  expect(all(await judging(() => 1, { ...NOBODY, ...people }).judgeLook?.(look))).toEqual([]);
});

test('a person at the other end of the room takes nothing away', async () => {
  const far: Box = [0.02, 0.02, 0.08, 0.3];
  const people = { heads: [], bodies: [{ score: 0.9, box: far }] };
  expect(all(await judging(() => 1, people).judgeLook?.(look))).toHaveLength(16);
});

test('several judges stand behind one, each for its own kinds', async () => {
  const hats: LookJudge = {
    kinds: ['no_hat'],
    models: [{ ...MODEL, name: 'hats' }],
    judgeFrame: async () => [{ kind: 'no_hat', verdict: 'yes', score: 1, box: [0, 0, 1, 1], sizePx: 320 }],
    async close() {},
  };
  const both = combineJudges([hats, judging(() => 0.9)]);
  expect(both.kinds).toEqual(['no_hat', 'rodent']);
  expect(both.motionKinds).toEqual(['rodent']);
  expect(both.models.map(({ name }) => name)).toEqual(['hats', 'rodent']);
  expect(both.modelsOf?.('no_hat').map(({ name }) => name)).toEqual(['hats']);
  const [first] = look;
  if (first === undefined) throw new Error('the look has frames');
  expect((await both.judgeFrame(first.frame)).map(({ kind }) => kind)).toEqual(['no_hat']);
  expect(new Set(all(await both.judgeLook?.(look)).map(({ kind }) => kind))).toEqual(new Set(['rodent']));
});
