import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LookJudge } from '../../models/runtime/look-judge.ts';
import { type Database, type OpenDatabase, openDatabase } from '../../services/db/database.ts';
import { fulfilBurst, sweepLooks } from '../../services/db/looks.ts';
import type { Detection, ViolationKind } from '../../services/domain/words.ts';
import { sha256 } from '../../services/evidence/keys.ts';
import type { ObjectStore } from '../../services/evidence/object-store.ts';
import { openObjectStore } from '../../services/evidence/open.ts';
import type { JudgeContext } from '../../workers/detection/judge-context.ts';
import { judgeLook } from '../../workers/detection/judge-look.ts';
import { createRegistryCache } from '../../workers/detection/registry-cache.ts';
import { clearLeftovers } from '../../workers/detection/sweep.ts';
import { forgetFindings } from '../support/forget.ts';
import { type Kitchen, seedKitchen } from '../support/kitchen.ts';
import { useTestDatabase } from '../support/postgres.ts';
import { plainJpeg, spoolLook } from '../support/spooled-look.ts';

const url = useTestDatabase();
const AT = new Date('2026-03-02T04:00:00Z');
const minutes = (n: number): Date => new Date(AT.getTime() + n * 60_000);

let opened: OpenDatabase;
let db: Database;
let folder: string;
let store: ObjectStore;
let kitchen: Kitchen;
let framesJudged: number;
let kindsAsked: (readonly ViolationKind[] | undefined)[];

const head: Detection = { kind: 'no_hat', verdict: 'yes', score: 0.9, box: [0.1, 0.1, 0.3, 0.5], sizePx: 80 };
/** Says the same of every frame: what the rules and the tables make of it is what these tests look at. */
const judgeThatSees = (detections: Detection[]): LookJudge => ({
  kinds: ['no_hat', 'no_mask'],
  models: [{ name: 'scripted', version: '1', sha256: '0'.repeat(64) }],
  async judgeFrame(_frame, kinds) {
    framesJudged += 1;
    kindsAsked.push(kinds);
    return [...detections];
  },
  async close() {},
});
const context = (detections: Detection[] = [head], now = AT): JudgeContext => ({
  db,
  store,
  judge: judgeThatSees(detections),
  registry: createRegistryCache(db),
  now: () => now,
});
const count = async (table: 'finding' | 'evidence' | 'alert' | 'event' | 'finding_look'): Promise<number> =>
  Number(
    (
      await db
        .selectFrom(table)
        .select((eb) => eb.fn.countAll<string>().as('n'))
        .executeTakeFirstOrThrow()
    ).n,
  );
const outcome = async (id: string) =>
  await db.selectFrom('look').select(['state', 'outcome', 'reason']).where('id', '=', id).executeTakeFirst();
const spooled = async (): Promise<string[]> => {
  const keys: string[] = [];
  for await (const { key } of store.list('spool')) keys.push(key);
  return keys;
};

beforeAll(async () => {
  opened = openDatabase(url());
  db = opened.db;
  folder = await mkdtemp(join(tmpdir(), 'mingzao-judge-'));
});
afterAll(async () => {
  await opened.close();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  await forgetFindings(db);
  store = openObjectStore({ kind: 'file', path: join(folder, crypto.randomUUID()) });
  kitchen = await seedKitchen(db);
  framesJudged = 0;
  kindsAsked = [];
});

