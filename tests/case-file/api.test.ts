/** Case files, holds and retention over HTTP: what they do, who may, and what history says of it. */
import { beforeAll, describe, expect, test } from 'vitest';
import { verifyHistory } from '../../services/db/verify-history.ts';
import { readPublicKey } from '../../services/evidence/case/signing-key.ts';
import { as, type Call, useApi } from '../api/support.ts';
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
});
