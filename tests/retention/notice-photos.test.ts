/** Photographs of notices (告知) are kept like others: guarded, swept, over in their time, but for the last proof and for held cases. */
import sharp from 'sharp';
import { beforeAll, expect, test } from 'vitest';
import { liftHold, placeHold } from '../../services/db/holds.ts';
import { endNoticePhotos } from '../../services/db/notice-photos.ts';
import { whyKept } from '../../services/db/object-references.ts';
import { guardStore, ObjectKept } from '../../services/evidence/guarded-store.ts';
import { checkStore } from '../../tools/evidence/check-store.ts';
import { removeStep } from '../../workers/retention/remove.ts';
import { sweepStep } from '../../workers/retention/sweep-orphans.ts';
import { as, type Call, caller, signIn, useApi } from '../api/support.ts';

import { addFinding, addWorld, type World } from '../api/world.ts';

const DAY_MS = 86_400_000;
const api = useApi();
let world: World;
let operator: Call;
let token: string;

beforeAll(async () => {
  world = await addWorld(api());
  operator = await as(api(), 'root', 'operator');
  token = await signIn(api(), 'root');
});

/** Time goes by; the operator signs in again. */
const pass = async (days: number): Promise<void> => {
  api().clock.move(days * DAY_MS);
  token = await signIn(api(), 'root');
  operator = caller(api(), token);
};
const context = () => ({ db: api().context.db, store: api().context.store, now: api().clock.now });
const record = async (background: string, kind = 'sign'): Promise<void> => {
  const jpeg = await sharp({ create: { width: 320, height: 240, channels: 3, background } })
    .jpeg()
    .toBuffer();
  const made = await api().app.inject({
    method: 'POST',
    url: `/api/v1/cameras/${world.eastCamera}/notices?kind=${kind}`,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'image/jpeg' },
    payload: jpeg,
  });
  expect(made.statusCode, made.body).toBe(201);
};
const rows = async () =>
  await api().context.db.selectFrom('camera_notice').selectAll().orderBy('recorded_at').execute();
const end = async () => await endNoticePhotos(api().context.db, api().clock.now(), 100);
const dry = async () =>
  (await operator('GET /retention-policies/dry-run'))
    .json<{ items: { item: string; count: number; held: number }[] }>()
    .items.find(({ item }) => item === 'notice_photo');

test('rows hold them: no process but retention removes them, and the sweep leaves them', async () => {
  await record('#a00');
  const [row] = await rows();
  const key = row?.object_key ?? '';
  const { db, store } = api().context;
  const guarded = guardStore(store, (object) => whyKept(db, object));
  await expect(guarded.remove(key)).rejects.toThrow(ObjectKept);
  await store.put('notices/left-by-a-crash.jpg', Buffer.from('left'));
  for (let day = 0; day < 4; day += 1) {
    await pass(2);
    await sweepStep(context());
    await removeStep(context());
  }
  expect((await checkStore(db, store, true)).faults).toEqual([]);
  await expect(store.get('notices/left-by-a-crash.jpg')).rejects.toThrow();
  expect((await store.get(key)).length).toBeGreaterThan(0);
});

test('the last of its kind stays while the camera is in service; the ones before go, their rows and hashes stay', async () => {
  await pass(10);
  await record('#0a0');
  await record('#00a', 'staff');
  expect(await dry()).toMatchObject({ count: 0, held: 0 });
  await pass(731);
  expect(await dry()).toMatchObject({ count: 1, held: 2 });

  // All of a camera of a held case stay.
  const { db, store } = api().context;
  const caseId = await addFinding(api(), world.eastCamera, api().clock.now());
  await placeHold(db, { caseId, actorId: null, reason: '行政复议' }, api().clock.now());
  expect(await dry()).toMatchObject({ count: 0, held: 3 });
  expect(await end()).toBe(0);
  await liftHold(db, { caseId, actorId: null, reason: '结束' }, api().clock.now());

  expect(await end()).toBe(1);
  expect(await end()).toBe(0);
  const removed = await removeStep(context());
  const [first, ...rest] = await rows();
  expect(removed.sort()).toEqual([first?.object_key, first?.shown_key].sort());
  await expect(store.get(first?.object_key ?? '')).rejects.toThrow();
  for (const row of rest) expect(row.removed_at).toBeNull();
  expect((await checkStore(db, store, true)).faults).toEqual([]);
  const removal = await db.selectFrom('object_removal').selectAll().where('why', '=', 'retention').execute();
  expect(removal[0]).toMatchObject({ policy: { item: 'notice_photo', keepDays: 730 } });

  const { items } = (await operator(`GET /cameras/${world.eastCamera}/notices`)).json<{
    items: { photo: string | null; photoRemovedAt: string | null; kind: string }[];
  }>();
  expect(items.map(({ photo }) => photo === null)).toEqual([false, false, true]);
  expect(items[2]).toMatchObject({ kind: 'sign', photoRemovedAt: expect.any(String) });
  await expect(
    db
      .updateTable('camera_notice')
      .set({ note: 'other' })
      .where('id', '=', first?.id ?? '')
      .execute(),
  ).rejects.toThrow(/append-only/);
});

test('a camera that is taken out of service has nothing to prove any more', async () => {
  const { db } = api().context;
  await db
    .updateTable('camera')
    .set({ removed_at: api().clock.now() })
    .where('id', '=', world.eastCamera)
    .execute();
  expect(await end()).toBe(2);
  expect(await removeStep(context())).toHaveLength(4);
  expect((await checkStore(db, api().context.store, true)).faults).toEqual([]);
});
