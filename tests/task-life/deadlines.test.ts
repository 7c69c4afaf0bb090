import { pino } from 'pino';
import { beforeEach, describe, expect, test } from 'vitest';
import { type Database, type OpenDatabase, openDatabase } from '../../services/db/database.ts';
import { agrees, auditedTasks } from '../../services/db/task-audit.ts';
import { runTaskOrder } from '../../services/db/task-life.ts';
import { verifyHistory } from '../../services/db/verify-history.ts';
import { startDeadlines } from '../../workers/deadlines/context.ts';
import { takeDueSteps } from '../../workers/deadlines/rounds.ts';
import { Events } from '../support/events.ts';
import { type Kitchen, seedKitchen } from '../support/kitchen.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { issueTask, type People, seedPeople } from './support/tasks.ts';

const T0 = new Date('2026-11-21T04:00:00Z').getTime();
const hours = (n: number) => new Date(T0 + n * 3_600_000);

let database: TestDatabase;
let opened: OpenDatabase;
let db: Database;
let kitchen: Kitchen;
let people: People;

beforeEach(async () => {
  database = await createTestDatabase();
  opened = openDatabase(database.url);
  db = opened.db;
  kitchen = await seedKitchen(db);
  people = await seedPeople(db, kitchen);
  return async () => {
    await opened.close();
    await database.drop();
  };
});

const issue = async (count: number) => {
  const ids: string[] = [];
  for (let i = 0; i < count; i += 1) ids.push(await issueTask(db, kitchen, people, hours(0)));
  return ids;
};
const round = async (at: number) => await takeDueSteps({ db, now: () => hours(at) });
const escalations = async () =>
  await db
    .selectFrom('history')
    .select(['entity_id', 'reason', 'actor_id'])
    .where('command', '=', 'escalate')
    .orderBy('id')
    .execute();
const escalatedEvents = async () =>
  (await db.selectFrom('event').select('payload').where('type', '=', 'task.escalated').execute()).map(
    ({ payload }) => payload,
  );
const by = (
  command: 'acknowledge' | 'submit' | 'return' | 'appeal' | 'reject_appeal' | 'close' | 'reopen',
  taskId: string,
  at: number,
) =>
  runTaskOrder(
    db,
    {
      taskId,
      command,
      actorId: ['acknowledge', 'submit', 'appeal'].includes(command) ? people.merchant : people.inspector,
    },
    hours(at),
  );
