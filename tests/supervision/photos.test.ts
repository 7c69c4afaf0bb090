/** Photographs of cadres' visits: sent one by one, shown without metadata, kept as received, gone when their time is over. */
import { randomUUID } from 'node:crypto';
import sharp from 'sharp';
import { beforeAll, expect, test } from 'vitest';
import { whyKept } from '../../services/db/object-references.ts';
import { endVisitPhotos, forgetWaitingPhotos } from '../../services/db/visit-photos.ts';
import { sha256 } from '../../services/evidence/keys.ts';
import { checkStore } from '../../tools/evidence/check-store.ts';
import { removeStep } from '../../workers/retention/remove.ts';
import { sweepStep } from '../../workers/retention/sweep-orphans.ts';
import { addAccount, as, type Call, signIn, useApi } from '../api/support.ts';
import { addWorld, type World } from '../api/world.ts';

const DAY_MS = 86_400_000;
const api = useApi();
let world: World;
let tokens: Record<string, string>;
let operator: Call;

interface Photo {
  id: string;
  url: string | null;
  sha256: string;
  removedAt: string | null;
}

beforeAll(async () => {
  world = await addWorld(api());
  operator = await as(api(), 'root', 'operator');
  const head = await as(api(), 'head', 'station_head', { regionId: world.county });
  tokens = {};
  for (const name of ['wang', 'li']) {
    await addAccount(api(), name, 'cadre', { regionId: world.east });
    tokens[name] = await signIn(api(), name);
    await head('POST /supervision/assignments', { cadre: name, merchant: 'em', level: 'C' });
  }
});

const picture = async (background: string): Promise<Buffer> =>
  await sharp({ create: { width: 800, height: 600, channels: 3, background } })
    .withExif({ IFD0: { Make: 'A phone' }, IFD3: { GPSLatitude: '35/1 15/1 0/1' } })
    .jpeg()
    .toBuffer();
const send = async (body: Buffer, who = 'wang', type = 'image/jpeg') =>
  await api().app.inject({
    method: 'POST',
    url: '/api/v1/supervision/photos',
    headers: { authorization: `Bearer ${tokens[who]}`, 'content-type': type },
    payload: body,
  });
const visit = async (photos: string[], key: string = randomUUID(), who = 'wang') =>
  await api().app.inject({
    method: 'POST',
    url: '/api/v1/supervision/visits',
    headers: { authorization: `Bearer ${tokens[who]}`, 'idempotency-key': key },
    payload: { merchant: 'em', note: '后厨整洁', photos },
  });
const sent = async (background: string): Promise<Photo> => (await send(await picture(background))).json();
const retention = () => ({ db: api().context.db, store: api().context.store, now: api().clock.now });

test('belong to the visit in their order; the original keeps its EXIF, what is shown has none', async () => {
  const first = await picture('#a00');
  const [a, b] = [(await send(first)).json<Photo>(), await sent('#0a0')];
  const key = randomUUID();
  const made = await visit([b.id, a.id], key);
  expect(made.statusCode, made.body).toBe(201);
  expect(made.json<{ photos: Photo[] }>().photos.map(({ id }) => id)).toEqual([b.id, a.id]);
  expect((await visit([b.id, a.id], key)).headers['idempotency-replayed']).toBe('true');
  const { items } = (await operator('GET /supervision/visits')).json<{ items: { photos: Photo[] }[] }>();
  const shown = items[0]?.photos[1];
  expect(shown).toMatchObject({ sha256: sha256(first), width: 800, height: 600, removedAt: null });
  const file = await api().app.inject(shown?.url ?? '');
  expect(file.headers['content-type']).toBe('image/jpeg');
  expect((await sharp(file.rawPayload).metadata()).exif).toBeUndefined();
  const { db, store } = api().context;
  const row = await db.selectFrom('visit_photo').selectAll().where('id', '=', a.id).executeTakeFirstOrThrow();
  const kept = await store.get(row.object_key);
  expect(sha256(kept)).toBe(sha256(first));
  expect((await sharp(kept).metadata()).exif).toBeDefined();
  expect(await whyKept(db, row.object_key)).toMatch(/visit_photo/);
  await expect(store.remove(row.object_key)).rejects.toThrow(/not removed/);
  // The history of the visit covers the photos' hashes.
  const history = await db
    .selectFrom('history')
    .select('note')
    .where('entity', '=', 'cadre_visit')
    .executeTakeFirstOrThrow();
  expect(history.note).toContain(sha256(first));
});

