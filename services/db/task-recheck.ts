/** 回头看 in the database: begins, falls due, recurs. Every function here runs in the transaction that changes the task. */
import { sql } from 'kysely';
import { endRecheck, observedMinutes } from '../domain/recheck.ts';
import { isDrawn } from '../domain/sampling.ts';
import { isViolationKind, type KindCode } from '../domain/words.ts';
import type { Tx } from './database.ts';
import { changeTask } from './task-life.ts';
import { noteTask } from './task-notes.ts';
import { lockTask, policyOf, type TaskRecord } from './task-record.ts';

/** After closure: class 3 is drawn for people or done with; the others are watched more often. */
export async function beginRecheck(tx: Tx, task: TaskRecord, now: Date): Promise<void> {
  if (task.class === 3) return await drawSample(tx, task, now);
  const { policy } = policyOf(task);
  const finding = await findingOf(tx, task);
  if (finding.camera_id === null || !isViolationKind(task.kind)) {
    // No camera sees the place, or no model knows the kind: people look again.
    const order = {
      command: 'begin_recheck',
      actorId: null,
      reason: 'by_people',
      columns: { by_people: true },
      more: { until: task.recheck_until?.toISOString() ?? null, byPeople: true },
    } as const;
    return await changeTask(tx, task, 'recheck_due', order, null, now);
  }
  await tx
    .insertInto('camera_boost')
    .values({
      task_id: task.id,
      camera_id: finding.camera_id,
      kind: task.kind,
      look_interval_s: policy.recheck.lookIntervalS,
      since: now,
    })
    .onConflict((conflict) => conflict.column('task_id').doNothing())
    .execute();
  const order = {
    command: 'begin_recheck',
    actorId: null,
    more: { until: task.recheck_until?.toISOString() ?? null, byPeople: false },
  } as const;
  await changeTask(tx, task, 'recheck_due', order, null, now);
}

async function drawSample(tx: Tx, task: TaskRecord, now: Date): Promise<void> {
  const { share, seed } = policyOf(task).policy.sampling;
  const county = task.region_path.split('.')[0] ?? task.region_path;
  const { rows } = await sql<{ no: string }>`
    insert into sample_row (county, n) values (${county}, 1)
    on conflict (county) do update set n = sample_row.n + 1
    returning (n - 1)::text as no
  `.execute(tx);
  const no = Number(rows[0]?.no ?? 0);
  const sampled = isDrawn(seed, no, share);
  const columns = { sampled, sample_no: String(no), sample_seed: seed, by_people: sampled };
  const note = `${county} ${no}, share ${share}`;
  if (!sampled)
    return await noteTask(tx, task, { command: 'sample', reason: 'not_drawn', note, columns }, now);
  const order = {
    command: 'begin_recheck',
    actorId: null,
    reason: 'drawn',
    note,
    columns,
    more: { byPeople: true },
  } as const;
  await changeTask(tx, task, 'recheck_due', order, null, now);
}

/** The recheck falls due and nothing new was found: passed with enough hours truly observed, else prolonged. */
export async function settleRecheck(tx: Tx, task: TaskRecord, now: Date): Promise<void> {
  const observed = await observedSince(tx, task, now);
  const { policy } = policyOf(task);
  const end = endRecheck(policy, task, observed, now);
  const hours = (minutes: number) => (minutes / 60).toFixed(1);
  const reason = `observed_${hours(observed)}_of_${hours(end.neededMin)}_h`;
  const more = { observedMin: observed, neededMin: end.neededMin };
  switch (end.end) {
    case 'passed': {
      const order = {
        command: 'pass_recheck',
        actorId: null,
        reason,
        columns: { observed_min: observed },
        more,
      } as const;
      return await changeTask(tx, task, 'recheck_passed', order, null, now);
    }
    case 'prolonged':
      return await noteTask(
        tx,
        task,
        {
          command: 'prolong_recheck',
          reason,
          columns: {
            recheck_until: end.until,
            prolongations: task.prolongations + 1,
            observed_min: observed,
          },
          event: 'task.recheck_prolonged',
          more: { ...more, until: end.until.toISOString(), byPeople: false },
        },
        now,
      );
    case 'by_people':
      await noteTask(
        tx,
        task,
        {
          command: 'hand_over_recheck',
          reason,
          columns: { by_people: true, observed_min: observed },
          event: 'task.recheck_prolonged',
          more: { ...more, until: null, byPeople: true },
        },
        now,
      );
      await tx.deleteFrom('camera_boost').where('task_id', '=', task.id).execute();
  }
}

