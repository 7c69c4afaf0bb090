/** 回头看 ended as recurred by a task whose appeal is then upheld: nothing recurred, so the recheck goes on. */
import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { markCoverage } from '../../services/db/coverage.ts';
import { agrees, auditedTasks } from '../../services/db/task-audit.ts';
import { runTaskOrder, type TaskOrder } from '../../services/db/task-life.ts';
import { confirmFinding } from '../../services/db/verdicts.ts';
import { verifyHistory } from '../../services/db/verify-history.ts';
import { takeDueSteps } from '../../workers/deadlines/rounds.ts';
import { addAccount, as, caller, signIn, useApi } from '../api/support.ts';
import { addFinding, addWorld, type World } from '../api/world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const api = useApi();
let world: World;
let inspector: string;
let owner: string;
/** Closed; its recheck of ten hours runs, in which two must be observed. */
let old: string;

const db = () => api().context.db;
const now = () => api().clock.now();
const round = () => takeDueSteps({ db: db(), now });
const row = (id: string) =>
  db().selectFrom('task').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
const boosted = async () =>
  (await db().selectFrom('camera_boost').select('camera_id').where('task_id', '=', old).execute()).map(
    (one) => one.camera_id,
  );
const history = async () =>
  (
    await db()
      .selectFrom('history')
      .select(['command', 'to_state', 'reason', 'note', 'actor_id'])
      .where('entity', '=', 'task')
      .where('entity_id', '=', old)
      .orderBy('id')
      .execute()
  ).slice(-2);

/** Found at that time, by default now, and confirmed. @returns its task */
async function confirmed(at = now(), cameraId = world.eastCamera): Promise<string> {
  const findingId = await addFinding(api(), cameraId, at);
  const done = await confirmFinding(
    db(),
    { findingId, actorId: inspector, version: undefined, note: '' },
    now(),
  );
  if (!done.done || done.taskId === null) throw new Error('no task');
  return done.taskId;
}
async function order(taskId: string, ...commands: TaskOrder['command'][]): Promise<void> {
  for (const command of commands) {
    const actorId = ['acknowledge', 'submit', 'appeal'].includes(command) ? owner : inspector;
    const done = await runTaskOrder(db(), { taskId, command, actorId }, now());
    expect(done, command).toMatchObject({ done: true });
  }
}
const see = (minutes: number) =>
  markCoverage(
    db(),
    Array.from({ length: minutes }, (_, i) => ({
      cameraId: world.eastCamera,
      at: new Date(now().getTime() + i * MINUTE),
      code: 'L' as const,
    })),
  );

const post = async (path: string, payload: object) =>
  await api().app.inject({
    method: 'POST',
    url: `/api/v1${path}`,
    headers: { authorization: `Bearer ${await signIn(api(), 'desk')}`, 'idempotency-key': randomUUID() },
    payload,
  });
/** The recheck's end came and too little was seen: people look, and see it again. */
async function seenByPerson(): Promise<void> {
  const { version, by_people: byPeople } = await row(old);
  expect(byPeople).toBe(true);
  const seen = await post(`/tasks/${old}/recheck`, { version, outcome: 'recurred', note: '又见未戴帽' });
  expect(seen.json(), seen.body).toMatchObject({ state: 'recurred' });
}

beforeAll(async () => {
  world = await addWorld(api());
  const director = await as(api(), 'director', 'director');
  inspector = await addAccount(api(), 'desk', 'inspector', { regionId: world.county });
  owner = await addAccount(api(), 'owner', 'merchant', { merchantId: world.eastMerchant });
  const document = {
    limits: { 2: { recheckMin: 600 } },
    recheck: { observedHours: { 2: 2 }, prolongMin: 120, mostProlongations: 0 },
  };
  const made = await director('POST /policies', { region: 'east', after: null, document });
  expect(made.statusCode, made.body).toBe(201);
});

beforeEach(async () => {
  api().clock.move(60 * 24 * HOUR);
  old = await confirmed();
  await order(old, 'acknowledge', 'submit', 'close');
  await round();
  expect(await row(old)).toMatchObject({ state: 'recheck_due' });
});

