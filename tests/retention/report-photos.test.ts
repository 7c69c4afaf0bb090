/** A photograph that a person reported with goes as a whole: as it was received and as it is shown, at the same time. */
import { randomUUID } from 'node:crypto';
import sharp from 'sharp';
import { beforeAll, expect, test } from 'vitest';
import { openObjectStore } from '../../services/evidence/open.ts';
import { planStep, removeStep } from '../../workers/retention/remove.ts';
import { addAccount, signIn, useApi } from '../api/support.ts';
import { addWorld, type World } from '../api/world.ts';
import { contentsOf, faultsOf, newKey, zipOf } from '../case-file/support/export.ts';

const DAY = 86_400_000;
const api = useApi();
let world: World;

beforeAll(async () => {
  world = await addWorld(api());
  await addAccount(api(), 'desk', 'inspector', { regionId: world.county });
  await addAccount(api(), 'root', 'operator');
});

async function ask(who: string, path: string, payload?: object | Buffer, type = 'application/json') {
  const token = await signIn(api(), who);
  const answer = await api().app.inject({
    method: payload === undefined ? 'GET' : 'POST',
    url: `/api/v1${path}`,
    headers: {
      authorization: `Bearer ${token}`,
      'idempotency-key': randomUUID(),
      ...(payload !== undefined && { 'content-type': type }),
    },
    ...(payload !== undefined && { payload }),
  });
  expect(answer.statusCode, answer.body).toBeLessThan(300);
  return answer;
}

/** A report with one photograph that was dismissed. @returns its id and the keys of both copies */
async function dismissed(colour: string) {
  const jpeg = await sharp({ create: { width: 320, height: 180, channels: 3, background: colour } })
    .jpeg()
    .toBuffer();
  const photo = (await ask('desk', '/report-photos', jpeg, 'image/jpeg')).json<{ id: string }>();
  const report = await ask('desk', '/findings', {
    source: 'field_visit',
    kind: 'no_hat',
    merchant: 'em',
    zone: 'kitchen',
    text: '疑似未佩戴',
    photos: [photo.id],
  });
  const { id } = report.json<{ finding: { id: string } }>().finding;
  await ask('desk', `/findings/${id}/dismiss`, { reason: 'unclear_picture' });
  const { object_key: original } = await api()
    .context.db.selectFrom('evidence')
    .select('object_key')
    .where('finding_id', '=', id)
    .executeTakeFirstOrThrow();
  const { shown_key: shown } = await api()
    .context.db.selectFrom('report_photo')
    .select('shown_key')
    .where('id', '=', photo.id)
    .executeTakeFirstOrThrow();
  return { id, keys: [original, shown].sort() };
}

async function removedAfter(days: number): Promise<string[]> {
  const { context: its, folder, clock } = api();
  // Without the guard of other processes, as the worker has it.
  const store = openObjectStore({ kind: 'file', path: folder });
  const context = { db: its.db, store, now: () => new Date(clock.now().getTime() + days * DAY) };
  while ((await planStep(context)) > 0);
  const removed: string[] = [];
  for (;;) {
    const some = await removeStep(context);
    if (some.length === 0) return removed.sort();
    removed.push(...some);
  }
}

test('both copies go half a year after the report was dismissed, and none of them before', async () => {
  const one = await dismissed('#7a8');
  const dry = async () => {
    const run = await ask('root', '/retention-policies/dry-run');
    return run
      .json<{ items: { since: string; item: string; count: number }[] }>()
      .items.filter(({ since }) => since === 'dismissed');
  };
  expect(await removedAfter(179)).toEqual([]);
  expect(await dry()).toEqual([]);
  api().clock.move(181 * DAY);
  expect(await dry()).toEqual([expect.objectContaining({ item: 'photo', count: 2, held: 0 })]);
  expect(await removedAfter(0)).toEqual(one.keys);

  const { evidence } = (await ask('desk', `/findings/${one.id}`)).json<{ evidence: { url: string }[] }>();
  expect(evidence).toHaveLength(1);
  expect((await api().app.inject(evidence[0]?.url ?? '')).statusCode).toBe(404);
  const { contents, trouble } = await contentsOf(api(), one.id, await newKey());
  expect(trouble).toEqual([]);
  expect(await faultsOf(await zipOf(contents))).toEqual([]);
  const page = contents.find(({ name }) => name === 'index.html');
  expect(Buffer.from(page?.bytes ?? []).toString()).toContain('保存期满，已清除');
});

test('a region that keeps photographs of what was dismissed longer keeps both', async () => {
  const one = await dismissed('#876');
  await api()
    .context.db.insertInto('retention_policy')
    .values({ region_id: world.east, item: 'photo', since: 'dismissed', keep_days: 365 })
    .execute();
  expect(await removedAfter(364)).toEqual([]);
  expect(await removedAfter(366)).toEqual(one.keys);
});
