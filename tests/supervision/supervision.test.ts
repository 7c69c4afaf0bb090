/** 包保督导: merchants are assigned to cadres, visits are kept, the quarter says what is owed, and the cadre learns of what is overdue. */
import { randomUUID } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { takeStep } from '../../services/db/task-steps.ts';
import { confirmFinding } from '../../services/db/verdicts.ts';
import { addAccount, as, type Call, caller, signIn, useApi } from '../api/support.ts';
import { addFinding, addWorld, type World } from '../api/world.ts';

const api = useApi();
let world: World;
let head: Call;
let cadre: Call;
let token: string;

beforeAll(async () => {
  world = await addWorld(api());
  head = await as(api(), 'head', 'station_head', { regionId: world.county });
  await addAccount(api(), 'wang', 'cadre', { regionId: world.east });
  token = await signIn(api(), 'wang');
  cadre = async (what, payload) => {
    const [method, path] = what.split(' ');
    return await api().app.inject({
      method: method as 'GET',
      url: `/api/v1${path}`,
      headers: { authorization: `Bearer ${token}`, 'idempotency-key': randomUUID() },
      ...(payload === undefined ? {} : { payload: payload as object }),
    });
  };
});

const assign = (more: object = {}) =>
  head('POST /supervision/assignments', { cadre: 'wang', merchant: 'em', level: 'C', ...more });

test('a merchant is assigned; the same again changes nothing, another level begins anew', async () => {
  const first = await assign();
  expect(first.statusCode, first.body).toBe(201);
  expect((await assign()).json<{ id: string }>().id).toBe(first.json<{ id: string }>().id);
  api().clock.move(60_000);
  const second = await assign({ level: 'A', visitsPerQuarter: 2 });
  expect(second.json()).toMatchObject({ level: 'A', visitsPerQuarter: 2, until: null });
  const { items } = (await head('GET /supervision/assignments?ended=true')).json<{ items: object[] }>();
  expect(items).toHaveLength(2);
  const history = await api()
    .context.db.selectFrom('history')
    .select('to_state')
    .where('entity', '=', 'cadre_merchant')
    .orderBy('id')
    .execute();
  expect(history.map((row) => row.to_state)).toEqual(['created', 'changed', 'created']);
});

test('a cadre of another region, or one who is none, is named', async () => {
  for (const wrong of [{ merchant: 'wm' }, { cadre: 'head' }])
    expect((await assign(wrong)).json()).toMatchObject({ status: 400, errors: [{ field: 'cadre' }] });
});

test('a visit counts for the quarter, once for each key, and at merchants of mine only', async () => {
  const key = randomUUID();
  const post = (payload: object) =>
    api().app.inject({
      method: 'POST',
      url: '/api/v1/supervision/visits',
      headers: { authorization: `Bearer ${token}`, 'idempotency-key': key },
      payload,
    });
  const visit = { merchant: 'em', note: '查看后厨，公示栏已更新' };
  const made = await post(visit);
  expect(made.statusCode, made.body).toBe(201);
  expect((await post(visit)).json()).toEqual(made.json());
  const { items } = (await cadre('GET /supervision/visits')).json<{ items: object[] }>();
  expect(items).toMatchObject([{ note: visit.note, cadre: { username: 'wang' }, merchant: { code: 'em' } }]);
  const at = made.json<{ visitedAt: string }>().visitedAt;
  const second = (ms: number) => new Date(Date.parse(at) + ms).toISOString();
  for (const [between, count] of [
    [`from=${at}&until=${at}`, 1],
    [`from=${second(1000)}`, 0],
    [`until=${second(-1000)}`, 0],
  ] as const)
    expect(
      (await cadre(`GET /supervision/visits?${between}`)).json<{ items: object[] }>().items,
    ).toHaveLength(count);
  const owed = (await cadre('GET /supervision/quarter?owed=true')).json();
  expect(owed).toMatchObject({ items: [] });
  const next = (await cadre('GET /supervision/quarter?owed=true&day=2027-01-01')).json();
  expect(next).toMatchObject({ items: [{ merchant: { code: 'em' }, due: 2, done: 0 }] });
  const late = new Date(api().clock.now().getTime() + 600_000).toISOString();
  for (const [wrong, field] of [
    [{ ...visit, merchant: 'wm' }, 'merchant'],
    [{ ...visit, visitedAt: late }, 'visitedAt'],
    [{ ...visit, visitedAt: '2026-01-01T00:00:00Z' }, 'visitedAt'],
  ] as const)
    expect((await cadre('POST /supervision/visits', wrong)).json()).toMatchObject({ errors: [{ field }] });
});

test('of a lead the cadre hears nothing, of an overdue task the alert', async () => {
  const { db } = api().context;
  const now = api().clock.now();
  const findingId = await addFinding(api(), world.eastCamera, now);
  const alerts = async () =>
    (await cadre('GET /alerts')).json<{ items: { about: string; taskId: string }[] }>().items;
  expect(await alerts()).toEqual([]);
  await cadre('POST /my/notifications/targets', { channel: 'sms', phone: '13800000000' });
  const judged = await confirmFinding(
    db,
    { findingId, actorId: await addAccount(api(), 'desk', 'inspector'), version: undefined, note: '' },
    now,
  );
  if (!judged.done || judged.taskId === null) throw new Error('not confirmed');
  api().clock.move(4 * 86_400_000);
  token = await signIn(api(), 'wang');
  head = caller(api(), await signIn(api(), 'head'));
  const step = await takeStep(db, judged.taskId, api().clock.now());
  expect(step?.late).toMatch(/^(acknowledge|submit)$/);
  expect((await alerts()).filter(({ about }) => about === 'escalated')).toMatchObject([
    { taskId: judged.taskId, roles: ['cadre'] },
  ]);
  const told = await db.selectFrom('notification').select(['about', 'channel']).execute();
  expect(told).toContainEqual({ about: 'escalated', channel: 'sms' });
});

test('an assignment ends; its merchant is seen no more', async () => {
  const { items } = (await head('GET /supervision/assignments')).json<{ items: { id: string }[] }>();
  const ended = await head(`POST /supervision/assignments/${items[0]?.id}/end`);
  expect(ended.json()).toMatchObject({ until: api().clock.now().toISOString() });
  expect((await head(`POST /supervision/assignments/${items[0]?.id}/end`)).statusCode).toBe(409);
  expect((await cadre('GET /merchants')).json()).toMatchObject({ items: [] });
});
