/** Photographs that became part of nothing go after a day; what a finding carries stays. */
import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { addWaitingPhoto } from '../../services/db/waiting-photos.ts';
import { clearPhotos } from '../../workers/detection/clear-photos.ts';
import { addAccount, useApi } from '../api/support.ts';
import { addFinding, addWorld } from '../api/world.ts';

const api = useApi();

test('after a day, and no sooner', async () => {
  // The clock of the files: the store says when it was given an object.
  const { db, store } = api().context;
  const world = await addWorld(api());
  const accountId = await addAccount(api(), 'field', 'field_inspector', { regionId: world.county });
  const photo = async () => {
    const [key, shownKey] = [
      `reports/${accountId}/${randomUUID()}.jpg`,
      `reports/${accountId}/${randomUUID()}.jpg`,
    ];
    for (const one of [key, shownKey]) await store.put(one, Buffer.from('jpeg'));
    const rest = { sha256: 'a'.repeat(64), shownSha256: 'b'.repeat(64), bytes: 4, width: 1, height: 1 };
    const told = { cameraId: null, takenAt: null };
    const id = await addWaitingPhoto(
      db,
      'report_photo',
      { key, shownKey, ...rest, accountId },
      new Date(),
      told,
    );
    return { id: id ?? '', key, shownKey };
  };
  const [left, used] = [await photo(), await photo()];
  const finding = await addFinding(api(), world.eastCamera, new Date());
  await db.updateTable('report_photo').set({ finding_id: finding }).where('id', '=', used.id).execute();
  // A crash between object and row.
  await store.put(`reports/${randomUUID()}/lost.jpg`, Buffer.from('jpeg'));
  const at = (hours: number) => ({
    db,
    store,
    now: () => new Date(Date.now() + hours * 3_600_000),
  });
  expect(await clearPhotos(at(0))).toBe(0);
  expect(await clearPhotos(at(26))).toBe(3);
  await expect(store.get(left.key)).rejects.toThrow();
  expect((await store.get(used.key)).toString()).toBe('jpeg');
  expect((await store.get(used.shownKey)).toString()).toBe('jpeg');
  expect(await clearPhotos(at(26))).toBe(0);
});
