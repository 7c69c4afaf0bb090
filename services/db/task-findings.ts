import { sql } from 'kysely';
import { type JoinRefusal, joinRefusal } from '../domain/cases.ts';
import { dueTimes } from '../domain/task-clock.ts';
import type { Database, Tx } from './database.ts';
import { appendEvent } from './events.ts';
import { keepTaskHistory } from './task-history.ts';
import { recurFromFamily } from './task-recheck.ts';
import { clockOf, lockTask, type TaskRecord } from './task-record.ts';
import { CONFIRMATION, type LockedFinding, lockFinding } from './verdicts.ts';

export interface AddFindingCommand {
  task: { id: string; version: number };
  finding: { id: string; version: number };
  actorId: string;
  note: string;
}

export type AddFindingResult =
  | { done: true; version: number }
  | {
      done: false;
      why: JoinRefusal | 'not_found' | 'changed' | 'finding_not_found' | 'finding_changed';
      state?: string;
      version?: number;
    };

/**
 * 并案: one more finding is answered by an open task. What waited for a verdict is confirmed by that. The task's deadlines stay
 * as they were frozen; the merchant is told of the finding.
 */
export async function addFinding(tx: Tx, command: AddFindingCommand, now: Date): Promise<AddFindingResult> {
  // The finding first, as those who merge and issue do.
  const finding = await lockFinding(tx, command.finding.id);
  if (finding === undefined) return { done: false, why: 'finding_not_found' };
  const task = await lockTask(tx, command.task.id);
  if (task === undefined) return { done: false, why: 'not_found' };
  if (task.version !== command.task.version)
    return { done: false, why: 'changed', state: task.state, version: task.version };
  const there = { state: finding.state, version: finding.version };
  if (finding.version !== command.finding.version) return { done: false, why: 'finding_changed', ...there };
  const facts = {
    merchantId: finding.merchant_id,
    zoneId: finding.zone_id,
    kind: finding.kind,
    class: finding.class,
    state: finding.state,
    inTask: await inTask(tx, finding.id),
  };
  const why = joinRefusal(
    {
      merchantId: task.merchant_id,
      zoneId: task.zone_id,
      kind: task.kind,
      class: task.class,
      state: task.state,
    },
    facts,
  );
  if (why !== undefined) return { done: false, why, ...there };
  await confirmBy(tx, finding, command, now);
  await link(tx, task, finding, command, now);
  await tell(tx, task, finding, now);
  await recurFromFamily(tx, finding.id, { id: task.id, number: task.number }, command.actorId, now);
  return { done: true, version: task.version + 1 };
}

/** Whether a task answers the finding; links of a withdrawn task do not count and are released. */
async function inTask(tx: Tx, findingId: string): Promise<boolean> {
  const links = await tx
    .selectFrom('task_finding')
    .innerJoin('task', 'task.id', 'task_finding.task_id')
    .select('task.state')
    .where('task_finding.finding_id', '=', findingId)
    .where('task_finding.released_at', 'is', null)
    .execute();
  return links.some(({ state }) => state !== 'withdrawn');
}

async function confirmBy(
  tx: Tx,
  finding: LockedFinding,
  command: AddFindingCommand,
  now: Date,
): Promise<void> {
  const verdict =
    finding.state === 'confirmed'
      ? {}
      : {
          state: 'confirmed' as const,
          verdict_by: command.actorId,
          verdict_at: now,
          verdict_reason: 'violation',
          verdict_note: command.note,
        };
  await tx
    .updateTable('finding')
    .set({ ...verdict, issue_at: null, version: finding.version + 1 })
    .where('id', '=', finding.id)
    .execute();
  await tx
    .insertInto('history')
    .values({
      entity: 'finding',
      entity_id: finding.id,
      from_state: finding.state,
      to_state: 'confirmed',
      actor_id: command.actorId,
      command: 'join_task',
      reason: finding.state === 'confirmed' ? 'joined' : 'violation',
      note: command.note,
      at: now,
    })
    .execute();
}

async function link(
  tx: Tx,
  task: TaskRecord,
  finding: LockedFinding,
  command: AddFindingCommand,
  now: Date,
): Promise<void> {
  await tx
    .updateTable('task_finding')
    .set({ released_at: now })
    .where('finding_id', '=', finding.id)
    .where('released_at', 'is', null)
    .execute();
  await tx
    .insertInto('task_finding')
    .values({
      task_id: task.id,
      finding_id: finding.id,
      added_by: command.actorId,
      added_at: now,
      released_at: null,
    })
    .execute();
  await tx
    .updateTable('task')
    .set({ version: task.version + 1 })
    .where('id', '=', task.id)
    .execute();
  const { actorId, note } = command;
  const reason = `add_finding:${finding.id}`;
  await keepTaskHistory(tx, { task, command: 'add_finding', actorId, reason, note }, now);
}

async function tell(tx: Tx, task: TaskRecord, finding: LockedFinding, now: Date): Promise<void> {
  const place = { regionPath: task.region_path, merchantId: task.merchant_id };
  const about = { findingId: finding.id, kind: finding.kind, class: finding.class, taskId: task.id };
  if (finding.state !== 'confirmed' || finding.issue_at !== null) {
    await appendEvent(tx, { type: 'finding.confirmed', ...place, payload: { ...about, ...CONFIRMATION } });
  }
  const due = dueTimes(clockOf(task), now);
  await appendEvent(tx, {
    type: 'task.finding_added',
    ...place,
    payload: {
      ...about,
      number: task.number,
      before: { state: task.state },
      after: { state: task.state },
      version: task.version + 1,
      acknowledgeDue: due.acknowledge.toISOString(),
      submitDue: due.submit.toISOString(),
    },
  });
  await tx
    .insertInto('alert')
    .values({
      audience: 'merchant',
      region_id: task.region_id,
      merchant_id: task.merchant_id,
      finding_id: finding.id,
      task_id: task.id,
      kind: finding.kind,
      class: finding.class,
      created_at: now,
    })
    .execute();
}

/** The findings that tasks answer, the first one first. */
export async function loadTaskFindings(db: Database, taskId: string) {
  return await db
    .selectFrom('task_finding')
    .innerJoin('finding', 'finding.id', 'task_finding.finding_id')
    .innerJoin('zone', 'zone.id', 'finding.zone_id')
    .leftJoin('camera', 'camera.id', 'finding.camera_id')
    .selectAll('finding')
    .select([
      'task_finding.added_at',
      'zone.code as zone_code',
      'zone.kind as zone_kind',
      'zone.name as zone_name',
      'camera.code as camera_code',
      'camera.name as camera_name',
    ])
    .where('task_finding.task_id', '=', taskId)
    .orderBy(
      (eb) =>
        eb.exists(
          eb
            .selectFrom('task')
            .select('task.id')
            .where('task.id', '=', taskId)
            .whereRef('task.finding_id', '=', 'finding.id'),
        ),
      'desc',
    )
    .orderBy('task_finding.added_at')
    // Added at one moment: the one that the task was issued for stands first.
    .orderBy(
      sql`task_finding.finding_id = (select finding_id from task where id = task_finding.task_id)`,
      'desc',
    )
    .orderBy('finding.id')
    .execute();
}
