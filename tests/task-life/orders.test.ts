import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Database, type OpenDatabase, openDatabase } from '../../services/db/database.ts';
import { addPhoto } from '../../services/db/task-answers.ts';
import { runTaskOrder, type TaskOrder } from '../../services/db/task-life.ts';
import { type Kitchen, seedKitchen } from '../support/kitchen.ts';
import { useTestDatabase } from '../support/postgres.ts';
import { issueTask, type People, seedPeople } from './support/tasks.ts';

const url = useTestDatabase();
const T0 = new Date('2026-11-21T04:00:00Z');
const HOUR = 3_600_000;
const hours = (n: number) => new Date(T0.getTime() + n * HOUR);

let opened: OpenDatabase;
let db: Database;
let kitchen: Kitchen;
let people: People;
let taskId: string;

beforeAll(async () => {
  opened = openDatabase(url());
  db = opened.db;
  kitchen = await seedKitchen(db);
  people = await seedPeople(db, kitchen);
});
beforeEach(async () => {
  taskId = await issueTask(db, kitchen, people, T0);
});
afterAll(() => opened.close());

const order = (command: TaskOrder['command'], more: Partial<TaskOrder> = {}): TaskOrder => ({
  taskId,
  command,
  actorId: ['acknowledge', 'submit', 'appeal'].includes(command) ? people.merchant : people.inspector,
  ...more,
});
const submission = { type: 'submission', text: '已整改', photoIds: [] } as const;
const run = (what: TaskOrder, at = hours(1)) => runTaskOrder(db, what, at);
const submit = (at?: Date) => run(order('submit', { answer: { ...submission, photoIds: [] } }), at);
const task = () => db.selectFrom('task').selectAll().where('id', '=', taskId).executeTakeFirstOrThrow();
const count = async (table: 'history' | 'event' | 'alert' | 'task_answer') => {
  const column = { history: 'entity_id', event: 'payload', alert: 'task_id', task_answer: 'task_id' }[table];
  const rows = await opened.pool.query(
    `select 1 from ${table} where ${column === 'payload' ? "payload ->> 'taskId'" : `${column}::text`} = $1`,
    [taskId],
  );
  return rows.rowCount;
};

describe('a command', () => {
  test('changes the task, with history, event and alert, in one go', async () => {
    const [history, events] = [await count('history'), await count('event')];
    expect(await run(order('acknowledge', { version: 1, key: 'key-00001' }))).toEqual({
      done: true,
      state: 'acknowledged',
      version: 2,
      repeated: false,
    });
    expect(await task()).toMatchObject({ state: 'acknowledged', acknowledged_at: hours(1), version: 2 });
    expect(await count('history')).toBe((history ?? 0) + 1);
    expect(await count('event')).toBe((events ?? 0) + 1);
    await submit();
    const alerts = await db
      .selectFrom('alert')
      .select(['audience', 'about'])
      .where('task_id', '=', taskId)
      .execute();
    expect(alerts).toContainEqual({ audience: 'inspector', about: 'submitted' });
  });

  test('with a key that was used is answered as then and does nothing', async () => {
    const first = order('acknowledge', { version: 1, key: 'key-00001' });
    const all = await Promise.all([run(first), run(first), run(first), run(first)]);
    expect(all.filter((one) => one.done && !one.repeated)).toHaveLength(1);
    expect(all.every((one) => one.done && one.version === 2)).toBe(true);
    await submit();
    const [history, events] = [await count('history'), await count('event')];
    expect(await run(first, hours(9))).toMatchObject({ done: true, state: 'acknowledged', repeated: true });
    expect([await count('history'), await count('event')]).toEqual([history, events]);
    expect((await task()).state).toBe('submitted');
  });

  test('is refused with a key that stood for something else, and the key of another task is its own', async () => {
    await run(order('acknowledge', { version: 1, key: 'key-00001' }));
    expect(await run(order('withdraw', { version: 2, key: 'key-00001' }))).toMatchObject({
      why: 'key_reused',
    });
    const other = await issueTask(db, kitchen, people, T0);
    const there = { ...order('acknowledge', { key: 'key-00001' }), taskId: other };
    expect(await run(there)).toMatchObject({ done: true, repeated: false });
  });

  test('that saw another version is refused with what is there; of two at once one wins', async () => {
    await run(order('acknowledge'));
    await submit();
    const [a, b] = await Promise.all([
      run(order('close', { version: 3, key: 'key-close' })),
      run(order('return', { version: 3, key: 'key-return' })),
    ]);
    expect([a.done, b.done].sort()).toEqual([false, true]);
    const loser = a.done ? b : a;
    expect(loser).toMatchObject({ why: 'changed', version: 4, state: (await task()).state });
  });

  test('that fails leaves nothing behind', async () => {
    await run(order('acknowledge'));
    const history = await count('history');
    const photoIds = ['00000000-0000-4000-8000-000000000000'];
    const wrong = order('submit', { key: 'key-00002', answer: { ...submission, photoIds } });
    expect(await run(wrong)).toMatchObject({ why: 'unknown_photo' });
    expect([await count('history'), await count('task_answer')]).toEqual([history, 0]);
    expect(await run({ ...wrong, answer: { ...submission, photoIds: [] } })).toMatchObject({ done: true });
  });

  test('of a task that is not there is refused', async () => {
    const nobody = '00000000-0000-4000-8000-000000000000';
    expect(await run({ ...order('close'), taskId: nobody })).toEqual({ done: false, why: 'not_found' });
  });
});

