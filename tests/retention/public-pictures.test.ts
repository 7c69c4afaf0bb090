/** Redacted pictures that a crash left between their bytes and their row go; those that are shown stay. */
import { expect, test } from 'vitest';
import { sweepPublic } from '../../workers/retention/sweep-public.ts';
import { useApi } from '../api/support.ts';
import { seedKitchen } from '../support/kitchen.ts';

const api = useApi();

test('what no camera shows is removed once it is an hour old', async () => {
  const { db, store } = api().context;
  const { cameraId } = await seedKitchen(db);
  const keys = ['shown', 'next', 'left', 'left-too'].map((name) => `public/${cameraId}/${name}.jpg`);
  for (const key of keys) await store.put(key, Buffer.from(key), { contentType: 'image/jpeg' });
  const [shown, next] = keys.map((key) =>
    JSON.stringify({
      key,
      sha256: 'ab',
      bytes: 1,
      takenAt: '2026-11-21T00:00:00Z',
      showFrom: '2026-11-21T00:00:00Z',
      masks: '',
    }),
  );
  await db
    .insertInto('public_picture')
    .values({ camera_id: cameraId, wanted_until: new Date(), shown: shown ?? null, next: next ?? null })
    .execute();
  const sweep = (ms: number) => sweepPublic({ db, store, now: () => new Date(Date.now() + ms) });
  expect(await sweep(0)).toEqual([]);
  expect((await sweep(2 * 3_600_000)).sort()).toEqual(keys.slice(2).sort());
  const left: string[] = [];
  for await (const { key } of store.list('public')) left.push(key);
  expect(left.sort()).toEqual(keys.slice(0, 2).sort());
});