/** Minutes truly observed since closure, by the rule of the finding. */
export async function observedSince(tx: Tx, task: TaskRecord, now: Date): Promise<number> {
  if (task.closed_at === null) return 0;
  const finding = await findingOf(tx, task);
  if (finding.camera_id === null) return 0;
  const { opening_hours } = await tx
    .selectFrom('merchant')
    .select('opening_hours')
    .where('id', '=', task.merchant_id)
    .executeTakeFirstOrThrow();
  const coverage = await tx
    .selectFrom('coverage')
    .select(['hour', 'minutes'])
    .where('camera_id', '=', finding.camera_id)
    .where('hour', '>=', sql<Date>`date_trunc('hour', ${task.closed_at}::timestamptz, 'UTC')`)
    .where('hour', '<=', now)
    .execute();
  const hours = finding.rule.hours ?? 'always';
  const rule = { hours, openingHours: opening_hours, timeZone: task.time_zone };
  return observedMinutes(coverage, { from: task.closed_at, to: now }, rule);
}

async function findingOf(tx: Tx, task: Pick<TaskRecord, 'finding_id'>) {
  return await tx
    .selectFrom('finding')
    .select(['camera_id', 'zone_id', 'rule'])
    .where('id', '=', task.finding_id)
    .executeTakeFirstOrThrow();
}

/** A finding as far as recurrence goes. */
export interface RecurringFinding {
  id: string;
  camera_id: string | null;
  zone_id: string;
  kind: KindCode;
  first_seen: Date;
}

/**
 * A new task was issued for a finding: rechecks of the same camera, zone and kind that run end as recurred, and the new task
 * names the latest of them.
 */
export async function recurFrom(
  tx: Tx,
  finding: RecurringFinding,
  issued: { id: string; number: string },
  actorId: string | null,
  now: Date,
): Promise<void> {
  if (finding.camera_id === null) return;
  const olds = await tx
    .selectFrom('task')
    .innerJoin('finding', 'finding.id', 'task.finding_id')
    .select('task.id')
    .where('task.state', 'in', ['closed', 'recheck_due'])
    .where('task.next_step', 'in', ['begin_recheck', 'recheck', 'sample'])
    .where('finding.camera_id', '=', finding.camera_id)
    .where('finding.zone_id', '=', finding.zone_id)
    .where('task.kind', '=', finding.kind)
    .where('task.closed_at', '<=', finding.first_seen)
    .where('task.id', '<>', issued.id)
    .orderBy('task.closed_at')
    .orderBy('task.id')
    .execute();
  for (const { id } of olds) {
    const old = await lockTask(tx, id);
    if (old === undefined) continue;
    if (old.state === 'closed') await beginRecheck(tx, old, now);
    const running = await lockTask(tx, id);
    if (running?.state !== 'recheck_due') continue;
    const order = {
      command: 'recur',
      actorId,
      reason: 'found_again',
      note: issued.number,
      more: { newTaskId: issued.id, newNumber: issued.number, newFindingId: finding.id },
    } as const;
    await changeTask(tx, running, 'recurred', order, null, now);
    await tx.updateTable('task').set({ recurred_from: id }).where('id', '=', issued.id).execute();
  }
}
