/**
 * A region's year through the real commands and a real database: people act, delayed jobs wake on an injected clock, the auditor
 * looks every month, and at the end nothing is left behind.
 */
import { sql } from 'kysely';
import { beforeAll, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../services/db/database.ts';
import { agrees, auditedTasks } from '../../services/db/task-audit.ts';
import { runTaskOrder } from '../../services/db/task-life.ts';
import { takeStep } from '../../services/db/task-steps.ts';
import { verifyHistory } from '../../services/db/verify-history.ts';
import { type TaskCommand, visitRequired } from '../../services/domain/task-life.ts';
import type { TaskClass, ViolationKind } from '../../services/domain/words.ts';
import { auditSteps } from '../../workers/deadlines/audit.ts';
import { scheduleSteps } from '../../workers/deadlines/rounds.ts';
import { type Kitchen, seedKitchen } from '../support/kitchen.ts';
import { useTestDatabase } from '../support/postgres.ts';
import { issueTask, type People, seedPeople } from '../task-life/support/tasks.ts';
import { SimulatedQueue } from './support/simulated-queue.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = Date.parse('2026-01-01T00:00:00Z');
const TASKS = 240;
const KINDS: [ViolationKind, TaskClass][] = [
  ['no_hat', 2],
  ['no_mask', 3],
  ['rodent', 1],
];
const url = useTestDatabase();
let db: Database;
let now = new Date(START);
const queue = new SimulatedQueue();
const places: { kitchen: Kitchen; people: People }[] = [];
const context = { db: undefined as unknown as Database, now: () => now };

/** Park and Miller's generator: the same year every time. */
let seed = 20_260_101;
const chance = (): number => {
  seed = (seed * 48_271) % 2_147_483_647;
  return seed / 2_147_483_647;
};

beforeAll(async () => {
  const opened = openDatabase(url());
  db = opened.db;
  context.db = db;
  for (let i = 0; i < 8; i += 1) {
    const kitchen = await seedKitchen(db);
    const home = places[0]?.kitchen ?? kitchen;
    await db
      .updateTable('merchant')
      .set({ region_id: home.regionId })
      .where('id', '=', kitchen.merchantId)
      .execute();
    const own = { ...kitchen, regionId: home.regionId, regionPath: home.regionPath };
    places.push({ kitchen: own, people: await seedPeople(db, own) });
  }
  const region = places[0]?.kitchen.regionId ?? '';
  const days = [1, 2, 3, 4, 5, 6, 7].map((d) => ({ date: `2026-10-0${d}`, type: 'off', name: '国庆节' }));
  await db
    .insertInto('calendar')
    .values({
      code: 'cn-2026',
      name: '2026',
      region_id: region,
      days: JSON.stringify(days),
      terms: '[]',
      changed_by: null,
      changed_at: now,
    })
    .execute();
  const working = {
    limits: { 2: { counting: 'working' }, 3: { counting: 'working' } },
    calendar: {
      holidays: 'cn-2026',
      workingHours: [
        ['08:30', '12:00'],
        ['14:00', '17:30'],
      ],
    },
    recheck: { observedHours: { 1: 6, 2: 6 }, mostProlongations: 3 },
  };
  // From July another policy: what was issued before keeps its own.
  const summer = { ...working, limits: { 2: { submitMin: 1440, reviewMin: 240 } } };
  for (const [version, document, from] of [
    [1, working, '2026-01-01'],
    [2, summer, '2026-07-01'],
  ] as const)
    await db
      .insertInto('policy')
      .values({
        region_id: region,
        version,
        effective_from: new Date(`${from}T00:00:00Z`),
        document: JSON.stringify(document),
        changed_by: null,
        changed_at: now,
      })
      .execute();
  return async () => await opened.close();
});

/** What is going to happen, besides the delayed jobs. */
type Coming = { at: number } & (
  | { what: 'find'; place: number; kind: ViolationKind; class: TaskClass }
  | { what: 'act'; taskId: string; place: number; silent: boolean }
  | { what: 'audit' }
);
const coming: Coming[] = [];
const push = (one: Coming): void => {
  const place = coming.findIndex(({ at }) => at > one.at);
  coming.splice(place < 0 ? coming.length : place, 0, one);
};

/** A camera that works sees its kitchen for half of each day after a closure. */
async function see(cameraId: string): Promise<void> {
  await sql`
    insert into coverage (camera_id, hour, minutes)
    select ${cameraId}, date_trunc('hour', ${now}::timestamptz, 'UTC') + n * interval '2 hours', repeat('L', 60)
    from generate_series(1, 40) as n
    on conflict (camera_id, hour) do nothing
  `.execute(db);
}

/** What people do with a task as it stands; nothing when it is not their turn. */
async function act({ taskId, place, silent }: Extract<Coming, { what: 'act' }>): Promise<void> {
  const { kitchen, people } = places[place] as (typeof places)[number];
  const task = await db
    .selectFrom('task')
    .select([
      'state',
      'acknowledged_at',
      'returns',
      'appeals',
      'by_people',
      'next_step_at',
      'recheck_until',
      'reopens',
    ])
    .where('id', '=', taskId)
    .executeTakeFirstOrThrow();
  const order = async (command: TaskCommand, visited = false): Promise<void> => {
    const byMerchant = ['acknowledge', 'submit', 'appeal'].includes(command);
    const actorId = byMerchant ? people.merchant : people.inspector;
    const result = await runTaskOrder(db, { taskId, command, actorId, visited }, now);
    expect(result, `${command} from ${task.state}`).toMatchObject({ done: true });
  };
  const again = (hours: number) =>
    push({ what: 'act', taskId, place, silent, at: now.getTime() + hours * HOUR * (0.1 + 1.5 * chance()) });
  switch (task.state) {
    case 'issued':
    case 'acknowledged':
    case 'returned':
    case 'escalated':
      if (silent) {
        // Nobody answers: handed to others once the chain is at its end.
        if (task.next_step_at === null) return await order('transfer');
        return again(240);
      }
      if (task.appeals === 0 && chance() < 0.08) await order('appeal');
      else await order(task.acknowledged_at === null ? 'acknowledge' : 'submit');
      return again(36);
    case 'appealed':
      if (chance() < 0.4) {
        await order('uphold_appeal');
        return await goOn(place);
      }
      await order('reject_appeal');
      return again(24);
    case 'submitted': {
      const visit = visitRequired(task);
      if (!visit && chance() < 0.35) {
        await order('return');
        return again(36);
      }
      await order('close', visit);
      if (chance() < 0.75) await see(kitchen.cameraId);
      return again(60);
    }
    case 'closed':
    case 'recheck_due':
      if (task.reopens === 0 && task.recheck_until !== null && now <= task.recheck_until && chance() < 0.05) {
        await order('reopen');
        return again(24);
      }
      if (task.state === 'recheck_due' && task.by_people) return await order('pass_recheck');
      return task.state === 'recheck_due' ? again(72) : undefined;
    case 'transferred':
    case 'withdrawn':
    case 'recheck_passed':
    case 'recurred':
      return;
  }
}

/** Rechecks that the appealed task had ended run again: somebody has to look after them too. */
async function goOn(place: number): Promise<void> {
  const resumed = await db
    .selectFrom('history')
    .select('entity_id')
    .where('command', '=', 'resume_recheck')
    .where('at', '=', now)
    .execute();
  for (const { entity_id: taskId } of resumed)
    push({ what: 'act', taskId, place, silent: false, at: now.getTime() + HOUR });
}

let found = 0;
let removed = 0;
let jobs = 0;

async function happen(one: Coming): Promise<void> {
  if (one.what === 'act') return await act(one);
  if (one.what === 'find') {
    const { kitchen, people } = places[one.place] as (typeof places)[number];
    const taskId = await issueTask(db, kitchen, people, now, one);
    const silent = chance() < 0.12;
    return push({ what: 'act', taskId, place: one.place, silent, at: now.getTime() + 6 * HOUR * chance() });
  }
  // Somebody emptied a part of the queue: exactly that is found.
  const waiting = [...(await queue.ids())];
  const open = await db
    .selectFrom('task')
    .select(['id', 'next_step_at'])
    .where('next_step_at', '>', now)
    .orderBy('number')
    .limit(2)
    .execute();
  let gone = 0;
  for (const { id, next_step_at: at } of open)
    if (at !== null && (await queue.remove({ taskId: id, at }))) gone += 1;
  const audit = await auditSteps(context, queue, 60);
  expect(audit.faults.map(({ fault }) => fault)).toEqual(Array(gone).fill('no_job'));
  expect((await queue.ids()).size).toBe(waiting.length);
  removed += gone;
  found += audit.faults.length;
}

test('a year of tasks: every step is taken when it is due, and the auditor has nothing to say', async () => {
  for (let i = 0; i < TASKS; i += 1) {
    const [kind, taskClass] = KINDS[Math.floor(chance() * 3)] ?? ['no_hat', 2];
    const at = START + chance() * 365 * DAY;
    push({ what: 'find', at, place: Math.floor(chance() * places.length), kind, class: taskClass });
  }
  for (let month = 1; month <= 14; month += 1) push({ what: 'audit', at: START + month * 30 * DAY });
  for (;;) {
    const job = queue.first();
    const next = coming[0];
    if (job === undefined && next === undefined) break;
    if (job !== undefined && (next === undefined || job.due.getTime() <= next.at)) {
      now = job.due;
      await queue.remove(job);
      await takeStep(db, job.taskId, now);
      jobs += 1;
    } else if (next !== undefined) {
      coming.shift();
      now = new Date(next.at);
      await happen(next);
    }
    await scheduleSteps(context, queue);
  }

  expect(removed).toBeGreaterThan(8);
  expect(found).toBe(removed);
  const { faults, tasks } = await auditSteps(context, queue, 0);
  expect(faults).toEqual([]);
  // Nobody's turn any more: closed ones that were not drawn are done with, and leave the auditor's list by that.
  expect(tasks).toBeLessThan(TASKS);
  for await (const task of auditedTasks(db)) expect(task, task.number).toSatisfy(agrees);
  const states = await db
    .selectFrom('task')
    .select((eb) => ['state', eb.fn.countAll<string>().as('n')])
    .groupBy('state')
    .orderBy('state')
    .execute();
  expect(states.map(({ state }) => state)).toEqual(
    ['closed', 'recheck_passed', 'recurred', 'transferred', 'withdrawn'].sort(),
  );
  expect(states.reduce((sum, { n }) => sum + Number(n), 0)).toBe(TASKS);
  expect((await verifyHistory(db)).faults).toEqual([]);

  // Told in SQL, from the history alone: nothing happened before its time or later than its job.
  const { rows } = await sql<Record<string, number>>`
    select
      (select count(*) from history where command = 'escalate')::int as escalations,
      (select count(*) from task_escalation)::int as steps,
      (select count(*) from task where class <> 3 and state = 'recheck_passed' and not by_people
        and observed_min < 360)::int as "passedBlind",
      (select count(*) from task where state = 'recurred' and recurred_as is null)::int as unlinked,
      (select count(*) from history where command = 'review_overdue')::int as reviews,
      (select count(*) from history where command = 'reopen')::int as reopened,
      -- a task that was drawn and reopened takes part again, with another number
      (select count(*) from history where reason = 'drawn')::int as drawn,
      (select count(*) from history where reason in ('drawn', 'not_drawn'))::int as row,
      (select count(*) from history as escalated join task on task.id = escalated.entity_id
        where escalated.command = 'escalate' and task.reopens = 0 and escalated.at < task.acknowledge_due)::int as early,
      (select count(*) from alert where about = 'escalated')::int as alerts,
      (select count(distinct (audience, task_id, about, occurrence)) from alert where about = 'escalated')::int as "alertsOnce"
  `.execute(db);
  const counts = rows[0] ?? {};
  expect(counts.escalations).toBe(counts.steps);
  expect(counts.escalations).toBeGreaterThan(TASKS / 2);
  expect(counts).toMatchObject({ passedBlind: 0, unlinked: 0, early: 0 });
  expect(counts.alerts).toBe(counts.alertsOnce);
  expect(counts.reviews).toBeGreaterThan(10);
  expect(counts.reopened).toBeGreaterThan(2);
  expect(counts.drawn).toBeGreaterThanOrEqual(Math.floor((counts.row ?? 0) / 10));
  expect(counts.row).toBeGreaterThan(40);
  expect(jobs).toBeGreaterThan(TASKS * 2);
}, 300_000);