test('two returns, then a visit', async () => {
  await run(order('acknowledge'));
  for (const times of [1, 2]) {
    await submit();
    expect(await run(order('return', { note: '仍未佩戴' }))).toMatchObject({ done: true, state: 'returned' });
    expect(await task()).toMatchObject({ returns: times });
  }
  await submit();
  expect(await run(order('return'))).toMatchObject({ why: 'visit_required' });
  expect(await run(order('close'))).toMatchObject({ why: 'visit_required' });
  expect(await run(order('close', { visited: true }), hours(50))).toMatchObject({
    done: true,
    state: 'closed',
  });
  expect(await task()).toMatchObject({ closed_at: hours(50), recheck_until: hours(50 + 7 * 24) });
  const told = await db
    .selectFrom('alert')
    .select(['about', 'occurrence'])
    .where('task_id', '=', taskId)
    .where('about', '=', 'returned')
    .orderBy('occurrence')
    .execute();
  expect(told.map((alert) => alert.occurrence)).toEqual([1, 2]);
});

test('an appeal stops the clock; rejected, it runs on with what was left', async () => {
  const appeal = { type: 'appeal', text: '已佩戴', photoIds: [] } as const;
  expect(await run(order('appeal', { answer: { ...appeal, photoIds: [] } }), hours(1))).toMatchObject({
    state: 'appealed',
  });
  expect(await task()).toMatchObject({ paused_at: hours(1), interrupted_state: 'issued' });
  expect(await run(order('reject_appeal', { note: '画面清楚' }), hours(21))).toMatchObject({
    state: 'issued',
  });
  expect(await task()).toMatchObject({
    paused_at: null,
    paused_ms: 20 * HOUR,
    acknowledge_due: hours(4),
    interrupted_state: null,
  });
  expect(await run(order('appeal', { answer: { ...appeal, photoIds: [] } }))).toMatchObject({
    why: 'already_appealed',
  });
});

test('an upheld appeal withdraws the task', async () => {
  await run(order('appeal', { answer: { type: 'appeal', text: '是顾客', photoIds: [] } }));
  expect(await run(order('uphold_appeal'), hours(2))).toMatchObject({ done: true, state: 'withdrawn' });
  expect(await task()).toMatchObject({ paused_at: null, paused_ms: HOUR });
});

test('photos belong to their task; the same bytes are one photo', async () => {
  const photo = {
    taskId,
    key: `answers/${taskId}/a.jpg`,
    sha256: 'a'.repeat(64),
    bytes: 3,
    width: 1,
    height: 1,
    shownKey: `answers/${taskId}/b.jpg`,
    shownSha256: 'b'.repeat(64),
    accountId: people.merchant,
  };
  const id = await addPhoto(db, photo, T0);
  expect(await addPhoto(db, photo, T0)).toBe(id);
  await run(order('acknowledge'));
  const answer = { ...submission, photoIds: [id ?? ''] };
  expect(await run(order('submit', { answer }))).toMatchObject({ done: true });
  const [row] = await db.selectFrom('task_answer').selectAll().where('task_id', '=', taskId).execute();
  expect(row).toMatchObject({ text: '已整改', photos: [{ id, key: photo.key, sha256: photo.sha256 }] });
  taskId = await issueTask(db, kitchen, people, T0);
  await run(order('acknowledge'));
  expect(await run(order('submit', { answer }))).toMatchObject({ why: 'unknown_photo' });
});