const rowOf = (id: string) =>
  db
    .selectFrom('task')
    .select(['next_step', 'next_step_at', 'state'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
/** The auditor's opinion is the row's, for every task. */
const allAgree = async () => {
  for await (const task of auditedTasks(db)) expect(task, task.number).toSatisfy(agrees);
};

describe('overdue tasks', () => {
  test('go up the chain step by step, each once, whoever works and however often', async () => {
    const [a = '', b = ''] = await issue(2);
    await by('acknowledge', b, 1);
    expect(await rowOf(a)).toMatchObject({ next_step: 'acknowledge', next_step_at: hours(4) });
    expect(await round(3.99)).toEqual([]);
    expect(await round(4)).toEqual([expect.objectContaining({ id: a, late: 'acknowledge', level: 0 })]);
    expect(await rowOf(a)).toMatchObject({
      state: 'escalated',
      next_step: 'escalate',
      next_step_at: hours(8),
    });
    expect(await round(5)).toEqual([]);
    expect(await round(8)).toEqual([expect.objectContaining({ id: a, late: 'acknowledge', level: 1 })]);
    // Late, but told: the merchant acknowledges after all and owes the rest.
    expect(await by('acknowledge', a, 9)).toMatchObject({ done: true, state: 'acknowledged' });
    expect(await rowOf(a)).toMatchObject({ next_step: 'submit', next_step_at: hours(72) });
    expect(await round(40)).toEqual([]);
    expect((await round(72)).map((task) => [task.id, task.late, task.level]).sort()).toEqual(
      [
        [a, 'submit', 0],
        [b, 'submit', 0],
      ].sort(),
    );
    await allAgree();
    // Food-safety officer, inspector, head of station, director with the interview.
    for (const at of [76, 100, 172]) expect(await round(at)).toHaveLength(2);
    expect(await round(9000)).toEqual([]);
    expect(await rowOf(a)).toMatchObject({ next_step: 'submit', next_step_at: null });
    expect(await escalations()).toHaveLength(10);
    expect((await escalatedEvents()).slice(-1)).toMatchObject([
      {
        escalation: { late: 'submit', level: 3, told: 'director', document: 'interview' },
        tellCadre: false,
      },
    ]);
    expect((await escalatedEvents())[0]).toMatchObject({
      escalation: { level: 0, told: 'food_safety_officer' },
      tellCadre: true,
    });
    await allAgree();
    expect((await verifyHistory(db)).faults).toEqual([]);
  });

  test('after a long break begin with the later step, and leave each level its time', async () => {
    const [id = ''] = await issue(1);
    expect(await round(100)).toEqual([expect.objectContaining({ id, late: 'submit', level: 0 })]);
    expect(await escalations()).toEqual([{ entity_id: id, reason: 'overdue_submit', actor_id: null }]);
    expect(await rowOf(id)).toMatchObject({ next_step: 'escalate', next_step_at: hours(104) });
    expect(await round(103)).toEqual([]);
    await allAgree();
  });

  test('are left alone while an appeal waits, and late again with what was left', async () => {
    const [id = ''] = await issue(1);
    await by('appeal', id, 1);
    expect(await rowOf(id)).toMatchObject({ next_step: 'decide_appeal', next_step_at: hours(25) });
    // The merchant's clock stands, the inspector's runs: told once, no step of the chain.
    expect(await round(300)).toEqual([expect.objectContaining({ step: 'decide_appeal', late: null })]);
    expect(await rowOf(id)).toMatchObject({ next_step: 'decide_appeal', next_step_at: null });
    expect(await round(300)).toEqual([]);
    await allAgree();
    await by('reject_appeal', id, 301);
    expect(await rowOf(id)).toMatchObject({ next_step: 'acknowledge', next_step_at: hours(304) });
    await allAgree();
    expect(await round(303)).toEqual([]);
    expect(await round(304)).toHaveLength(1);
  });

  test('returned twice, wait for a visit, and say so when it is late', async () => {
    const [id = ''] = await issue(1);
    await by('acknowledge', id, 1);
    for (const at of [2, 4]) {
      await by('submit', id, at);
      expect(await rowOf(id)).toMatchObject({ next_step: 'review', next_step_at: hours(at + 24) });
      await by('return', id, at + 1);
    }
    await by('submit', id, 6);
    expect(await rowOf(id)).toMatchObject({ next_step: 'field_visit', next_step_at: hours(78) });
    expect(await round(78)).toEqual([expect.objectContaining({ step: 'field_visit' })]);
    expect(await rowOf(id)).toMatchObject({ next_step: 'field_visit', next_step_at: null });
    expect(await round(79)).toEqual([]);
    await allAgree();
    const told = await db.selectFrom('event').select('id').where('type', '=', 'task.visit_due').execute();
    expect(told).toHaveLength(1);
  });

  test('reopened, run the whole chain again, and the auditor counts as the row does', async () => {
    const [id = ''] = await issue(1);
    await round(4);
    await by('acknowledge', id, 5);
    await by('submit', id, 6);
    await by('return', id, 9);
    await by('submit', id, 10);
    await by('close', id, 11);
    await allAgree();
    await round(11);
    await allAgree();
    await by('reopen', id, 20);
    // As if the clock had stood from issue until now: 4 h to acknowledge, 72 h to submit.
    expect(await rowOf(id)).toMatchObject({
      state: 'issued',
      next_step: 'acknowledge',
      next_step_at: hours(24),
    });
    await allAgree();
    expect(await round(24)).toEqual([expect.objectContaining({ late: 'acknowledge', level: 0 })]);
    await allAgree();
    await by('appeal', id, 25);
    await allAgree();
    await by('reject_appeal', id, 30);
    // The step after waits its 4 h, 1 of which had passed when the appeal came.
    expect(await rowOf(id)).toMatchObject({ next_step: 'escalate', next_step_at: hours(33) });
    await allAgree();
    await by('acknowledge', id, 31);
    expect(await rowOf(id)).toMatchObject({ next_step: 'submit', next_step_at: hours(97) });
    await allAgree();
    await round(97);
    await by('submit', id, 98);
    expect(await rowOf(id)).toMatchObject({ next_step: 'review', next_step_at: hours(122) });
    await allAgree();
    expect(await round(122)).toEqual([expect.objectContaining({ step: 'review' })]);
    await allAgree();
    await by('close', id, 123);
    await allAgree();
    expect((await verifyHistory(db)).faults).toEqual([]);
  });

  test('are escalated also when a worker dies with one in hand', async () => {
    const [id = ''] = await issue(1);
    const holder = await opened.pool.connect();
    const { rows } = await holder.query('select pg_backend_pid() as pid');
    await holder.query('begin');
    await holder.query('select 1 from task where id = $1 for update', [id]);
    const waiting = round(5);
    await opened.pool.query('select pg_terminate_backend($1, 5000)', [rows[0]?.pid]);
    holder.release(true);
    expect(await waiting).toHaveLength(1);
  });
});

describe('delayed jobs', () => {
  test('with two processes, one of them ended and started again in between, take each step exactly once', async () => {
    const ids = await issue(40);
    const lines = new Events<string>();
    const log = pino({ level: 'info' }, { write: (line: string) => lines.push(line) });
    const config = {
      databaseUrl: database.url,
      redisUrl: undefined,
      logLevel: 'info',
      nightHour: 3,
    } as const;
    const start = () => startDeadlines(config, { log, now: () => hours(5) });
    const taken = (seen: readonly string[]) => seen.filter((line) => line.includes('step taken'));
    const [first, second] = [start(), start()];
    await lines.until((seen) => taken(seen).length >= 5);
    await first.close();
    const third = start();
    await lines.until((seen) => taken(seen).length >= 40);
    await Promise.all([second.close(), third.close()]);
    expect((await escalations()).map((row) => row.entity_id).sort()).toEqual([...ids].sort());
    expect(await escalatedEvents()).toHaveLength(40);
    expect(taken(lines.seen)).toHaveLength(40);
    await allAgree();
  });

  test('wake a worker when the step is due, without anybody asking', async () => {
    const lines = new Events<string>();
    const log = pino({ level: 'info' }, { write: (line: string) => lines.push(line) });
    // The clock runs, from 400 ms before the limit.
    const startedAt = Date.now();
    const now = () => new Date(hours(4).getTime() - 400 + (Date.now() - startedAt));
    const config = {
      databaseUrl: database.url,
      redisUrl: undefined,
      logLevel: 'info',
      nightHour: 3,
    } as const;
    const worker = startDeadlines(config, { log, now });
    const [id = ''] = await issue(1);
    await lines.until((seen) => seen.some((line) => line.includes('step taken')));
    await worker.close();
    const [row] = await db.selectFrom('history').select('at').where('command', '=', 'escalate').execute();
    expect(row?.at.getTime()).toBeGreaterThanOrEqual(hours(4).getTime());
    expect(await rowOf(id)).toMatchObject({ state: 'escalated' });
  });
});
