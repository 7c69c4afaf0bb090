/** The whole story by API: what people and their programs do, with who may and who may not. */
import { randomUUID } from 'node:crypto';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { verifyHistory } from '../../services/db/verify-history.ts';
import { takeDueSteps } from '../../workers/deadlines/rounds.ts';
import { type Api, addAccount, as, type Call, signIn, useApi } from '../api/support.ts';
import { addFinding, addWorld, type World } from '../api/world.ts';

const HOUR = 3_600_000;
const api = useApi();
let world: World;
let inspector: Call;
let tokens: Record<'inspector' | 'merchant' | 'stranger' | 'operator' | 'director' | 'abroad', string>;
let back = 0;

beforeAll(async () => {
  world = await addWorld(api());
  inspector = await as(api(), 'desk', 'inspector', { regionId: world.county });
  await addAccount(api(), 'inspector', 'inspector', { regionId: world.east });
  await addAccount(api(), 'abroad', 'inspector', { regionId: world.west });
  await addAccount(api(), 'merchant', 'merchant', { merchantId: world.eastMerchant });
  await addAccount(api(), 'stranger', 'merchant', { merchantId: world.westMerchant });
  await addAccount(api(), 'operator', 'operator');
  await addAccount(api(), 'director', 'director', { regionId: world.county });
  await everybodySignsIn();
});

/** Sessions end by themselves when hours pass unused. */
async function everybodySignsIn(): Promise<void> {
  const token = (name: string) => signIn(api(), name);
  tokens = {
    inspector: await token('inspector'),
    abroad: await token('abroad'),
    merchant: await token('merchant'),
    stranger: await token('stranger'),
    operator: await token('operator'),
    director: await token('director'),
  };
}

type Who = keyof typeof tokens;

async function issue(): Promise<string> {
  back += 1;
  const finding = await addFinding(
    api(),
    world.eastCamera,
    new Date(api().clock.now().getTime() - back * 2 * HOUR),
  );
  const answer = await inspector(`POST /findings/${finding}/confirm`);
  return answer.json<{ taskId: string }>().taskId;
}

const order = (who: Who, task: string, what: string, payload: object, key: string = randomUUID()) =>
  api().app.inject({
    method: 'POST',
    url: `/api/v1/tasks/${task}/${what}`,
    headers: { authorization: `Bearer ${tokens[who]}`, 'idempotency-key': key },
    payload,
  });
const get = async (who: Who, task: string) =>
  await api().app.inject({
    url: `/api/v1/tasks/${task}`,
    headers: { authorization: `Bearer ${tokens[who]}` },
  });
const upload = (who: Who, task: string, payload: Buffer, type = 'image/jpeg') =>
  api().app.inject({
    method: 'POST',
    url: `/api/v1/tasks/${task}/photos`,
    headers: { authorization: `Bearer ${tokens[who]}`, 'content-type': type },
    payload,
  });
const jpeg = (width = 640, height = 480) =>
  sharp({ create: { width, height, channels: 3, background: '#d88' } })
    .withExif({
      IFD0: { Make: 'Phone of the manager' },
      IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '35/1 17/1 0/1' },
    })
    .jpeg()
    .toBuffer();