test('it goes on with the hours seen and the end it had, watched again; merchant and inspector are told', async () => {
  const { recheck_until: until } = await row(old);
  await see(90);
  api().clock.move(3 * HOUR);
  const again = await confirmed();
  expect(await row(old)).toMatchObject({ state: 'recurred', recurred_as: again });
  expect(await boosted()).toEqual([]);
  api().clock.move(HOUR);
  await order(again, 'appeal', 'uphold_appeal');
  expect(await row(old)).toMatchObject({ state: 'recheck_due', recheck_until: until, by_people: false });
  expect(await boosted()).toEqual([world.eastCamera]);
  const { number } = await row(again);
  expect((await history())[1]).toMatchObject({
    command: 'resume_recheck',
    to_state: 'recheck_due',
    reason: 'appeal_upheld',
    note: number,
    actor_id: null,
  });
  const told = await db()
    .selectFrom('alert')
    .select('audience')
    .where('task_id', '=', old)
    .where('about', '=', 'recheck_due')
    .execute();
  expect(told.map(({ audience }) => audience).sort()).toEqual(['inspector', 'merchant']);
  const event = await db()
    .selectFrom('event')
    .select('payload')
    .where('type', '=', 'task.recheck_due')
    .orderBy('id', 'desc')
    .executeTakeFirstOrThrow();
  expect(event.payload).toMatchObject({
    taskId: old,
    before: { state: 'recurred' },
    after: { state: 'recheck_due' },
    until: until?.toISOString(),
  });
  const desk = caller(api(), await signIn(api(), 'desk'));
  const listed = (await desk('GET /rechecks?state=recheck_due')).json<{ items: object[] }>().items;
  expect(listed).toMatchObject([{ taskId: old, recurredAs: null, until: until?.toISOString() }]);
  for await (const task of auditedTasks(db())) expect(task, task.number).toSatisfy(agrees);

  await see(30);
  api().clock.move(6 * HOUR);
  await round();
  // 90 before, 30 since, and the minute of the look that found it again.
  expect(await row(old)).toMatchObject({ state: 'recheck_passed', observed_min: 121 });
  expect((await verifyHistory(db())).faults).toEqual([]);
});

test('its end is over meanwhile: it is settled at once, by what was truly seen', async () => {
  await see(300);
  api().clock.move(3 * HOUR);
  const again = await confirmed();
  await order(again, 'appeal');
  api().clock.move(20 * HOUR);
  await order(again, 'uphold_appeal');
  expect(await row(old)).toMatchObject({ state: 'recheck_due', recheck_until: now() });
  await round();
  expect(await row(old)).toMatchObject({ state: 'recheck_passed', observed_min: 300 });
});

test('another finding of the period stands: it recurred as that one', async () => {
  api().clock.move(HOUR);
  const wrong = await confirmed();
  api().clock.move(HOUR);
  const right = await confirmed();
  expect(await row(old)).toMatchObject({ state: 'recurred', recurred_as: wrong });
  await order(wrong, 'appeal', 'uphold_appeal');
  expect(await row(old)).toMatchObject({ state: 'recurred', recurred_as: right });
  expect(await row(right)).toMatchObject({ recurred_from: old });
  expect((await history()).map(({ command }) => command)).toEqual(['resume_recheck', 'recur']);
  expect(await boosted()).toEqual([]);
  // Recurred as it is now, the first one is no longer what it hangs on: the second appeal takes it back too.
  await order(right, 'appeal', 'uphold_appeal');
  expect(await row(old)).toMatchObject({ state: 'recheck_due' });
});

test('a rejected appeal, or a task that is merely withdrawn, takes nothing back', async () => {
  api().clock.move(HOUR);
  const again = await confirmed();
  await order(again, 'appeal', 'reject_appeal');
  expect(await row(old)).toMatchObject({ state: 'recurred', recurred_as: again });
  await order(again, 'withdraw');
  expect(await row(old)).toMatchObject({ state: 'recurred', recurred_as: again });
  expect((await history()).map(({ command }) => command)).not.toContain('resume_recheck');
});

test('passed before a late look ended it: passed again, whatever was found since', async () => {
  await see(150);
  api().clock.move(5 * HOUR);
  const taken = now();
  api().clock.move(5 * HOUR);
  await round();
  expect(await row(old)).toMatchObject({ state: 'recheck_passed' });
  api().clock.move(2 * HOUR);
  await confirmed();
  const late = await confirmed(taken);
  expect(await row(old)).toMatchObject({ state: 'recurred', recurred_as: late });
  await order(late, 'appeal', 'uphold_appeal');
  expect(await row(old)).toMatchObject({ state: 'recheck_passed', observed_min: 150 });
  expect((await history()).map(({ command, reason }) => [command, reason])).toEqual([
    ['resume_recheck', 'appeal_upheld'],
    ['pass_recheck', 'passed_before'],
  ]);
});

test('what a person saw again stays: no appeal was upheld against their eyes', async () => {
  api().clock.move(11 * HOUR);
  await round();
  await seenByPerson();
  const again = await confirmed();
  expect(await row(old)).toMatchObject({ recurred_as: again });
  await order(again, 'appeal', 'uphold_appeal');
  expect(await row(old)).toMatchObject({ state: 'recurred' });
});

test('gone on and seen again by a person, it is linked to what they report, not to the task that lost', async () => {
  api().clock.move(HOUR);
  const wrong = await confirmed();
  await order(wrong, 'appeal', 'uphold_appeal');
  api().clock.move(10 * HOUR);
  await round();
  await seenByPerson();
  expect(await row(old)).toMatchObject({ recurred_as: null });
  const reported = await confirmed();
  expect(await row(old)).toMatchObject({ recurred_as: reported });
});
