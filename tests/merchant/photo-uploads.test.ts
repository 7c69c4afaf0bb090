/** Photos of an answer over a line that breaks: what has arrived stays, and nothing is there twice. */
import { createHash } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { caller, signIn, useApi } from '../api/support.ts';
import { sceneFrame } from '../web/support/scenes.ts';
import { addKitchen, type Kitchen } from './support.ts';

const api = useApi();
let kitchen: Kitchen;
let token = '';
beforeAll(async () => {
  kitchen = await addKitchen(api());
  token = await signIn(api(), 'owner');
});

interface Upload {
  id: string | null;
  offset: number;
  photo: { id: string; bytes: number } | null;
}
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

const open = (task: string, photo: Buffer) =>
  kitchen.owner(`POST /tasks/${task}/photo-uploads`, { sha256: sha256(photo), bytes: photo.length });
const send = (task: string, upload: string, position: number, bytes: Buffer) =>
  api().app.inject({
    method: 'POST',
    url: `/api/v1/tasks/${task}/photo-uploads/${upload}`,
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/octet-stream',
      'upload-offset': String(position),
    },
    payload: bytes,
  });

test('a photo goes on where it broke off, and is one photo however often it is sent', async () => {
  const task = await kitchen.task(0, 60);
  const { jpeg } = await sceneFrame(4, 0);
  const begun = (await open(task, jpeg)).json<Upload>();
  expect(begun).toMatchObject({ offset: 0, photo: null });
  const id = begun.id ?? '';
  expect((await send(task, id, 0, jpeg.subarray(0, 10_000))).json()).toMatchObject({ offset: 10_000 });
  // The answer was lost: the same part again is told where to go on.
  const again = await send(task, id, 0, jpeg.subarray(0, 10_000));
  expect(again.json()).toMatchObject({ status: 409, offset: 10_000, why: 'position' });
  expect((await open(task, jpeg)).json()).toEqual({ id, offset: 10_000, photo: null });
  const whole = (await send(task, id, 10_000, jpeg.subarray(10_000))).json<Upload>();
  expect(whole.photo?.bytes).toBe(jpeg.length);
  expect((await open(task, jpeg)).json<Upload>().photo?.id).toBe(whole.photo?.id);
  const { db } = api().context;
  expect(await db.selectFrom('photo_upload_part').selectAll().execute()).toEqual([]);
  const photos = await db.selectFrom('task_photo').select('sha256').where('task_id', '=', task).execute();
  expect(photos).toEqual([{ sha256: sha256(jpeg) }]);
});

test('what is wrong is named, and leaves nothing behind', async () => {
  const task = await kitchen.task(1, 60);
  const { jpeg } = await sceneFrame(1, 0);
  const wrong = Buffer.from(jpeg);
  wrong[2000] = (wrong[2000] ?? 0) ^ 0xff;
  const { id } = (await open(task, jpeg)).json<Upload>();
  expect(
    (await send(task, id ?? '', 0, Buffer.concat([jpeg, jpeg]).subarray(0, jpeg.length + 1))).json(),
  ).toMatchObject({ status: 409, why: 'too_long', offset: 0 });
  expect((await send(task, id ?? '', 0, wrong)).json<{ errors: object[] }>().errors).toMatchObject([
    { field: 'sha256' },
  ]);
  const text = Buffer.from('this is no picture');
  const other = (await open(task, text)).json<Upload>();
  expect((await send(task, other.id ?? '', 0, text)).statusCode).toBe(400);
  const { db } = api().context;
  expect(await db.selectFrom('photo_upload').selectAll().execute()).toEqual([]);
  expect(
    (await kitchen.inspector(`POST /tasks/${task}/photo-uploads`, { sha256: sha256(jpeg), bytes: 9 }))
      .statusCode,
  ).toBe(403);
});

test('what nobody goes on with is forgotten', async () => {
  const task = await kitchen.task(2, 60);
  const { jpeg } = await sceneFrame(3, 0);
  const { id } = (await open(task, jpeg)).json<Upload>();
  await send(task, id ?? '', 0, jpeg.subarray(0, 500));
  api().clock.move(3 * 86_400_000);
  const later = caller(api(), await signIn(api(), 'owner'));
  const asked = { sha256: sha256(jpeg), bytes: jpeg.length };
  expect((await later(`POST /tasks/${task}/photo-uploads`, asked)).json<Upload>()).toMatchObject({
    offset: 0,
  });
});
