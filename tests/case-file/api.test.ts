/** Case files, holds and retention over HTTP: what they do, who may, and what history says of it. */
import { beforeAll, describe, expect, test } from 'vitest';
import { verifyHistory } from '../../services/db/verify-history.ts';
import { readPublicKey } from '../../services/evidence/case/signing-key.ts';
import { as, type Call, caller, signIn, useApi } from '../api/support.ts';
import { addWorld, type World } from '../api/world.ts';
import { addCase, addPeople, type TestCase } from './support/case.ts';
import { verifyBytes } from './support/export.ts';

const api = useApi();
let world: World;
let one: TestCase;
let call: Record<'director' | 'inspector' | 'abroad' | 'merchant' | 'operator', Call>;

beforeAll(async () => {
  world = await addWorld(api());
  one = await addCase(api(), world, await addPeople(api(), world));
  call = {
    director: await as(api(), 'director', 'director', { regionId: world.county }),
    inspector: await as(api(), 'desk', 'inspector', { regionId: world.east }),
    abroad: await as(api(), 'abroad', 'director', { regionId: world.west }),
    merchant: await as(api(), 'cook', 'merchant', { merchantId: world.eastMerchant }),
    operator: await as(api(), 'operator', 'operator'),
  };
});

describe('the case file over HTTP', () => {
  test('comes as a zip that proves itself by the published key, for the case by number, task or finding', async () => {
    for (const named of [one.number, one.taskId, one.findingId]) {
      const answer = await call.inspector(`POST /cases/${named}/export`, { purpose: '行政复议' });
      expect(answer.statusCode).toBe(200);
      expect(answer.headers['content-type']).toBe('application/zip');
      expect(answer.headers['content-disposition']).toContain(`case-${one.number}.zip`);
      const keys = (await api().app.inject('/api/v1/evidence-keys')).json<{
        items: { publicKey: string }[];
      }>();
      const report = await verifyBytes(answer.rawPayload, {
        publicKey: readPublicKey(keys.items[0]?.publicKey ?? ''),
      });
      expect(report.faults).toEqual([]);
      expect(report.signature.trust).toBe('trusted');
      expect(report.manifest).toMatchObject({ exportedBy: 'desk', purpose: '行政复议' });
    }
  });

  test('history and the case say who took it and why, and the chain of history stays whole', async () => {
    const page = (await call.inspector(`GET /cases/${one.number}`)).json();
    expect(page).toMatchObject({ id: one.findingId, phase: 'closed', held: false, members: [one.findingId] });
    expect(page.exports).toHaveLength(3);
    expect(page.exports[0]).toMatchObject({ by: 'desk', purpose: '行政复议' });
    expect(page.exports[0].manifestSha256).toMatch(/^[0-9a-f]{64}$/);
    const { faults } = await verifyHistory(api().context.db);
    expect(faults).toEqual([]);
  });

  test.each([
    ['merchant', 403],
    ['abroad', 404],
  ] as const)('%s gets none', async (who, status) => {
    for (const what of [`POST /cases/${one.number}/export`, `POST /cases/${one.number}/hold`])
      expect((await call[who](what, { purpose: 'x', reason: 'x' })).statusCode).not.toBe(200);
    expect((await call[who](`POST /cases/${one.number}/export`, { purpose: 'x' })).statusCode).toBe(status);
  });

  test('asks what for, and names the field', async () => {
    const answer = await call.inspector(`POST /cases/${one.number}/export`, { purpose: ' ' });
    expect(answer.statusCode).toBe(400);
    expect(answer.body).toContain('purpose');
    expect((await call.inspector('POST /cases/ZG-0/export', { purpose: 'x' })).statusCode).toBe(404);
  });
});

describe('holds over HTTP', () => {
  test('a head places and lifts one; finding and task show it', async () => {
    expect((await call.inspector(`POST /cases/${one.number}/hold`, { reason: '诉讼' })).statusCode).toBe(403);
    const placed = await call.director(`POST /cases/${one.number}/hold`, { reason: '诉讼' });
    expect(placed.json()).toMatchObject({ held: true, holds: [{ reason: '诉讼', placedBy: 'director' }] });
    expect((await call.director(`POST /cases/${one.number}/hold`, { reason: '诉讼' })).statusCode).toBe(409);
    for (const path of [`/findings/${one.findingId}`, `/tasks/${one.taskId}`])
      expect((await call.inspector(`GET ${path}`)).json()).toMatchObject({ held: true });
    const lifted = await call.director(`POST /cases/${one.number}/lift-hold`, { reason: '结案' });
    expect(lifted.json()).toMatchObject({
      held: false,
      holds: [{ liftReason: '结案', liftedBy: 'director' }],
    });
    expect((await call.director(`POST /cases/${one.number}/lift-hold`, { reason: '结案' })).statusCode).toBe(
      409,
    );
    expect((await call.inspector(`GET /tasks/${one.taskId}`)).json()).toMatchObject({ held: false });
  });
});