describe('a look with a bare head in every frame', () => {
  it('becomes one finding with evidence, alert, event and a looked-at minute', async () => {
    const id = await spoolLook(db, store, kitchen.cameraId, AT);
    expect(await judgeLook(context(), id)).toBe('finding');

    const finding = await db.selectFrom('finding').selectAll().executeTakeFirstOrThrow();
    expect(finding).toMatchObject({
      kind: 'no_hat',
      class: 2,
      state: 'pending_review',
      count: 1,
      camera_id: kitchen.cameraId,
    });
    expect(finding.models).toEqual([{ name: 'scripted', version: '1', sha256: '0'.repeat(64) }]);
    const evidence = await db.selectFrom('evidence').selectAll().execute();
    expect(evidence).toHaveLength(5);
    for (const row of evidence) {
      expect(sha256(await store.get(row.object_key))).toBe(row.sha256);
      expect(row.detail.detections?.[0]).toEqual(head);
    }
    expect(await count('alert')).toBe(1);
    expect(await count('event')).toBe(1);
    expect(await outcome(id)).toMatchObject({ state: 'decided', outcome: 'finding' });
    const coverage = await db
      .selectFrom('coverage')
      .selectAll()
      .where('camera_id', '=', kitchen.cameraId)
      .execute();
    expect(coverage.map((row) => row.minutes)).toEqual([`L${'.'.repeat(59)}`]);
    expect(await spooled()).toEqual([]);
  });

  it('makes nothing twice when the job runs twice, also at the same time', async () => {
    const id = await spoolLook(db, store, kitchen.cameraId, AT);
    const both = await Promise.all([judgeLook(context(), id), judgeLook(context(), id)]);
    expect(both.sort()).toEqual(['finding', 'gone']);
    expect(await judgeLook(context(), id)).toBe('gone');
    expect([
      await count('finding'),
      await count('evidence'),
      await count('alert'),
      await count('event'),
    ]).toEqual([1, 5, 1, 1]);
  });

  it('leaves the outcome to the quicker of two runs that cleared the spool in between', async () => {
    const id = await spoolLook(db, store, kitchen.cameraId, AT);
    const slow = context();
    const overtaken: ObjectStore = {
      ...store,
      async copy(from, to) {
        await judgeLook(context(), id);
        await store.copy(from, to);
      },
    };
    expect(await judgeLook({ ...slow, store: overtaken }, id)).toBe('gone');
    expect([await count('finding'), await count('evidence')]).toEqual([1, 5]);
  });

  it('joins the finding of the merge window and opens another after it', async () => {
    for (const at of [0, 10, 29, 31])
      await judgeLook(context(), await spoolLook(db, store, kitchen.cameraId, minutes(at)));
    const findings = await db.selectFrom('finding').selectAll().orderBy('first_seen').execute();
    expect(findings.map((finding) => finding.count)).toEqual([3, 1]);
    expect(findings[0]).toMatchObject({ first_seen: AT, last_seen: minutes(29) });
    expect(await count('alert')).toBe(2);
  });

  it('makes one finding of looks judged side by side', async () => {
    const ids = [];
    for (const at of [0, 1, 2, 3]) {
      ids.push(await spoolLook(db, store, kitchen.cameraId, minutes(at), { now: minutes(600) }));
    }
    const judged = await Promise.all(ids.map((id) => judgeLook(context(), id)));
    expect(judged).toEqual(['finding', 'finding', 'finding', 'finding']);
    expect(await db.selectFrom('finding').select('count').execute()).toEqual([{ count: 4 }]);
  });

  it('alerts up to the daily cap and records beyond it', async () => {
    await db
      .updateTable('rule')
      .set({ daily_cap: 2, merge_window_min: 1 })
      .where('kind', '=', 'no_hat')
      .execute();
    for (const at of [0, 5, 10])
      await judgeLook(context(), await spoolLook(db, store, kitchen.cameraId, minutes(at)));
    expect([await count('finding'), await count('alert')]).toEqual([3, 2]);
    await db
      .updateTable('rule')
      .set({ daily_cap: 12, merge_window_min: 30 })
      .where('kind', '=', 'no_hat')
      .execute();
  });

  it('writes one outbox row for each webhook of the region that asked for it', async () => {
    const secret = Buffer.from('x');
    const hook = { secret_sealed: secret, url: 'http://127.0.0.1:9/' };
    await db
      .insertInto('webhook')
      .values([
        { name: 'all', region_id: null, ...hook },
        { name: 'this county', region_id: kitchen.regionId, types: ['finding.created'], ...hook },
        { name: 'tasks only', region_id: null, types: ['task.issued'], ...hook },
        { name: 'another county', region_id: (await seedKitchen(db)).regionId, ...hook },
        { name: 'off', region_id: null, enabled: false, ...hook },
      ])
      .execute();
    await judgeLook(context(), await spoolLook(db, store, kitchen.cameraId, AT));
    const rows = await db
      .selectFrom('outbox')
      .innerJoin('webhook', 'webhook.id', 'outbox.webhook_id')
      .select('webhook.name')
      .orderBy('webhook.name')
      .execute();
    expect(rows.map((row) => row.name)).toEqual(['all', 'this county']);
  });
});