test('found, told, late, escalated, answered, returned, answered, closed', async () => {
  const task = await issue();
  expect((await get('merchant', task)).json()).toMatchObject({
    state: 'issued',
    commands: ['acknowledge', 'appeal'],
  });
  api().clock.move(5 * HOUR);
  const { db, now } = api().context;
  expect(await takeDueSteps({ db, now })).toHaveLength(1);
  expect((await get('inspector', task)).json()).toMatchObject({
    state: 'escalated',
    overdue: 'acknowledge',
    escalations: 1,
    commands: ['escalate', 'transfer', 'withdraw'],
  });
  const acknowledged = await order('merchant', task, 'acknowledge', { version: 2 });
  expect(acknowledged.json()).toMatchObject({
    state: 'acknowledged',
    version: 3,
    repeated: false,
    task: { overdue: null, acknowledgedAt: expect.any(String) },
  });

  const photo = (await upload('merchant', task, await jpeg())).json<{
    id: string;
    url: string;
    originalUrl: string | null;
  }>();
  expect((await get('merchant', task)).json()).toMatchObject({ photos: [{ id: photo.id }] });
  const submit = (version: number) =>
    order('merchant', task, 'submit', { version, text: '已全员佩戴工作帽', photos: [photo.id] });
  expect((await submit(3)).json()).toMatchObject({
    state: 'submitted',
    task: { photos: [], answers: [{ type: 'submission', by: 'merchant', photos: [{ id: photo.id }] }] },
  });
  const shown = await api().app.inject(photo.url);
  expect(shown.headers['content-type']).toBe('image/jpeg');
  expect((await sharp(shown.rawPayload).metadata()).exif).toBeUndefined();
  expect(photo.originalUrl).toBeNull();
  expect((await get('merchant', task)).json()).toMatchObject({
    answers: [{ photos: [{ originalUrl: null }] }],
  });
  const [{ photos: [seen] = [] } = {}] = (await get('inspector', task)).json<{
    answers: { photos: { originalUrl: string }[] }[];
  }>().answers;
  const original = await api().app.inject(seen?.originalUrl ?? '');
  expect(original.rawPayload.includes('Phone of the manager')).toBe(true);
  expect((await api().app.inject(photo.url.replace('/answer/', '/original/'))).statusCode).toBe(403);

  expect(
    (await order('inspector', task, 'return', { version: 4, note: '仍有一人未戴' })).json(),
  ).toMatchObject({
    state: 'returned',
    task: { returns: 1, visitRequired: false },
  });
  await submit(5);
  const closed = (await order('inspector', task, 'close', { version: 6, note: '合格' })).json<{
    task: { closedAt: string; recheckUntil: string; history: { to: string; by: string | null }[] };
  }>();
  expect(closed).toMatchObject({ state: 'closed', version: 7 });
  expect(Date.parse(closed.task.recheckUntil) - Date.parse(closed.task.closedAt)).toBe(7 * 24 * HOUR);
  expect(closed.task.history.map(({ to, by }) => `${to} ${by ?? 'system'}`)).toEqual([
    'issued desk',
    'escalated system',
    'acknowledged merchant',
    'submitted merchant',
    'returned inspector',
    'submitted merchant',
    'closed inspector',
  ]);
  const alerts = await api().app.inject({
    url: '/api/v1/alerts?audience=merchant',
    headers: { authorization: `Bearer ${tokens.merchant}` },
  });
  const about = alerts
    .json<{ items: { taskId: string; about: string }[] }>()
    .items.filter((alert) => alert.taskId === task)
    .map((alert) => alert.about);
  expect(about.sort()).toEqual(['closed', 'escalated', 'new', 'returned']);
  const types = await db
    .selectFrom('event')
    .select('type')
    .where('type', 'like', 'task.%')
    .orderBy('id')
    .execute();
  expect(types.map((event) => event.type)).toEqual([
    'task.issued',
    'task.escalated',
    'task.acknowledged',
    'task.submitted',
    'task.returned',
    'task.submitted',
    'task.closed',
  ]);
  expect((await verifyHistory(db)).faults).toEqual([]);
});

test('appealed: the clock stands; rejected: it goes on; appealed and upheld: withdrawn', async () => {
  const task = await issue();
  const due = (await get('merchant', task)).json<{ acknowledgeDue: string }>().acknowledgeDue;
  api().clock.move(HOUR);
  const appealed = await order('merchant', task, 'appeal', { version: 1, text: '是送货人员' });
  expect(appealed.json()).toMatchObject({
    state: 'appealed',
    task: { pausedAt: expect.any(String), answers: [{ type: 'appeal', text: '是送货人员' }] },
  });
  api().clock.move(10 * HOUR);
  await everybodySignsIn();
  expect((await get('inspector', task)).json()).toMatchObject({
    overdue: null,
    commands: ['uphold_appeal', 'reject_appeal'],
  });
  const rejected = await order('inspector', task, 'decide-appeal', {
    version: 2,
    decision: 'reject',
    note: '画面清楚',
  });
  expect(rejected.json()).toMatchObject({
    state: 'issued',
    task: {
      pausedAt: null,
      overdue: null,
      acknowledgeDue: new Date(Date.parse(due) + 10 * HOUR).toISOString(),
      commands: ['escalate', 'transfer', 'withdraw'],
    },
  });
  const again = await order('merchant', task, 'appeal', { version: 3, text: '再说一次' });
  expect(again.json()).toMatchObject({ status: 409, why: 'already_appealed' });

  const other = await issue();
  await order('merchant', other, 'appeal', { version: 1, text: '是顾客' });
  const upheld = await order('operator', other, 'decide-appeal', {
    version: 2,
    decision: 'uphold',
    note: '是',
  });
  expect(upheld.json()).toMatchObject({ state: 'withdrawn', task: { commands: [] } });
});

