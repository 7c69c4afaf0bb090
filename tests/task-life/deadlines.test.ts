import { pino } from 'pino';
import { beforeEach, describe, expect, test } from 'vitest';
import { type Database, type OpenDatabase, openDatabase } from '../../services/db/database.ts';
import { auditTasks } from '../../services/db/task-audit.ts';
import { runTaskOrder } from '../../services/db/task-life.ts';
import { verifyHistory } from '../../services/db/verify-history.ts';
import { startDeadlines } from '../../workers/deadlines/context.ts';
import { escalateDue } from '../../workers/deadlines/rounds.ts';
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
const escalations = async () =>
  await db
    .selectFrom('history')
    .select(['entity_id', 'reason', 'actor_id'])
    .where('command', '=', 'escalate')
    .orderBy('id')
    .execute();
const escalatedEvents = async () =>
  (await db.selectFrom('event').select('id').where('type', '=', 'task.escalated').execute()).length;
const by = (command: 'acknowledge' | 'appeal' | 'reject_appeal', taskId: string, at: number) =>
  runTaskOrder(
    db,
    { taskId, command, actorId: command === 'reject_appeal' ? people.inspector : people.merchant },
    hours(at),
  );

describe('overdue tasks', () => {
  test('are escalated once for each step, whoever works and however often', async () => {
    const [a = '', b = ''] = await issue(2);
    await by('acknowledge', b, 1);
    const round = async (at: number) => await escalateDue({ db, now: () => hours(at) });
    expect(await round(4)).toEqual([]);
    expect(await round(4.1)).toEqual([expect.objectContaining({ id: a, step: 'acknowledge' })]);
    expect(await round(5)).toEqual([]);
    // Late, but told: the merchant acknowledges after all and owes the rest.
    expect(await by('acknowledge', a, 6)).toMatchObject({ done: true, state: 'acknowledged' });
    expect((await round(72.1)).map((task) => [task.id, task.step]).sort()).toEqual(
      [
        [a, 'submit'],
        [b, 'submit'],
      ].sort(),
    );
    expect(await round(9000)).toEqual([]);
    expect(await escalations()).toHaveLength(3);
    expect(await escalatedEvents()).toBe(3);
    const alerts = await db.selectFrom('alert').select('audience').where('about', '=', 'escalated').execute();
    expect(alerts.map((alert) => alert.audience).sort()).toEqual([
      ...Array(3).fill('inspector'),
      ...Array(3).fill('merchant'),
    ]);
    expect((await verifyHistory(db)).faults).toEqual([]);
  });

  test('after a long break are escalated once, for the later step', async () => {
    const [id] = await issue(1);
    const found = await escalateDue({ db, now: () => hours(100) });
    expect(found).toEqual([expect.objectContaining({ id, step: 'submit' })]);
    expect(await escalations()).toEqual([{ entity_id: id, reason: 'overdue_submit', actor_id: null }]);
    expect(await auditTasks(db, hours(100))).toEqual([]);
  });

  test('are left alone while an appeal waits, and late again with what was left', async () => {
    const [id = ''] = await issue(1);
    await by('appeal', id, 1);
    expect(await escalateDue({ db, now: () => hours(300) })).toEqual([]);
    await by('reject_appeal', id, 301);
    expect(await escalateDue({ db, now: () => hours(304) })).toEqual([]);
    expect(await escalateDue({ db, now: () => hours(304.1) })).toHaveLength(1);
  });

  test('are found by the auditor until they are escalated', async () => {
    const ids = await issue(3);
    await by('acknowledge', ids[0] ?? '', 1);
    await by('appeal', ids[1] ?? '', 1);
    expect(await auditTasks(db, hours(5))).toEqual([
      expect.objectContaining({ id: ids[2], step: 'acknowledge', due: hours(4) }),
    ]);
    expect(await auditTasks(db, hours(5), 2 * 3600)).toEqual([]);
    expect((await auditTasks(db, hours(73))).map((task) => task.step)).toEqual(['submit', 'submit']);
    await escalateDue({ db, now: () => hours(73) });
    expect(await auditTasks(db, hours(73))).toEqual([]);
  });

  test('with two processes, one of them ended and started again in between, each is escalated exactly once', async () => {
    const ids = await issue(40);
    const lines = new Events<string>();
    const log = pino({ level: 'info' }, { write: (line: string) => lines.push(line) });
    const config = { databaseUrl: database.url, logLevel: 'info' } as const;
    const start = () => startDeadlines(config, { log, now: () => hours(5), everyMs: 5 });
    const escalated = (seen: readonly string[]) => seen.filter((line) => line.includes('escalated'));
    const [first, second] = [start(), start()];
    await lines.until((seen) => escalated(seen).length >= 5);
    await first.close();
    const third = start();
    await lines.until((seen) => escalated(seen).length >= 40);
    await Promise.all([second.close(), third.close()]);
    const found = await escalations();
    expect(found.map((row) => row.entity_id).sort()).toEqual([...ids].sort());
    expect(await escalatedEvents()).toBe(40);
    expect(escalated(lines.seen)).toHaveLength(40);
  });

  test('are escalated also when a worker dies with one in hand', async () => {
    const [id] = await issue(1);
    const holder = await opened.pool.connect();
    const { rows } = await holder.query('select pg_backend_pid() as pid');
    await holder.query('begin');
    await holder.query('select 1 from task where id = $1 for update', [id]);
    expect(await escalateDue({ db, now: () => hours(5) })).toEqual([]);
    await opened.pool.query('select pg_terminate_backend($1, 5000)', [rows[0]?.pid]);
    holder.release(true);
    expect(await escalateDue({ db, now: () => hours(5) })).toHaveLength(1);
  });
});