describe('a look that shows nothing that counts', () => {
  it('costs one frame', async () => {
    const id = await spoolLook(db, store, kitchen.cameraId, AT);
    expect(await judgeLook(context([{ ...head, verdict: 'uncertain' }]), id)).toBe('calm');
    expect(framesJudged).toBe(1);
    expect([await count('finding'), (await spooled()).length]).toEqual([0, 0]);
  });

  it('is judged for the kinds alone that a rule asks for in its zone', async () => {
    const special = await seedKitchen(db, { zoneKind: 'special_room' });
    for (const { cameraId } of [kitchen, special]) {
      await judgeLook(context([]), await spoolLook(db, store, cameraId, AT));
    }
    expect(kindsAsked).toEqual([['no_hat'], ['no_hat', 'no_mask']]);
  });

  it('is unconfirmed when k of n is not reached', async () => {
    const id = await spoolLook(db, store, kitchen.cameraId, AT, { frames: 2 });
    expect(await judgeLook(context(), id)).toBe('unconfirmed');
    expect(await outcome(id)).toMatchObject({ outcome: 'unconfirmed', reason: 'too_few_frames' });
    expect(await count('finding')).toBe(0);
  });

  it('is calm outside opening hours', async () => {
    await db
      .updateTable('merchant')
      .set({ opening_hours: '{}' })
      .where('id', '=', kitchen.merchantId)
      .execute();
    expect(await judgeLook(context(), await spoolLook(db, store, kitchen.cameraId, AT))).toBe('calm');
    expect(framesJudged).toBe(0);
  });
});

describe('an RTSP look', () => {
  it('asks for its burst only when the first frame is suspicious, and is judged with it', async () => {
    kitchen = await seedKitchen(db, { source: 'rtsp' });
    const source = 'rtsp' as const;
    const calm = await spoolLook(db, store, kitchen.cameraId, AT, { frames: 1, source });
    expect(await judgeLook(context([]), calm)).toBe('calm');
    const id = await spoolLook(db, store, kitchen.cameraId, minutes(1), { frames: 1, source });
    expect(await judgeLook(context(), id)).toBe('burst_wanted');
    expect(await judgeLook(context(), id)).toBe('gone');

    const frames = [];
    for (const i of [1, 2, 3, 4]) {
      const jpeg = await plainJpeg(100 + 10 * i);
      const key = `spool/${id}/${sha256(jpeg)}.jpg`;
      await store.put(key, jpeg);
      const at = new Date(minutes(1).getTime() + i * 1500).toISOString();
      frames.push({ key, sha256: sha256(jpeg), bytes: jpeg.length, at, width: 320, height: 192 });
    }
    const clip = Buffer.from('clip');
    const key = `spool/${id}/${sha256(clip)}.mp4`;
    await store.put(key, clip);
    const stored = {
      key,
      sha256: sha256(clip),
      bytes: clip.length,
      codec: 'avc1.64001f',
      from: AT.toISOString(),
      to: minutes(1).toISOString(),
    };
    expect(await fulfilBurst(db, id, { frames, clip: stored }, minutes(1))).toBe(true);
    expect(await judgeLook(context(), id)).toBe('finding');
    const kinds = await db.selectFrom('evidence').select('kind').orderBy('kind').execute();
    expect(kinds.map((row) => row.kind)).toEqual(['clip', 'frame', 'frame', 'frame', 'frame', 'frame']);
    expect(await spooled()).toEqual([]);
  });

  it('is judged with its one frame when the gateway never answers', async () => {
    kitchen = await seedKitchen(db, { source: 'rtsp' });
    const id = await spoolLook(db, store, kitchen.cameraId, AT, { frames: 1, source: 'rtsp' });
    await judgeLook(context(), id);
    const limits = { gatheringS: 30, burstS: 40, queuedS: 0 };
    expect(await sweepLooks(db, minutes(0.5), limits)).toEqual([]);
    expect(await sweepLooks(db, minutes(1), limits)).toEqual([id]);
    expect(await judgeLook(context(), id)).toBe('unconfirmed');
  });
});

