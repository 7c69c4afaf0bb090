/** GET /system: the real figures of the service, within an operator's regions. */
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { modelCards } from '../../services/api/model-cards.ts';
import { keepDiskSample } from '../../services/db/disk-samples.ts';
import { startBeating } from '../../services/db/process-beats.ts';
import { PROCESSES } from '../../services/domain/processes.ts';
import { addAccount, as, type Call, useApi } from '../api/support.ts';
import { addWorld } from '../rights/world.ts';

const api = useApi();
let operator: Call;
let near: Call;

interface Answer {
  level: string;
  parts: Record<string, string>;
  missing: string[];
  processes: { name: string; alive: boolean; broker: boolean | null }[];
  cameras: { watched: number; by: { state: string; cause: string; count: number }[] };
  looks: {
    lost: { outcome: string; reason: string; hour: number; day: number }[];
    oldestQueuedAt: string | null;
  };
  disk: { total: number | null; free: number | null; daysLeft: number | null };
  outbox: { pending: number; dead: number };
  history: { faults: number } | null;
  models: unknown[];
}
const stateFor = async (call: Call): Promise<Answer> => (await call('GET /system')).json<Answer>();

beforeAll(async () => {
  await addWorld(api(), await addAccount(api(), 'root', 'operator'));
  operator = await as(api(), 'operator', 'operator');
  const town = await api()
    .context.db.selectFrom('camera')
    .innerJoin('merchant', 'merchant.id', 'camera.merchant_id')
    .select('merchant.region_id')
    .executeTakeFirstOrThrow();
  near = await as(api(), 'near', 'operator', { regionId: town.region_id });
});

describe('processes', () => {
  const beating: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    await Promise.all(beating.splice(0).map((one) => one.close()));
  });

  test('are missing until they say that they live, and again when they stopped', async () => {
    expect((await stateFor(operator)).missing).toEqual([...PROCESSES]);
    const { db } = api().context;
    for (const name of PROCESSES) beating.push(startBeating(db, name));
    await expect.poll(async () => (await stateFor(operator)).missing).toEqual([]);
    expect((await stateFor(operator)).parts.processes).toBe('good');
    await beating.pop()?.close();
    const after = await stateFor(operator);
    expect(after.missing).toEqual(['retention']);
    expect(after.parts.processes).toBe('bad');
    expect(after.level).toBe('bad');
  });

  test('that went without a word are told for a day', async () => {
    const { db } = api().context;
    await sql`insert into process_beat (id, name, host, pid, started_at, seen_at)
      values (gen_random_uuid(), 'detection', 'box-1', 7, now() - interval '3 hours', now() - interval '1 hour'),
             (gen_random_uuid(), 'detection', 'box-1', 8, now() - interval '3 days', now() - interval '2 days')`.execute(
      db,
    );
    const gone = (await stateFor(operator)).processes.filter(({ alive }) => !alive);
    expect(gone).toHaveLength(1);
  });
});

test('cameras are counted by state and cause, and the list behind each number has as many', async () => {
  const { db } = api().context;
  const cameras = await db.selectFrom('camera').selectAll().where('removed_at', 'is', null).execute();
  for (const [index, camera] of cameras.entries()) {
    const cause = index % 2 === 0 ? `no picture for ${30 + index} s` : 'wrong user or password';
    await db
      .insertInto('camera_status')
      .values({
        camera_id: camera.id,
        state: 'offline',
        cause,
        last_frame_at: null,
        last_look_at: null,
        picture_key: null,
        picture_at: null,
      })
      .onConflict((conflict) => conflict.column('camera_id').doUpdateSet({ state: 'offline', cause }))
      .execute();
  }
  for (const call of [operator, near]) {
    const { by, watched } = (await stateFor(call)).cameras;
    expect(by.map(({ cause }) => cause)).toContain('no picture for # s');
    expect(by.reduce((sum, { count }) => sum + count, 0)).toBe(watched);
    for (const { state, cause, count } of by) {
      const path = `/cameras?enabled=true&limit=200&state=${state}&cause=${encodeURIComponent(cause)}`;
      expect((await call(`GET ${path}`)).json<{ items: unknown[] }>().items).toHaveLength(count);
    }
  }
  const [all, some] = [await stateFor(operator), await stateFor(near)];
  expect(some.cameras.watched).toBeLessThan(all.cameras.watched);
  expect(all.parts.cameras).toBe('bad');
});