test('that are no JPEG, broken, of others, used, or too many are refused, and nothing is lost', async () => {
  expect((await send(Buffer.from('no JPEG'))).statusCode).toBe(400);
  expect((await send(await picture('#00a'), 'wang', 'image/png')).statusCode).toBe(415);
  const half = await picture('#123');
  expect((await send(half.subarray(0, half.length / 2))).statusCode).toBe(400);
  const mine = await sent('#456');
  const [used] = (await operator('GET /supervision/visits')).json<{ items: { photos: Photo[] }[] }>().items;
  for (const photos of [[randomUUID()], [mine.id, used?.photos[0]?.id ?? '']]) {
    const answer = await visit(photos);
    expect(answer.json()).toMatchObject({ status: 400, errors: [{ field: 'photos' }] });
  }
  expect((await visit([mine.id], randomUUID(), 'li')).json()).toMatchObject({
    errors: [{ field: 'photos' }],
  });
  const many = Array.from({ length: 11 }, () => randomUUID());
  expect((await visit(many)).json()).toMatchObject({ errors: [{ field: 'photos' }] });
  expect((await visit([mine.id, mine.id])).json()).toMatchObject({ errors: [{ field: 'photos' }] });
  // Refused with its key, then given rightly with it.
  const key = randomUUID();
  await visit([randomUUID()], key);
  expect((await visit([mine.id], key)).statusCode).toBe(201);
});

test('the same photo of two visits stays while one of them needs it', async () => {
  const body = await picture('#789');
  const [a, b] = [(await send(body)).json<Photo>(), (await send(body)).json<Photo>()];
  expect((await visit([a.id])).statusCode).toBe(201);
  api().clock.move(DAY_MS);
  tokens.wang = await signIn(api(), 'wang');
  const { db } = api().context;
  expect(await forgetWaitingPhotos(db, api().clock.now(), 10)).toBe(1);
  expect(await db.selectFrom('visit_photo').select('id').where('id', '=', b.id).execute()).toEqual([]);
  for (let day = 0; day < 4; day += 1) {
    api().clock.move(2 * DAY_MS);
    await sweepStep(retention());
    await removeStep(retention());
  }
  const report = await checkStore(db, api().context.store, true);
  expect(report.faults).toEqual([]);
});

test('go when their time is over: the row, its hash and the removal stay', async () => {
  const { db, store } = api().context;
  api().clock.move(731 * DAY_MS);
  const rows = await db.selectFrom('visit_photo').selectAll().execute();
  expect(await endVisitPhotos(db, api().clock.now(), 100)).toBe(rows.length);
  expect(await endVisitPhotos(db, api().clock.now(), 100)).toBe(0);
  await removeStep(retention());
  for (const row of rows) await expect(store.get(row.object_key)).rejects.toThrow();
  operator = await as(api(), 'root-2', 'operator');
  const { items } = (await operator('GET /supervision/visits')).json<{ items: { photos: Photo[] }[] }>();
  expect(items.flatMap(({ photos }) => photos)).toHaveLength(rows.length);
  for (const { photos } of items)
    for (const photo of photos) expect(photo).toMatchObject({ url: null, removedAt: expect.any(String) });
  const removals = await db.selectFrom('object_removal').selectAll().where('why', '=', 'retention').execute();
  expect(removals).toHaveLength(2 * rows.length);
  expect(removals[0]).toMatchObject({ policy: { item: 'visit_photo', keepDays: 730 } });
  await expect(db.deleteFrom('visit_photo').execute()).rejects.toThrow(/append-only/);
});

test('how long is policy', async () => {
  const set = (more: object) =>
    operator('PUT /retention-policies', {
      region: null,
      item: 'visit_photo',
      since: 'written',
      keepDays: 365,
      ...more,
    });
  expect((await set({})).statusCode).toBe(200);
  expect((await set({ since: 'closed' })).json()).toMatchObject({ errors: [{ field: 'since' }] });
  expect((await set({ region: 'county' })).json()).toMatchObject({ errors: [{ field: 'region' }] });
});
