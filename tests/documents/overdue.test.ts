/** 逾期天数 on a document: how late the merchant itself was. What waits at the office, and what comes after the task's end, makes nobody later. */
import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { startSession } from '../../services/api/sessions.ts';
import { runTaskOrder, type TaskOrder } from '../../services/db/task-life.ts';
import { confirmFinding } from '../../services/db/verdicts.ts';
import { addAccount, useApi } from '../api/support.ts';
import { addFinding, addWorld, type World } from '../api/world.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const api = useApi();
let world: World;
let people: { desk: string; head: string; merchant: string };
let task: string;

beforeAll(async () => {
  world = await addWorld(api());
  people = {
    desk: await addAccount(api(), 'desk', 'inspector', { regionId: world.county }),
    head: await addAccount(api(), 'head', 'station_head', { regionId: world.county }),
    merchant: await addAccount(api(), 'merchant', 'merchant', { merchantId: world.eastMerchant }),
  };
});
/** Of class 2: the answer is due three days after issue. */
beforeEach(async () => {
  task = await issued(world.eastCamera);
});

async function issued(camera: string): Promise<string> {
  const { context, clock } = api();
  clock.move(2 * HOUR);
  const findingId = await addFinding(api(), camera, clock.now());
  const command = { findingId, actorId: people.desk, version: undefined, note: '' };
  const result = await confirmFinding(context.db, command, clock.now());
  if (!result.done || result.taskId === null) throw new Error('not issued');
  return result.taskId;
}
async function order(command: TaskOrder['command'], more: Partial<TaskOrder> = {}): Promise<void> {
  const actorId = ['acknowledge', 'submit', 'appeal'].includes(command) ? people.merchant : people.desk;
  const { context, clock } = api();
  const result = await runTaskOrder(context.db, { taskId: task, command, actorId, ...more }, clock.now());
  expect(result).toMatchObject({ done: true });
}
async function answered(type: 'submission' | 'appeal'): Promise<void> {
  const command = type === 'submission' ? 'submit' : 'appeal';
  await order(command, { answer: { type, text: '已整改', photoIds: [] } });
}
const acknowledged = () => order('acknowledge');
const days = (n: number): void => api().clock.move(n * DAY);

/** Issues a 责任约谈通知书 now. @returns the days that it says */
async function said(): Promise<number> {
  const { app, context, clock } = api();
  const begin = { accountId: people.head, address: '127.0.0.1', userAgent: '' };
  const { token } = await startSession(context.db, begin, clock.now());
  const { version } = await context.db
    .selectFrom('task')
    .select('version')
    .where('id', '=', task)
    .executeTakeFirstOrThrow();
  const answer = await app.inject({
    method: 'POST',
    url: `/api/v1/tasks/${task}/documents`,
    headers: { authorization: `Bearer ${token}`, 'idempotency-key': randomUUID() },
    payload: { type: 'interview', version, reason: '', pictures: [] },
  });
  expect(answer.statusCode, answer.body).toBe(201);
  const { content } = await context.db
    .selectFrom('document')
    .select('content')
    .where('id', '=', answer.json<{ id: string }>().id)
    .executeTakeFirstOrThrow();
  return Number(/已逾期 (\d+) 天/.exec(JSON.stringify(content))?.[1]);
}

test('counts while the merchant owes its answer', async () => {
  days(2);
  expect(await said()).toBe(0);
  days(3);
  expect(await said()).toBe(2);
});

test('an answer in time is not late, however long the office looks at it', async () => {
  await acknowledged();
  days(2);
  await answered('submission');
  days(20);
  expect(await said()).toBe(0);
  // Returned, what was left of the limit runs on.
  await order('return', { reason: 'wrong_zone' });
  days(2.5);
  expect(await said()).toBe(1);
});

test('an answer that was late stays as late as it was, while it waits and once it is accepted', async () => {
  await acknowledged();
  days(5);
  await answered('submission');
  days(10);
  expect(await said()).toBe(2);
  await order('close');
  days(10);
  expect(await said()).toBe(2);
});

test('an appeal makes nobody late', async () => {
  days(1);
  await answered('appeal');
  days(30);
  expect(await said()).toBe(0);
  await order('uphold_appeal');
  days(30);
  expect(await said()).toBe(0);
});

test.each(['withdraw', 'transfer'] as const)('what ended by %s grows no later', async (command) => {
  days(4.5);
  await order(command, { reason: '县综合执法局' });
  expect(await said()).toBe(1);
  days(60);
  expect(await said()).toBe(1);
});

test('reopened, it is late by its new limit alone', async () => {
  await acknowledged();
  days(9);
  await answered('submission');
  await order('close');
  expect(await said()).toBe(6);
  await order('reopen', { actorId: people.head });
  expect(await said()).toBe(0);
  days(4);
  expect(await said()).toBe(1);
});

test('where working time counts, days off while an answer waits are not the merchant’s', async () => {
  const { db } = api().context;
  const document = { limits: { 2: { submitMin: 960, counting: 'working' } } };
  await db
    .insertInto('policy')
    .values({
      region_id: world.west,
      version: 1,
      effective_from: api().clock.now(),
      document: JSON.stringify({ ...document, calendar: { workingHours: [['09:00', '17:00']] } }),
      changed_by: null,
      changed_at: api().clock.now(),
      withdrawn_at: null,
      withdrawn_by: null,
    })
    .execute();
  // To a Wednesday, 9:00 in China: two working days, the answer is due on Thursday at 17:00.
  const weekday = (): number => new Date(api().clock.now().getTime() + 8 * HOUR).getUTCDay();
  const nineOClock = (): number => (DAY - ((api().clock.now().getTime() - HOUR) % DAY)) % DAY;
  api().clock.move(nineOClock());
  while (weekday() !== 3) days(1);
  api().clock.move(-2 * HOUR);
  task = await issued(world.westCamera);
  await order('acknowledge');
  // Friday at 14:00: 21 hours late.
  api().clock.move(2 * DAY + 5 * HOUR);
  await answered('submission');
  days(2);
  expect(await said()).toBe(0);
  days(1);
  await order('close');
  days(5);
  expect(await said()).toBe(0);
});
