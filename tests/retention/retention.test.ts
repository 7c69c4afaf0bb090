/** What is over is removed, step by step, and nothing else is; on a folder and on an S3-compatible server. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import S3rver from 's3rver';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkCases } from '../../services/db/case-check.ts';
import { liftHold, placeHold } from '../../services/db/holds.ts';
import { whyKept } from '../../services/db/object-references.ts';
import { removeLogs } from '../../services/db/remove-logs.ts';
import { guardStore, ObjectKept } from '../../services/evidence/guarded-store.ts';
import { sha256 } from '../../services/evidence/keys.ts';
import type { ObjectStore } from '../../services/evidence/object-store.ts';
import { openObjectStore } from '../../services/evidence/open.ts';
import { checkStore } from '../../tools/evidence/check-store.ts';
import { planStep, removeStep } from '../../workers/retention/remove.ts';
import { sweepStep } from '../../workers/retention/sweep-orphans.ts';
import { type Api, startApi, stopApi } from '../api/support.ts';
import { addWorld, type World } from '../api/world.ts';
import { addCase, addPeople, type People } from '../case-file/support/case.ts';
import { contentsOf, faultsOf, newKey, zipOf } from '../case-file/support/export.ts';
import { useTestDatabase } from '../support/postgres.ts';

const DAY_MS = 86_400_000;

describe.each(['folder', 's3'] as const)('retention with objects in a %s', (kind) => {
  const url = useTestDatabase();
  let api: Api;
  let world: World;
  let people: People;
  let store: ObjectStore;
  let server: S3rver | undefined;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mingzao-retention-'));
    store = kind === 'folder' ? openObjectStore({ kind: 'file', path: folder }) : await openS3();
    api = await startApi(url(), { store });
    world = await addWorld(api);
    people = await addPeople(api, world);
  });
  afterAll(async () => {
    await stopApi(api);
    store.close();
    await server?.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function openS3(): Promise<ObjectStore> {
    server = new S3rver({
      address: '127.0.0.1',
      port: 0,
      silent: true,
      directory: folder,
      configureBuckets: [{ name: 'mingzao', configs: [] }],
    });
    const { port } = await server.run();
    return openObjectStore({
      kind: 's3',
      endpoint: `http://127.0.0.1:${port}`,
      bucket: 'mingzao',
      region: 'us-east-1',
      accessKey: 'S3RVER',
      secretKey: 'S3RVER',
    });
  }

  const context = (in_ms = 0) => ({
    db: api.context.db,
    store,
    now: () => new Date(api.clock.now().getTime() + in_ms),
  });
  const clipOf = async (findingId: string) =>
    await api.context.db
      .selectFrom('evidence')
      .selectAll()
      .where('finding_id', '=', findingId)
      .where('kind', '=', 'clip')
      .executeTakeFirstOrThrow();
  const isThere = async (key: string): Promise<boolean> =>
    await store.get(key).then(
      () => true,
      () => false,
    );
  const later = (days: number) => context(days * DAY_MS);
  async function runAll(days: number): Promise<string[]> {
    while ((await planStep(later(days))) > 0);
    const removed: string[] = [];
    for (;;) {
      const some = await removeStep(later(days));
      if (some.length === 0) return removed;
      removed.push(...some);
    }
  }

  test('clips of closed cases go two years after closure, not a day before; their rows and the rest stay', async () => {
    const one = await addCase(api, world, people);
    const clip = await clipOf(one.findingId);
    expect(await runAll(729)).toEqual([]);
    expect(await runAll(731)).toEqual([clip.object_key]);
    expect(await isThere(clip.object_key)).toBe(false);
    const removal = await api.context.db.selectFrom('object_removal').selectAll().executeTakeFirstOrThrow();
    expect(removal).toMatchObject({
      sha256: clip.sha256,
      why: 'retention',
      policy: { item: 'clip', since: 'closed', keepDays: 730 },
    });
    expect((await checkCases(api.context.db)).faults).toEqual([]);
    // The case file says that it was removed, and is whole.
    const { contents, trouble } = await contentsOf(api, one.findingId, await newKey());
    expect(trouble).toEqual([]);
    expect(await faultsOf(await zipOf(contents))).toEqual([]);
    expect(contents.map(({ name }) => name)).not.toContain(`files/${clip.sha256}.mp4`);
  });

  test('open cases are never touched, not even by a plan written past the worker', async () => {
    const open = await addCase(api, world, people, 'issued');
    const clip = await clipOf(open.findingId);
    expect(await runAll(10_000)).not.toContain(clip.object_key);
    const plan = api.context.db
      .insertInto('object_removal')
      .values({
        object_key: clip.object_key,
        sha256: clip.sha256,
        bytes: null,
        why: 'retention',
        policy: '{}',
        planned_at: api.clock.now(),
      })
      .execute();
    await expect(plan).rejects.toThrow(/which is open/);
  });

  test('a hold takes back what was planned, keeps all, and lets go when it is lifted', async () => {
    const held = await addCase(api, world, people);
    const { object_key: key } = await clipOf(held.findingId);
    expect(await planStep(later(731))).toBe(1);
    const command = { caseId: held.findingId, actorId: people.inspector, reason: '行政复议' };
    expect(await placeHold(api.context.db, command, api.clock.now())).toEqual({ done: true, removing: 0 });
    expect(await placeHold(api.context.db, command, api.clock.now())).toMatchObject({ why: 'already_held' });
    expect(await runAll(10_000)).toEqual([]);
    expect(await isThere(key)).toBe(true);
    const history = await api.context.db
      .selectFrom('history')
      .select(['command', 'note', 'actor_id'])
      .where('entity_id', '=', held.findingId)
      .where('command', '=', 'hold')
      .execute();
    expect(history).toEqual([{ command: 'hold', note: '行政复议', actor_id: people.inspector }]);
    await liftHold(api.context.db, { ...command, reason: '复议结束' }, api.clock.now());
    expect(await runAll(731)).toEqual([key]);
  });

  test('killed after each statement of a removal, the next run finishes it', async () => {
    const one = await addCase(api, world, people);
    const { object_key: key } = await clipOf(one.findingId);
    const died = new Error('killed');
    const dying = (when: 'before' | 'after'): ObjectStore => ({
      ...store,
      async remove(object) {
        if (when === 'after') await store.remove(object);
        throw died;
      },
    });
    expect(await planStep(later(731))).toBe(1);
    for (const [minutes, when] of [
      [0, 'before'],
      [10, 'after'],
    ] as const) {
      const at = context(731 * DAY_MS + minutes * 60_000);
      await expect(removeStep({ ...at, store: dying(when) })).rejects.toThrow(died);
    }
    // Neither forgotten nor taken twice while the claim lasts.
    expect(await removeStep(context(731 * DAY_MS + 11 * 60_000))).toEqual([]);
    const report = await checkStore(api.context.db, store, false);
    expect(report.faults.map((fault) => fault.fault)).toEqual(['missing']);
    expect(await removeStep(context(731 * DAY_MS + 30 * 60_000))).toEqual([key]);
    expect((await checkStore(api.context.db, store, true)).faults).toEqual([]);
    expect((await checkCases(api.context.db)).faults).toEqual([]);
  });

  test('a hold that came after the object was gone finds that written down', async () => {
    const one = await addCase(api, world, people);
    const { object_key: key } = await clipOf(one.findingId);
    await planStep(later(731));
    const claimed: ObjectStore = {
      ...store,
      async remove(object) {
        await store.remove(object);
        throw new Error('killed');
      },
    };
    await expect(removeStep({ ...later(731), store: claimed })).rejects.toThrow('killed');
    const command = { caseId: one.findingId, actorId: null, reason: '保全' };
    expect(await placeHold(api.context.db, command, api.clock.now())).toEqual({ done: true, removing: 1 });
    expect(await removeStep(later(732))).toEqual([key]);
    expect((await checkStore(api.context.db, store, false)).faults).toEqual([]);
  });

  test('an object without a row goes after a day, with its hash; one with a row never', async () => {
    const key = 'evidence/left-by-a-crash/frame.jpg';
    await store.put(key, Buffer.from('left'));
    const sweep = async (days: number): Promise<string[]> => {
      const at = () => new Date(Date.now() + days * DAY_MS);
      const planned: string[] = [];
      for (;;) {
        const step = await sweepStep({ ...context(), now: at });
        planned.push(...step.planned);
        if (step.finished) return planned;
      }
    };
    expect(await sweep(0)).toEqual([]);
    expect(await sweep(2)).toEqual([]);
    expect(await sweep(4)).toEqual([key]);
    expect(await removeStep(context())).toEqual([key]);
    expect(await isThere(key)).toBe(false);
    const removal = await api.context.db
      .selectFrom('object_removal')
      .select(['sha256', 'why'])
      .where('object_key', '=', key)
      .executeTakeFirst();
    expect(removal).toEqual({ sha256: sha256(Buffer.from('left')), why: 'orphan' });
    expect((await checkStore(api.context.db, store, true)).faults).toEqual([]);
  });

  test('the store of every other process removes and overwrites nothing that a row needs', async () => {
    const one = await addCase(api, world, people, 'issued');
    const { object_key: key } = await clipOf(one.findingId);
    const guarded = guardStore(store, (object) => whyKept(api.context.db, object));
    await expect(guarded.remove(key)).rejects.toThrow(ObjectKept);
    await expect(guarded.put(key, Buffer.from('other'), { overwrite: true })).rejects.toThrow(ObjectKept);
    expect(await isThere(key)).toBe(true);
    await guarded.put('evidence/nobody.jpg', Buffer.from('x'));
    await guarded.remove('evidence/nobody.jpg');
  });

  test('nobody deletes rows of evidence, links or removals, and the check names what was forced', async () => {
    const { db } = api.context;
    for (const table of ['evidence', 'task_photo', 'task_answer', 'case_link', 'object_removal'] as const)
      await expect(db.deleteFrom(table).execute()).rejects.toThrow(/append-only/);
    const one = await addCase(api, world, people, 'issued');
    const { id, object_key: key } = await clipOf(one.findingId);
    await store.remove(key);
    expect((await checkStore(db, store, false)).faults).toEqual([
      { fault: 'missing', key, detail: `evidence ${id} needs it` },
    ]);
    await store.put(key, Buffer.from('0123456789 cliP'));
    expect((await checkStore(db, store, true)).faults).toMatchObject([{ fault: 'altered', key }]);
  });

  test('logs go after their time with a hash of what they said; what was not delivered stays', async () => {
    const { db } = api.context;
    const before = await db.selectFrom('event').select('id').execute();
    expect(await removeLogs(db, 'event', api.clock.now(), 5)).toBe(0);
    await db.updateTable('retention_policy').set({ keep_days: 180 }).where('item', '=', 'event').execute();
    const real = new Date(Date.now() + 181 * DAY_MS);
    expect(await removeLogs(db, 'event', real, 5)).toBe(5);
    const after = await db.selectFrom('event').select('id').execute();
    expect(after.length).toBe(before.length - 5);
    const log = await db.selectFrom('log_removal').selectAll().executeTakeFirstOrThrow();
    expect(log).toMatchObject({ item: 'event', rows: 5, keep_days: 180 });
  });

  test('what logs say of a held case stays as long as the hold', async () => {
    const { db } = api.context;
    const one = await addCase(api, world, people);
    const { id: hook } = await db
      .insertInto('webhook')
      .values({
        name: 'platform',
        url: 'https://platform.example.org',
        secret_sealed: Buffer.from('x'),
        broker_sealed: null,
        topic_prefix: null,
        account_id: null,
        cases_url: null,
        cases_token_sealed: null,
        region_id: null,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    const { rows: ours } = await sql<{ id: string }>`
      insert into outbox (event_id, webhook_id, state, delivered_at)
      select id, ${hook}::uuid, 'delivered', ${api.clock.now()} from event
      where payload ->> 'findingId' = ${one.findingId} or payload ->> 'taskId' = ${one.taskId}
      returning event_id::text as id
    `.execute(db);
    expect(ours.length).toBeGreaterThan(2);
    await placeHold(db, { caseId: one.findingId, actorId: null, reason: '保全' }, api.clock.now());
    await db.updateTable('retention_policy').set({ keep_days: 180 }).where('since', '=', 'written').execute();
    const real = new Date(Date.now() + 181 * DAY_MS);
    const left = async (): Promise<number> => {
      await removeLogs(db, 'delivery', real, 5000);
      await removeLogs(db, 'event', real, 5000);
      const ids = ours.map(({ id }) => id);
      return (await db.selectFrom('event').select('id').where('id', 'in', ids).execute()).length;
    };
    expect(await left()).toBe(ours.length);
    await liftHold(db, { caseId: one.findingId, actorId: null, reason: '结束' }, api.clock.now());
    expect(await left()).toBe(0);
    await db.deleteFrom('webhook').where('id', '=', hook).execute();
  });
});
