/** A policy that issues tasks by itself says nothing of what the models found: neither for them nor against what people said. */
import { beforeAll, expect, test } from 'vitest';
import { runTaskOrder } from '../../services/db/task-life.ts';
import { confirmFinding } from '../../services/db/verdicts.ts';
import { judgedFrames } from '../../tools/dataset-export/frames.ts';
import { proposeChanges } from '../../workers/detection/propose-changes.ts';
import { addAccount, as, type Call, useApi } from '../api/support.ts';
import { addWorld, type World } from '../api/world.ts';
import { addJudged, poster } from './judged.ts';

const HOUR = 3_600_000;
const api = useApi();
let world: World;
let operator: Call;
const hoursAgo = (hours: number): Date => new Date(api().clock.now().getTime() - hours * HOUR);

beforeAll(async () => {
  world = await addWorld(api());
  operator = await as(api(), 'operator', 'operator');
});

/** A finding that the policy confirmed. @returns its id and that of its task */
async function byPolicy(cameraId: string, hours: number, i: number): Promise<{ id: string; taskId: string }> {
  const { context } = api();
  const at = hoursAgo(hours);
  const id = await addJudged(context, cameraId, { at, box: poster(i) });
  const command = { findingId: id, actorId: null, version: undefined, note: 'policy' };
  const done = await confirmFinding(context.db, command, at);
  if (!done.done || done.taskId === null) throw new Error('not confirmed');
  return { id, taskId: done.taskId };
}

interface Proposal {
  type: string;
  camera: { code: string };
  evidence: { confirmed: number; dismissed: number; dismissedDropped: number };
}
const proposed = async (camera: string): Promise<Proposal[]> => {
  await proposeChanges({ db: api().context.db, now: api().clock.now });
  const { items } = (await operator('GET /rule-proposals')).json<{ items: Proposal[] }>();
  return items.filter((one) => one.camera.code === camera);
};

test('a poster that people dismissed is proposed to be ignored, however often the policy confirmed it', async () => {
  const { context } = api();
  for (let i = 0; i < 24; i += 1) await byPolicy(world.eastCamera, 20 + i, i);
  expect(await proposed('em-cam'), 'what nobody judged says nothing').toEqual([]);
  for (let i = 0; i < 6; i += 1)
    await addJudged(context, world.eastCamera, {
      at: hoursAgo(3 + i),
      box: poster(i),
      verdict: 'wearing_it',
    });
  const proposals = await proposed('em-cam');
  expect(proposals.map(({ type }) => type).sort()).toEqual(['ignore_area', 'min_score']);
  for (const { evidence } of proposals)
    expect(evidence).toMatchObject({ confirmed: 0, dismissed: 6, dismissedDropped: 6 });
  const anyTime = { from: undefined, to: undefined, kind: undefined };
  const taught = new Set<string>();
  for await (const { state } of judgedFrames(context.db, anyTime)) taught.add(state);
  expect([...taught], 'a model is not taught its own opinion').toEqual(['dismissed']);
});

test('what the policy confirmed and an appeal took back counts as wrong', async () => {
  const { db } = api().context;
  const merchant = await addAccount(api(), 'owner', 'merchant', { merchantId: world.westMerchant });
  const inspector = await addAccount(api(), 'desk', 'inspector');
  for (let i = 0; i < 6; i += 1) {
    const { taskId } = await byPolicy(world.westCamera, 3 + i, i);
    for (const [command, actorId] of [
      ['appeal', merchant],
      ['uphold_appeal', inspector],
    ] as const)
      expect(await runTaskOrder(db, { taskId, command, actorId }, hoursAgo(1))).toMatchObject({ done: true });
  }
  for (const { evidence } of await proposed('wm-cam'))
    expect(evidence).toMatchObject({ confirmed: 0, dismissed: 6 });
  expect(await proposed('wm-cam')).toHaveLength(2);
});
