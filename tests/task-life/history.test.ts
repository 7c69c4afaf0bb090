import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Database, type OpenDatabase, openDatabase } from '../../services/db/database.ts';
import { runTaskOrder } from '../../services/db/task-life.ts';
import { verifyHistory } from '../../services/db/verify-history.ts';
import { type Kitchen, seedKitchen } from '../support/kitchen.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { issueTask, type People, seedPeople } from './support/tasks.ts';

const T0 = new Date('2026-11-21T04:00:00Z');
const ROOT = join(import.meta.dirname, '../..');

let database: TestDatabase;
let opened: OpenDatabase;
let db: Database;
let kitchen: Kitchen;
let people: People;
let taskId: string;

beforeAll(async () => {
  database = await createTestDatabase();
  opened = openDatabase(database.url);
  db = opened.db;
  kitchen = await seedKitchen(db);
  people = await seedPeople(db, kitchen);
});
afterAll(async () => {
  await opened.close();
  await database.drop();
});
beforeEach(async () => {
  taskId = await issueTask(db, kitchen, people, T0);
  await runTaskOrder(db, { taskId, command: 'acknowledge', actorId: people.merchant }, T0);
  const answer = { type: 'submission', text: '已整改，全员佩戴 😀', photoIds: [] } as const;
  const submit = { taskId, command: 'submit', actorId: people.merchant } as const;
  await runTaskOrder(db, { ...submit, answer: { ...answer, photoIds: [] } }, T0);
  await runTaskOrder(
    db,
    { taskId, command: 'return', actorId: people.inspector, reason: 'unclear', note: 'a|b:1' },
    T0,
  );
});

/** What a superuser can do: past every trigger. */
async function behindTheBack<T extends pg.QueryResultRow>(
  statement: string,
  values: unknown[] = [],
): Promise<T[]> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    await client.query("set session_replication_role = 'replica'");
    return (await client.query<T>(statement, values)).rows;
  } finally {
    await client.end();
  }
}

const rowsOf = () =>
  db.selectFrom('history').selectAll().where('entity_id', '=', taskId).orderBy('id').execute();
const faults = async () => (await verifyHistory(db)).faults;

describe('the chain of history', () => {
  test('is whole, and every row follows the one before it', async () => {
    expect(await faults()).toEqual([]);
    const rows = await rowsOf();
    expect(rows.map((row) => row.command)).toEqual(['', 'acknowledge', 'submit', 'return']);
    expect(rows[0]?.prev_hash).toBe('0'.repeat(64));
    expect(rows.slice(1).map((row) => row.prev_hash)).toEqual(rows.slice(0, -1).map((row) => row.hash));
  });

  test('is written by the database, whoever writes and whatever they say', async () => {
    await opened.pool.query(
      `insert into history (entity, entity_id, from_state, to_state, prev_hash, hash)
       values ('task', $1, 'returned', 'returned', 'mine', 'mine')`,
      [taskId],
    );
    expect(await faults()).toEqual([]);
  });

  test('refuses change, deletion and truncation', async () => {
    for (const statement of [
      "update history set note = 'x'",
      'delete from history',
      'truncate history',
      "update task_answer set text = 'x'",
      'delete from task_answer',
    ]) {
      await expect(opened.pool.query(statement)).rejects.toThrow('append-only');
    }
  });

  test('stays one chain under writers at the same time', async () => {
    const write = () =>
      db
        .insertInto('history')
        .values({ entity: 'task', entity_id: taskId, from_state: 'returned', to_state: 'returned', at: T0 })
        .execute();
    await Promise.all(Array.from({ length: 20 }, write));
    expect(await faults()).toEqual([]);
  });

  const columns: [string, string][] = [
    ['note', "'a|b:2'"],
    ['reason', "'other'"],
    ['actor_id', 'gen_random_uuid()'],
    ['to_state', "'closed'"],
    ['at', "at + interval '1 microsecond'"],
    ['command', "'close'"],
  ];
  test.each(columns)('names the row whose %s was altered', async (column, value) => {
    const [, , , row] = await rowsOf();
    const before = await behindTheBack(`select ${column}::text as v from history where id = ${row?.id}`);
    await behindTheBack(`update history set ${column} = ${value} where id = ${row?.id}`);
    const found = await faults();
    expect(found).toContainEqual(
      expect.objectContaining({ fault: 'altered', entityId: taskId, historyId: row?.id }),
    );
    await behindTheBack(`update history set ${column} = $1 where id = ${row?.id}`, [before[0]?.v]);
    expect(await faults()).toEqual([]);
  });

  test('names the rows after one that was rehashed by a forger', async () => {
    const [, second, third] = await rowsOf();
    await behindTheBack(
      `update history set note = 'forged' where id = ${second?.id};
       update history h set hash = history_hash(h) where id = ${second?.id}`,
    );
    const found = await faults();
    expect(found).toEqual([
      expect.objectContaining({ fault: 'broken', entityId: taskId, historyId: third?.id }),
    ]);
    await behindTheBack(
      `update history set note = '' where id = ${second?.id};
       update history h set hash = history_hash(h) where id = ${second?.id}`,
    );
    expect(await faults()).toEqual([]);
  });

  test('names a task whose last rows were cut off, and an answer that was altered', async () => {
    const [, , , last] = await rowsOf();
    await behindTheBack(`create table cut as select * from history where id = ${last?.id}`);
    await behindTheBack(`delete from history where id = ${last?.id}`);
    expect(await faults()).toEqual([
      expect.objectContaining({
        fault: 'cut',
        entityId: taskId,
        detail: expect.stringContaining('returned'),
      }),
    ]);
    await behindTheBack('insert into history overriding system value select * from cut');
    await behindTheBack('drop table cut');
    expect(await faults()).toEqual([]);
    await behindTheBack("update task_answer set text = 'nothing' where task_id = $1", [taskId]);
    expect(await faults()).toEqual([expect.objectContaining({ fault: 'answer', entityId: taskId })]);
    await behindTheBack("update task_answer set text = '已整改，全员佩戴 😀' where task_id = $1", [taskId]);
    expect(await faults()).toEqual([]);
  });

  test('the command says so and fails', async () => {
    const verify = () =>
      promisify(execFile)(process.execPath, ['tools/verify-history/main.ts', '--database', database.url], {
        cwd: ROOT,
      });
    expect((await verify()).stdout).toMatch(/whole\n$/);
    const [, row] = await rowsOf();
    await behindTheBack(`update history set note = 'x' where id = ${row?.id}`);
    await expect(verify()).rejects.toMatchObject({
      code: 1,
      stdout: expect.stringContaining(`history row ${row?.id}`),
    });
    await behindTheBack(`update history set note = '' where id = ${row?.id}`);
  });
});