describe('bad frames', () => {
  it.each([
    ['truncated', async () => (await plainJpeg(50, 1280, 720)).subarray(0, 2000), /truncated/],
    ['not a picture', async () => Buffer.from('hello'), /not a JPEG/],
  ])('fails a look whose first frame is %s, and says so', async (_name, make, reason) => {
    const id = await spoolLook(db, store, kitchen.cameraId, AT, { jpegs: [await make()] });
    expect(await judgeLook(context(), id)).toBe('failed');
    expect((await outcome(id))?.reason).toMatch(reason);
    const [row] = await db
      .selectFrom('coverage')
      .select('minutes')
      .where('camera_id', '=', kitchen.cameraId)
      .execute();
    expect(row?.minutes[0]).toBe('D');
  });

  it('leaves out a bad frame of the burst and judges the rest', async () => {
    const jpegs = await Promise.all([20, 21, 22, 23, 24].map((shade) => plainJpeg(shade)));
    jpegs[2] = Buffer.from('rubbish');
    const id = await spoolLook(db, store, kitchen.cameraId, AT, { jpegs });
    expect(await judgeLook(context(), id)).toBe('finding');
    expect(await count('evidence')).toBe(4);
  });

  it('counts the same picture once, however often it was sent', async () => {
    const jpeg = await plainJpeg(20);
    const id = await spoolLook(db, store, kitchen.cameraId, AT, { jpegs: [jpeg, jpeg, jpeg, jpeg, jpeg] });
    expect(await judgeLook(context(), id)).toBe('unconfirmed');
    expect(framesJudged).toBe(1);
  });

  it('gives up a look over which a worker died three times', async () => {
    const id = await spoolLook(db, store, kitchen.cameraId, AT);
    expect(await judgeLook(context(), id, 3)).toBe('failed');
    expect((await outcome(id))?.reason).toMatch('died 3 times');
  });
});

describe('overload and leftovers', () => {
  it('lets the newest live look win and counts the dropped minute', async () => {
    const old = await spoolLook(db, store, kitchen.cameraId, AT);
    const fresh = await spoolLook(db, store, kitchen.cameraId, minutes(1));
    expect(await outcome(old)).toMatchObject({ state: 'decided', outcome: 'dropped' });
    expect(await outcome(fresh)).toMatchObject({ state: 'queued', outcome: null });
    const [row] = await db
      .selectFrom('coverage')
      .select('minutes')
      .where('camera_id', '=', kitchen.cameraId)
      .execute();
    expect(row?.minutes.slice(0, 2)).toBe('D.');
  });

  it('never drops what a gateway had buffered', async () => {
    const replayed = await spoolLook(db, store, kitchen.cameraId, AT, { now: minutes(60) });
    await spoolLook(db, store, kitchen.cameraId, minutes(60));
    expect(await outcome(replayed)).toMatchObject({ state: 'queued' });
  });

  it('clears spooled bytes that a crash left, and only those', async () => {
    const decided = await spoolLook(db, store, kitchen.cameraId, AT);
    await db
      .updateTable('look')
      .set({ state: 'decided', outcome: 'calm', decided_at: AT })
      .where('id', '=', decided)
      .execute();
    const open = await spoolLook(db, store, kitchen.cameraId, minutes(1));
    const soon = new Date(Date.now() + 2 * 3_600_000);
    const sweeper = { db, store, now: () => soon } as Parameters<typeof clearLeftovers>[0];
    expect(await clearLeftovers(sweeper)).toBe(5);
    expect((await spooled()).every((key) => key.includes(open))).toBe(true);
  });
});