test('what was lost is told by reason, last hour and last day', async () => {
  const { db } = api().context;
  const now = api().clock.now();
  const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000);
  const { id: camera } = await db.selectFrom('camera').select('id').executeTakeFirstOrThrow();
  const look = (outcome: 'dropped' | 'failed' | 'calm', reason: string, minutes: number) => ({
    id: crypto.randomUUID(),
    camera_id: camera,
    source: 'mqtt' as const,
    captured_at: ago(minutes),
    state: 'decided' as const,
    frames: '[]',
    clip: null,
    outcome,
    reason,
    decided_at: ago(minutes),
  });
  const newer = 'a newer look of this camera came first';
  await db
    .insertInto('look')
    .values([
      look('dropped', newer, 5),
      look('dropped', newer, 300),
      look('failed', 'the picture cannot be read', 20),
      look('dropped', newer, 3000),
      look('calm', '', 5),
    ])
    .execute();
  const { lost } = (await stateFor(operator)).looks;
  expect(lost).toMatchObject([
    { outcome: 'dropped', reason: newer, hour: 1, day: 2 },
    { outcome: 'failed', reason: 'the picture cannot be read', hour: 1, day: 1 },
  ]);
  expect((await stateFor(operator)).parts.drops).toBe('bad');
});

test('the disk is the real one, and its days are told once a day was watched', async () => {
  const { db } = api().context;
  const now = api().clock.now();
  const first = (await stateFor(operator)).disk;
  expect(first.total).toBeGreaterThan(first.free ?? Number.NaN);
  expect(first.daysLeft).toBeNull();
  const free = first.free ?? 0;
  for (const day of [4, 3, 2, 1]) {
    const at = new Date(now.getTime() - day * 86_400_000);
    await keepDiskSample(db, { total: first.total ?? 0, free: free + day * 1_000_000_000 }, at);
  }
  // A young sample is there: this one is not kept.
  await keepDiskSample(db, { total: 1, free: 0 }, new Date(now.getTime() - 86_400_000 + 60_000));
  const { daysLeft } = (await stateFor(operator)).disk;
  // The disk is shared with everything else on this machine: about a gigabyte a day, as the samples say.
  expect(daysLeft).toBeGreaterThan(free / 1_100_000_000 - 1);
  expect(daysLeft).toBeLessThan(free / 900_000_000 + 1);
});

test('an operator of some regions is told nothing of the history of all', async () => {
  const checked = await operator('POST /history-checks');
  expect(checked.statusCode).toBe(201);
  expect((await stateFor(operator)).history).toMatchObject({ faults: 0 });
  expect((await stateFor(near)).history).toBeNull();
});

test('nobody but operators is told', async () => {
  const head = await as(api(), 'head', 'station_head');
  expect((await head('GET /system')).statusCode).toBe(403);
});

test('cards: the figures of each model’s own file', async () => {
  const cards = await modelCards(fileURLToPath(new URL('../../models/', import.meta.url)));
  expect(cards.map(({ name }) => name)).toEqual(['head-attributes', 'heads', 'rodent']);
  for (const { figures } of cards) {
    expect(figures.length).toBeGreaterThan(1);
    for (const { value, of } of figures) {
      expect(value).toBeGreaterThan(0);
      expect(value).toBeLessThanOrEqual(1);
      expect(of).toBeGreaterThan(10);
    }
  }
});
