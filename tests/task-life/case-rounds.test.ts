/** What falls due beside the steps of tasks: one finding that cannot be issued, or one part that fails, stops none of the others. */
import { pino } from 'pino';
import { beforeEach, expect, test } from 'vitest';
import { type Database, type OpenDatabase, openDatabase } from '../../services/db/database.ts';
import { confirmFinding } from '../../services/db/verdicts.ts';
import type { TaskClass } from '../../services/domain/words.ts';
import { startCaseRounds } from '../../workers/deadlines/case-rounds.ts';
import { Events } from '../support/events.ts';
import { type Kitchen, seedKitchen } from '../support/kitchen.ts';
import { createTestDatabase } from '../support/postgres.ts';
import { issueTask, openFinding, type People, seedPeople } from './support/tasks.ts';

const T0 = new Date('2026-11-21T04:00:00Z').getTime();
const NOW = new Date(T0 + 300_000);
const NIGHT_HOUR = 3;

let opened: OpenDatabase;
let db: Database;
let kitchen: Kitchen;
let people: People;
let lines: Events<Record<string, unknown>>;

beforeEach(async () => {
  const database = await createTestDatabase();
  opened = openDatabase(database.url);
  db = opened.db;
  kitchen = await seedKitchen(db);
  people = await seedPeople(db, kitchen);
  lines = new Events();
  return async () => {
    await opened.close();
    await database.drop();
  };
});

/** Runs rounds until the log has what is wanted. */
async function roundsUntil(wanted: (seen: readonly Record<string, unknown>[]) => boolean): Promise<void> {
  const log = pino({ level: 'info' }, { write: (line: string) => lines.push(JSON.parse(line)) });
  const rounds = startCaseRounds({ db, now: () => NOW }, log, NIGHT_HOUR, 5);
  await lines.until(wanted);
  await rounds.close();
}
const said = (msg: string) => lines.seen.filter((line) => line.msg === msg);

/** A finding that was confirmed five minutes ago, with ten seconds to undo it. */
async function confirmed(where: Kitchen, taskClass: TaskClass): Promise<string> {
  const at = new Date(T0);
  const findingId = await openFinding(db, where, at, { kind: 'no_hat', class: taskClass });
  const { inspector: actorId } = people;
  await confirmFinding(db, { findingId, actorId, version: undefined, note: '', undoMs: 10_000 }, at);
  return findingId;
}
const taskOf = async (findingId: string) =>
  await db.selectFrom('task').select('number').where('finding_id', '=', findingId).executeTakeFirst();

/** A school whose term calendar has 2062 for 2026: no working time for longer than anybody looks. */
async function schoolWithTypo(): Promise<Kitchen> {
  const school = await seedKitchen(db);
  const terms = [
    { from: '2026-03-01', to: '2026-07-03', name: '春季' },
    { from: '2062-09-01', to: '2063-01-22', name: '秋季' },
  ];
  await db
    .insertInto('calendar')
    .values({
      code: 'terms',
      name: '校历',
      region_id: school.regionId,
      terms: JSON.stringify(terms),
      changed_by: null,
      changed_at: new Date(T0),
    })
    .execute();
  await db
    .insertInto('policy')
    .values({
      region_id: school.regionId,
      version: 1,
      effective_from: new Date(T0 - 1000),
      document: JSON.stringify({
        limits: { 1: { counting: 'working' } },
        calendar: { terms: 'terms', termTypes: ['school_canteen'] },
      }),
      changed_by: null,
      changed_at: new Date(T0),
      withdrawn_at: null,
      withdrawn_by: null,
    })
    .execute();
  return school;
}

test('a finding whose task cannot be issued is named, and the findings after it are issued all the same', async () => {
  const stuck = await confirmed(await schoolWithTypo(), 1);
  const fine = [await confirmed(kitchen, 1), await confirmed(kitchen, 2)];
  await roundsUntil((seen) => seen.some(({ msg }) => String(msg).startsWith('history checked')));
  for (const id of fine) expect(await taskOf(id)).toBeDefined();
  expect(await taskOf(stuck)).toBeUndefined();
  expect(said('confirmed: task issued')).toHaveLength(2);
  expect(said('the task of a finding cannot be issued, will be tried again')).toMatchObject([
    { level: 50, finding: stuck, error: 'the calendar has no working time' },
  ]);
  // The auditor speaks, and the night's check ran.
  expect(said('confirmed, and no task was issued')).toMatchObject([{ level: 50, finding: stuck }]);

  // Once the calendar is right, it is issued.
  await db.updateTable('calendar').set({ terms: '[]' }).execute();
  lines = new Events();
  await roundsUntil((seen) => seen.some(({ msg }) => msg === 'confirmed: task issued'));
  expect(await taskOf(stuck)).toBeDefined();
});

test('a check of the history that fails does not stop the draw of the month', async () => {
  const taskId = await issueTask(db, kitchen, people, new Date('2026-10-20T04:00:00Z'), {
    kind: 'no_hat',
    class: 3,
  });
  await db
    .updateTable('task')
    .set({
      state: 'closed',
      closed_at: new Date('2026-10-21T04:00:00Z'),
      sampled: false,
      sample_no: 1,
      sample_seed: 'seed',
      next_step: null,
      next_step_at: null,
    })
    .where('id', '=', taskId)
    .execute();
  await opened.pool.query('alter table history_check rename to history_check_away');
  await roundsUntil((seen) => seen.some(({ msg }) => String(msg).startsWith('drawn for a month')));
  expect(said('the check of history failed, will be tried again')).toMatchObject([{ level: 40 }]);
});