describe('retention policy over HTTP', () => {
  const rule = { region: 'east', item: 'clip', since: 'closed', keepDays: 1000 };

  test('the director of a region sets it there, not below half a year, and not for everywhere', async () => {
    expect((await call.director('PUT /retention-policies', rule)).statusCode).toBe(200);
    const { items } = (await call.inspector('GET /retention-policies')).json<{ items: object[] }>();
    expect(items).toContainEqual(rule);
    expect(items).toContainEqual({ ...rule, region: null, keepDays: 730 });
    const short = await call.director('PUT /retention-policies', { ...rule, keepDays: 179 });
    expect([short.statusCode, short.body.includes('keepDays')]).toEqual([400, true]);
    expect((await call.director('PUT /retention-policies', { ...rule, region: null })).statusCode).toBe(403);
    expect((await call.abroad('PUT /retention-policies', rule)).statusCode).toBe(400);
    const log = await call.operator('PUT /retention-policies', { ...rule, region: null, item: 'event' });
    expect([log.statusCode, log.body.includes('since')]).toEqual([400, true]);
  });

  test('says within which days each may be set and who says so, and what goes by itself', async () => {
    const { bounds, fixed } = (await call.inspector('GET /retention-policies')).json<{
      bounds: object[];
      fixed: object[];
    }>();
    expect(bounds).toContainEqual({ item: 'event', leastDays: 180, mostDays: 36_500, source: 'law' });
    expect(bounds).toContainEqual({ item: 'clip', leastDays: 180, mostDays: 36_500, source: 'house' });
    expect(fixed).toContainEqual({ what: 'look', hours: 48, looks: null });
  });

  test('a dry run tells what would go at the next run, tries a change without making it, and names what is held', async () => {
    type DryRun = { items: { item: string; count: number; bytes: number; held: number }[] };
    const run = async (who: keyof typeof call, query = ''): Promise<DryRun['items']> =>
      (await call[who](`GET /retention-policies/dry-run${query}`)).json<DryRun>().items;
    const clips = (items: DryRun['items']) => items.find(({ item }) => item === 'clip');
    const trial = (region: string): string => `?region=${region}&item=clip&since=closed&keepDays=180`;
    api().clock.move(181 * 86_400_000);
    // Sessions have ended by then.
    const again = async (name: string): Promise<Call> => caller(api(), await signIn(api(), name));
    for (const name of ['director', 'abroad', 'operator'] as const) call[name] = await again(name);
    call.inspector = await again('desk');
    expect(clips(await run('operator'))).toBeUndefined();
    const due = clips(await run('operator', trial('east')));
    expect(due).toMatchObject({ item: 'clip', since: 'closed', count: 1, held: 0 });
    expect(due?.bytes).toBeGreaterThan(0);
    // The trial of another region touches nothing of this one, and nobody sees beyond the own regions.
    expect(clips(await run('operator', trial('east-west')))).toBeUndefined();
    expect(clips(await run('abroad', trial('east-west')))).toBeUndefined();
    expect((await call.abroad(`GET /retention-policies/dry-run${trial('east')}`)).statusCode).toBe(400);
    const half = await call.operator('GET /retention-policies/dry-run?keepDays=200');
    expect([half.statusCode, half.body.includes('query.item')]).toEqual([400, true]);
    expect((await call.inspector('GET /retention-policies')).json()).toMatchObject({
      items: expect.arrayContaining([{ ...rule, region: null, keepDays: 730 }]),
    });

    await call.director(`POST /cases/${one.number}/hold`, { reason: '行政复议' });
    expect(clips(await run('operator', trial('east')))).toMatchObject({ count: 0, held: 1 });
    const holds = (await call.inspector('GET /legal-holds')).json<{ items: object[] }>().items;
    expect(holds).toMatchObject([
      { finding: one.findingId, task: { number: one.number }, reason: '行政复议', placedBy: 'director' },
    ]);
    expect((await call.abroad('GET /legal-holds')).json()).toMatchObject({ items: [] });
    await call.director(`POST /cases/${one.number}/lift-hold`, { reason: '结案' });
    expect((await call.inspector('GET /legal-holds')).json()).toMatchObject({ items: [] });
  });

  test('a region takes back what it set, with the reason in the audit', async () => {
    const set = await call.director('PUT /retention-policies', { ...rule, keepDays: 900, note: '磁盘不足' });
    expect(set.json()).toEqual({ ...rule, keepDays: 900 });
    const address = 'DELETE /retention-policies?region=east&item=clip&since=closed';
    expect((await call.abroad(address)).statusCode).toBe(400);
    expect((await call.inspector(address)).statusCode).toBe(403);
    expect((await call.director(address)).statusCode).toBe(204);
    expect((await call.director(address)).statusCode).toBe(404);
    const audit = (await call.operator('GET /audit?entity=retention_policy&limit=2')).json<{
      items: object[];
    }>();
    expect(audit.items).toMatchObject([{ to: 'removed' }, { to: 'changed', note: '磁盘不足' }]);
  });
});
