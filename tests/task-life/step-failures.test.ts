/** One task whose step cannot be taken, or about which the auditor cannot even think, stops none of the others and is named. */
import { pino } from 'pino';
import { beforeEach, expect, test } from 'vitest';
import { type Database, type OpenDatabase, openDatabase } from '../../services/db/database.ts';
import type { TaskFailure } from '../../services/db/task-failure.ts';
import { openStepQueue, type StepQueue } from '../../services/queue/step-queue.ts';
import { auditSteps } from '../../workers/deadlines/audit.ts';
import { startDeadlines } from '../../workers/deadlines/context.ts';
import { scheduleSteps, takeDueSteps } from '../../workers/deadlines/rounds.ts';
import { Events } from '../support/events.ts';
import { type Kitchen, seedKitchen } from '../support/kitchen.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { issueTask, type People, seedPeople } from './support/tasks.ts';

const T0 = new Date('2026-11-21T04:00:00Z').getTime();
const hours = (n: number) => new Date(T0 + n * 3_600_000);
const now = () => hours(5);

let database: TestDatabase;
let opened: OpenDatabase;
let db: Database;
let kitchen: Kitchen;
let people: People;
let queue: StepQueue;

beforeEach(async () => {
  database = await createTestDatabase();
  opened = openDatabase(database.url);
  db = opened.db;
  kitchen = await seedKitchen(db);
  people = await seedPeople(db, kitchen);
  queue = openStepQueue({ databaseUrl: database.url, redisUrl: undefined }, () => {});
  return async () => {
    await queue.close();
    await opened.close();
    await database.drop();
  };
});

/** Tasks that are an hour late; the first of them has a frozen policy without the chain of its class. */
async function lateTasks(): Promise<{ broken: { id: string; number: string }; fine: string[] }> {
  const id = await issueTask(db, kitchen, people, hours(-1));
  const fine = [
    await issueTask(db, kitchen, people, hours(0)),
    await issueTask(db, kitchen, people, hours(0)),
  ];
  const sha256 = 'b'.repeat(64);
  await opened.pool.query(
    `insert into frozen_policy (sha256, policy)
     select $1, jsonb_set(policy, '{policy,escalation}', '{}') from frozen_policy limit 1`,
    [sha256],
  );
  const broken = await db
    .updateTable('task')
    .set({ policy_sha256: sha256 })
    .where('id', '=', id)
    .returning(['id', 'number'])
    .executeTakeFirstOrThrow();
  return { broken, fine };
}
const statesOf = async (ids: readonly string[]) =>
  (await db.selectFrom('task').select('state').where('id', 'in', ids).execute()).map(({ state }) => state);

test('a round takes the steps after the one that fails', async () => {
  const { broken, fine } = await lateTasks();
  const failures: TaskFailure[] = [];
  const taken = await takeDueSteps({ db, now }, (failure) => failures.push(failure));
  expect(taken.map(({ id }) => id).sort()).toEqual(fine.toSorted());
  expect(failures).toMatchObject([{ taskId: broken.id, number: broken.number }]);
  expect(failures[0]?.message).toMatch(/undefined/);
});

test('a database that is gone is no failure of one task: the round is over', async () => {
  await lateTasks();
  const away = openDatabase(database.url);
  const failures: TaskFailure[] = [];
  let asked = 0;
  const clock = () => {
    asked += 1;
    // Asked for the list, then for the first task.
    if (asked === 2) void away.pool.end();
    return hours(5);
  };
  await expect(takeDueSteps({ db: away.db, now: clock }, (one) => failures.push(one))).rejects.toThrow();
  expect(failures).toEqual([]);
});

test('an audit does what is late of the others, also where putting a task right fails', async () => {
  const { broken, fine } = await lateTasks();
  const [stuck = '', late = ''] = fine;
  await opened.pool.query(`
    create function no_room() returns trigger language plpgsql as $$ begin raise exception 'no room'; end $$;
    create trigger no_room before insert on step_fault for each row when (new.task_id = '${stuck}') execute function no_room();
  `);
  await scheduleSteps({ db, now }, queue);
  const { faults, failed, tasks } = await auditSteps({ db, now }, queue, 60);
  expect(tasks).toBe(2);
  expect(faults.map(({ id, fault }) => [id, fault])).toEqual([[late, 'not_done']]);
  expect(failed.map(({ taskId }) => taskId)).toEqual([broken.id, stuck]);
  expect(failed.map(({ message }) => message)).toEqual([expect.stringMatching(/undefined/), 'no room']);
  expect(await statesOf([late])).toEqual(['escalated']);
  expect(await statesOf([broken.id, stuck])).toEqual(['issued', 'issued']);
});

test('a queue that goes away during the audit is no fault of a task', async () => {
  const id = await issueTask(db, kitchen, people, hours(4));
  await scheduleSteps({ db, now }, queue);
  await queue.remove({ taskId: id, at: hours(8) });
  const gone = { ...queue, has: () => Promise.reject(new Error('connection lost')) };
  expect(await auditSteps({ db, now }, gone, 60)).toEqual({
    tasks: 1,
    faults: [],
    failed: [],
    queueAnswers: false,
  });
});

test('the process names it by its number, with what went wrong, and goes on', async () => {
  const { broken, fine } = await lateTasks();
  const lines = new Events<Record<string, unknown>>();
  const log = pino({ level: 'info' }, { write: (line: string) => lines.push(JSON.parse(line)) });
  const config = {
    databaseUrl: database.url,
    redisUrl: undefined,
    logLevel: 'info',
    nightHour: 3,
  } as const;
  const worker = startDeadlines(config, { log, now, auditEveryMs: 50 });
  const said = (msg: string) => lines.seen.filter((line) => line.msg === msg);
  await lines.until(() => said('the audit of a task failed, will be tried again').length > 0);
  await worker.close();
  expect(said('the audit of a task failed, will be tried again')[0]).toMatchObject({
    level: 50,
    task: broken.number,
    error: expect.stringMatching(/undefined/),
  });
  expect(await statesOf(fine)).toEqual(['escalated', 'escalated']);
});

test('while Redis is away what is late is taken from the database, and the process ends when asked to', async () => {
  const { fine } = await lateTasks();
  const config = {
    databaseUrl: database.url,
    redisUrl: 'redis://127.0.0.1:1',
    logLevel: 'info',
    nightHour: 3,
  } as const;
  const worker = startDeadlines(config, { log: pino({ level: 'silent' }), now, auditEveryMs: 50 });
  await expect.poll(() => statesOf(fine), { timeout: 40_000 }).toEqual(['escalated', 'escalated']);
  await worker.close();
});