describe('a command', () => {
  test('sent again with its key is answered as the first time, also after the task moved on', async () => {
    const task = await issue();
    const first = await order('merchant', task, 'acknowledge', { version: 1 }, 'same-key-1');
    await order('merchant', task, 'submit', { version: 2, text: '好了' });
    const second = await order('merchant', task, 'acknowledge', { version: 1 }, 'same-key-1');
    expect(second.headers['idempotency-replayed']).toBe('true');
    expect(second.json()).toMatchObject({
      state: 'acknowledged',
      version: 2,
      repeated: true,
      task: { version: 3 },
    });
    expect(first.json()).toMatchObject({ repeated: false });
    const misused = await order('merchant', task, 'submit', { version: 3, text: 'x' }, 'same-key-1');
    expect(misused.json()).toMatchObject({ status: 409, why: 'key_reused' });
  });

  test('with an old version, without key, version or reason is refused and says why', async () => {
    const task = await issue();
    const old = await order('merchant', task, 'acknowledge', { version: 7 });
    expect(old.json()).toMatchObject({ status: 409, why: 'changed', version: 1, state: 'issued' });
    const keyless = await api().app.inject({
      method: 'POST',
      url: `/api/v1/tasks/${task}/acknowledge`,
      headers: { authorization: `Bearer ${tokens.merchant}` },
      payload: { version: 1 },
    });
    expect(keyless.json()).toMatchObject({ status: 400, errors: [{ field: 'headers.idempotency-key' }] });
    expect((await order('merchant', task, 'acknowledge', {})).json()).toMatchObject({
      errors: [{ field: 'version', message: 'is missing' }],
    });
    expect((await order('inspector', task, 'withdraw', { version: 1, note: ' ' })).json()).toMatchObject({
      errors: [{ field: 'note' }],
    });
    for (const visited of [{}, { visited: true }])
      expect((await order('inspector', task, 'close', { version: 1, ...visited })).json()).toMatchObject({
        status: 409,
        why: 'visit_required',
      });
  });

  const routes: [string, object, Who[]][] = [
    ['acknowledge', { version: 99 }, ['merchant']],
    ['submit', { version: 99, text: 'x' }, ['merchant']],
    ['appeal', { version: 99, text: 'x' }, ['merchant']],
    ['close', { version: 99 }, ['inspector', 'operator']],
    ['return', { version: 99, note: 'x' }, ['inspector', 'operator']],
    ['escalate', { version: 99, note: 'x' }, ['inspector', 'operator']],
    ['transfer', { version: 99, to: '公安' }, ['inspector', 'operator']],
    ['withdraw', { version: 99, note: 'x' }, ['inspector', 'operator']],
    ['reopen', { version: 99, note: 'x' }, ['operator', 'director']],
    ['decide-appeal', { version: 99, decision: 'uphold', note: 'x' }, ['inspector', 'operator']],
  ];
  test.each(routes)('%s is for those who may', async (name, body, allowed) => {
    const task = await issue();
    const answers: Partial<Record<Who, number>> = {};
    for (const who of Object.keys(tokens) as Who[])
      answers[who] = (await order(who, task, name, body)).statusCode;
    const merchants = allowed.includes('merchant');
    expect(answers).toEqual({
      // 409: let in, and told that the version is another one. 404: outside the scope. 403: not with this role.
      merchant: merchants ? 409 : 403,
      stranger: merchants ? 404 : 403,
      inspector: allowed.includes('inspector') ? 409 : 403,
      operator: allowed.includes('operator') ? 409 : 403,
      abroad: allowed.includes('inspector') ? 404 : 403,
      director: allowed.includes('director') ? 409 : 403,
    });
  });
});

describe('a photo', () => {
  test('is a JPEG of at most 10 MB and 4096 pixels a side, sent by the merchant while an answer is wanted', async () => {
    const task = await issue();
    const good = await jpeg(32, 32);
    const codes = async (answers: ReturnType<typeof upload>[]) =>
      (await Promise.all(answers)).map((answer) => answer.statusCode);
    expect(
      await codes([
        upload('merchant', task, Buffer.from('GIF89a not a JPEG')),
        upload('merchant', task, good.subarray(0, good.length / 2)),
        upload('merchant', task, await jpeg(4200, 8)),
        upload('merchant', task, Buffer.alloc(10 * 1024 * 1024 + 1, 0xff)),
        upload('merchant', task, good, 'image/png'),
        upload('stranger', task, good),
        upload('inspector', task, good),
      ]),
    ).toEqual([400, 400, 413, 413, 415, 404, 403]);
    await order('inspector', task, 'withdraw', { version: 1, note: '误发' });
    expect((await upload('merchant', task, good)).statusCode).toBe(409);
    expect(await photosOf(api(), task)).toBe(0);
  });

  test('sent twice is one photo, and belongs to its own task', async () => {
    const [one, two] = [await issue(), await issue()];
    const bytes = await jpeg(64, 64);
    const [a, b] = await Promise.all([upload('merchant', one, bytes), upload('merchant', one, bytes)]);
    expect(a.json<{ id: string }>().id).toBe(b.json<{ id: string }>().id);
    expect(await photosOf(api(), one)).toBe(1);
    await order('merchant', two, 'acknowledge', { version: 1 });
    const photos = [a.json<{ id: string }>().id];
    const wrong = await order('merchant', two, 'submit', { version: 2, text: 'x', photos });
    expect(wrong.json()).toMatchObject({ status: 400, errors: [{ field: 'photos' }] });
  });
});

async function photosOf({ context }: Api, taskId: string): Promise<number> {
  return (await context.db.selectFrom('task_photo').select('id').where('task_id', '=', taskId).execute())
    .length;
}
