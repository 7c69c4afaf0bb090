/** The auditor finds every task whose next step is neither scheduled nor done, on both backends of the queue. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Database, type OpenDatabase, openDatabase } from '../../services/db/database.ts';
import { openStepQueue, type StepQueue } from '../../services/queue/step-queue.ts';
import { auditSteps } from '../../workers/deadlines/audit.ts';
import { type RoundContext, scheduleSteps } from '../../workers/deadlines/rounds.ts';
import { type Kitchen, seedKitchen } from '../support/kitchen.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { issueTask, type People, seedPeople } from './support/tasks.ts';

const T0 = new Date('2026-11-21T04:00:00Z').getTime();
const hours = (n: number) => new Date(T0 + n * 3_600_000);

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}

describe.each(['postgres', 'redis'] as const)('the auditor, jobs on %s', (backend) => {
  let redis: ChildProcess | undefined;
  let redisUrl: string | undefined;
  let database: TestDatabase;
  let opened: OpenDatabase;
  let db: Database;
  let kitchen: Kitchen;
  let people: People;
  let queue: StepQueue;
  let context: RoundContext;

  beforeAll(async () => {
    if (backend === 'postgres') return;
    const port = await freePort();
    const settings = ['--bind', '127.0.0.1', '--save', '', '--maxmemory-policy', 'noeviction'];
    redis = spawn('redis-server', ['--port', String(port), ...settings]);
    for await (const line of redis.stdout ?? [])
      if (String(line).includes('Ready to accept connections')) break;
    redis.stdout?.resume();
    redisUrl = `redis://127.0.0.1:${port}`;
  });
  afterAll(async () => {
    if (redis === undefined) return;
    redis.kill();
    await once(redis, 'exit');
  });
  beforeEach(async () => {
    database = await createTestDatabase();
    opened = openDatabase(database.url);
    db = opened.db;
    kitchen = await seedKitchen(db);
    people = await seedPeople(db, kitchen);
    queue = openStepQueue({ databaseUrl: database.url, redisUrl }, () => {});
    context = { db, now: () => hours(0) };
    return async () => {
      await queue.close();
      await opened.close();
      await database.drop();
    };
  });

  const issue = async (count: number) => {
    const ids: string[] = [];
    for (let i = 0; i < count; i += 1) ids.push(await issueTask(db, kitchen, people, hours(0)));
    return ids;
  };
  const faultsOf = async () =>
    (await auditSteps(context, queue, 60)).faults.map(({ id, fault }) => [id, fault]).sort();

  test('finds, repairs and reports every one of 100 jobs deleted on purpose, and nothing else', async () => {
    const ids = await issue(130);
    expect(await scheduleSteps(context, queue)).toBe(130);
    expect(await faultsOf()).toEqual([]);
    const deleted = ids.slice(15, 115);
    for (const taskId of deleted) expect(await queue.remove({ taskId, at: hours(4) })).toBe(true);
    expect(await faultsOf()).toEqual(deleted.map((id) => [id, 'no_job']).sort());
    expect(await faultsOf()).toEqual([]);
    for (const taskId of ids) expect(await queue.has({ taskId, at: hours(4) })).toBe(true);
    const reported = await db
      .selectFrom('step_fault')
      .select(['task_id', 'fault', 'repaired_at', 'expected_step', 'expected_at'])
      .execute();
    expect(reported).toHaveLength(100);
    expect(reported[0]).toMatchObject({
      fault: 'no_job',
      repaired_at: hours(0),
      expected_step: 'acknowledge',
      expected_at: hours(4),
    });
    const events = await db
      .selectFrom('event')
      .select('id')
      .where('type', '=', 'task.step_repaired')
      .execute();
    expect(events).toHaveLength(100);
  }, 120_000);

  test('does not trust next_step: a row that forgot it, or says another time, is found', async () => {
    const [forgot = '', later = '', fine = ''] = await issue(3);
    await scheduleSteps(context, queue);
    await db
      .updateTable('task')
      .set({ next_step: null, next_step_at: null, step_scheduled_at: null })
      .where('id', '=', forgot)
      .execute();
    await db
      .updateTable('task')
      .set({ next_step_at: hours(4000), submit_level: 3 })
      .where('id', '=', later)
      .execute();
    expect(await faultsOf()).toEqual(
      [
        [forgot, 'wrong_step'],
        [later, 'wrong_step'],
      ].sort(),
    );
    const rows = await db.selectFrom('task').select(['id', 'next_step', 'next_step_at']).execute();
    for (const row of rows) expect(row).toMatchObject({ next_step: 'acknowledge', next_step_at: hours(4) });
    expect(await queue.has({ taskId: fine, at: hours(4) })).toBe(true);
    expect(await faultsOf()).toEqual([]);
  });

  test('does itself what is late although a job was made', async () => {
    const [id = ''] = await issue(1);
    await scheduleSteps(context, queue);
    context = { db, now: () => hours(4.5) };
    expect(await faultsOf()).toEqual([[id, 'not_done']]);
    const row = await db.selectFrom('task').select('state').where('id', '=', id).executeTakeFirstOrThrow();
    expect(row.state).toBe('escalated');
  });
});
