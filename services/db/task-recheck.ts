/** 回头看 in the database: begins, falls due, recurs. Every function here runs in the transaction that changes the task. */
import { sql } from 'kysely';
import { endRecheck } from '../domain/recheck.ts';
import { isDrawn } from '../domain/sampling.ts';
import type { ObservedReason, TaskReason } from '../domain/task-history.ts';
import { nextState } from '../domain/task-life.ts';
import type { KindCode } from '../domain/words.ts';
import type { Tx } from './database.ts';
import { familyOf } from './finding-family.ts';
import {
  cannotVouch,
  leastObserved,
  observedByCameras,
  undecidedSince,
  unjudgedSince,
  type WatchedCamera,
  watchedCameras,
} from './recheck-cameras.ts';
import { changeTask } from './task-change.ts';
import { noteTask } from './task-notes.ts';
import { factsOf, lockTask, policyOf, type TaskRecord } from './task-record.ts';

/** Minutes until it is looked again whether what was seen in the period has been judged: seconds, as a rule. */
const UNJUDGED_WAIT_MIN = 5;

/** After closure: class 3 is drawn for people or done with; the others are watched more often. */
export async function beginRecheck(tx: Tx, task: TaskRecord, now: Date): Promise<void> {
  if (task.class === 3) return await drawSample(tx, task, now);
  const watched = await watchedCameras(tx, task);
  if (watched === null || cannotVouch(watched)) {
    // No camera sees one of the places, no model knows the kind, or none looks for it there: people look again.
    const order = {
      command: 'begin_recheck',
      actorId: null,
      reason: 'by_people' satisfies TaskReason,
      columns: { by_people: true },
      more: { until: task.recheck_until?.toISOString() ?? null, byPeople: true },
    } as const;
    return await changeTask(tx, task, 'recheck_due', order, null, now);
  }
  await watchMore(tx, task, watched, now);
  const order = {
    command: 'begin_recheck',
    actorId: null,
    more: { until: task.recheck_until?.toISOString() ?? null, byPeople: false },
  } as const;
  await changeTask(tx, task, 'recheck_due', order, null, now);
}

/** The cameras of a recheck are looked at more often until it is over. */
export async function watchMore(
  tx: Tx,
  task: TaskRecord,
  watched: readonly WatchedCamera[],
  now: Date,
): Promise<void> {
  const { lookIntervalS } = policyOf(task).policy.recheck;
  await tx
    .insertInto('camera_boost')
    .values(
      watched.map(({ cameraId, kind }) => ({
        task_id: task.id,
        camera_id: cameraId,
        kind,
        look_interval_s: lookIntervalS,
        since: now,
      })),
    )
    .onConflict((conflict) => conflict.columns(['task_id', 'camera_id', 'kind']).doNothing())
    .execute();
}

async function drawSample(tx: Tx, task: TaskRecord, now: Date): Promise<void> {
  const { share, seed } = policyOf(task).policy.sampling;
  const county = task.region_path.split('.')[0] ?? task.region_path;
  const { rows } = await sql<{ no: string }>`
    insert into sample_row (county, seed, share, n) values (${county}, ${seed}, ${share}, 1)
    on conflict (county, seed, share) do update set n = sample_row.n + 1
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
    reason: 'drawn' satisfies TaskReason,
    note,
    columns,
    more: { byPeople: true },
  } as const;
  await changeTask(tx, task, 'recheck_due', order, null, now);
}

/**
 * The recheck falls due and nothing new was confirmed: passed with enough hours truly observed, else prolonged. While a
 * finding of the same camera and kind waits for its verdict, or a look of the period for its judgement, nobody knows: it is
 * prolonged too.
 */
export async function settleRecheck(tx: Tx, task: TaskRecord, now: Date): Promise<void> {
  const { policy } = policyOf(task);
  const watched = (await watchedCameras(tx, task)) ?? [];
  const observed = leastObserved(await observedByCameras(tx, task, now));
  if (await undecidedSince(tx, task, watched))
    return await waitFor(tx, task, 'finding_waits', policy.recheck.prolongMin, observed, now);
  if (await unjudgedSince(tx, task, watched, now))
    return await waitFor(
      tx,
      task,
      'looks_wait',
      Math.min(UNJUDGED_WAIT_MIN, policy.recheck.prolongMin),
      observed,
      now,
    );
  const end = endRecheck(policy, task, observed, now, cannotVouch(watched));
  const hours = (minutes: number) => (minutes / 60).toFixed(1);
  const reason: ObservedReason = `observed_${hours(observed)}_of_${hours(end.neededMin)}_h`;
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

async function waitFor(
  tx: Tx,
  task: TaskRecord,
  reason: 'finding_waits' | 'looks_wait',
  minutes: number,
  observedMin: number,
  now: Date,
): Promise<void> {
  const until = new Date(now.getTime() + minutes * 60_000);
  await noteTask(
    tx,
    task,
    {
      command: 'prolong_recheck',
      reason,
      columns: { recheck_until: until, observed_min: observedMin },
      event: 'task.recheck_prolonged',
      more: { observedMin, until: until.toISOString(), byPeople: false },
    },
    now,
  );
}

/** Why a recheck ended as recurred when it was not a person who ended it. */
export const FOUND_AGAIN = 'found_again' satisfies TaskReason;

/** A finding as far as recurrence goes. */
export interface RecurringFinding {
  id: string;
  camera_id: string | null;
  zone_id: string;
  kind: KindCode;
  first_seen: Date;
}

/**
 * A task answers a new finding: rechecks of the same camera (by people: of any), zone and kind that run end as recurred, each names the task, and the
 * task names the latest of them. So does a recheck that was passed, when the finding was first seen before that: a gateway may
 * have kept the look while its line was down. What a person passed stays passed: they were there.
 */
export async function recurFrom(
  tx: Tx,
  finding: RecurringFinding,
  issued: { id: string; number: string },
  actorId: string | null,
  now: Date,
): Promise<void> {
  await linkByHand(tx, finding, issued.id);
  const { rows: olds } = await sql<{ id: string }>`
    select task.id from task
    where (task.state in ('closed', 'recheck_due') and task.next_step in ('begin_recheck', 'recheck', 'sample')
        or task.state = 'recheck_passed' and not task.by_people and ${finding.first_seen} <= (
          select max(at) from history
          where entity = 'task' and entity_id = task.id and to_state = 'recheck_passed'))
      and task.merchant_id = (select merchant_id from finding where id = ${finding.id})
      and task.closed_at <= ${finding.first_seen} and task.id <> ${issued.id}
      and exists (
        select from task_finding as link join finding as old on old.id = link.finding_id or old.merged_into = link.finding_id
        where link.task_id = task.id and link.released_at is null
          and (old.camera_id is not distinct from ${finding.camera_id}::uuid or task.by_people)
          and old.zone_id = ${finding.zone_id} and old.kind = ${finding.kind})
    order by task.closed_at, task.id
  `.execute(tx);
  for (const { id } of olds) {
    const old = await lockTask(tx, id);
    if (old === undefined) continue;
    if (old.state === 'closed') await beginRecheck(tx, old, now);
    const running = await lockTask(tx, id);
    if (running === undefined || 'refused' in nextState(factsOf(running), 'recur', { late: true })) continue;
    const order = {
      command: 'recur',
      actorId,
      reason: FOUND_AGAIN,
      note: issued.number,
      more: { newTaskId: issued.id, newNumber: issued.number, newFindingId: finding.id },
    } as const;
    await changeTask(tx, running, 'recurred', order, null, now);
    await tx.updateTable('task').set({ recurred_as: issued.id }).where('id', '=', id).execute();
    await tx.updateTable('task').set({ recurred_from: id }).where('id', '=', issued.id).execute();
  }
}

/** The same for all that was merged into a finding: each was seen in a place of its own, and first at a time of its own. */
export async function recurFromFamily(
  tx: Tx,
  findingId: string,
  issued: { id: string; number: string },
  actorId: string | null,
  now: Date,
): Promise<void> {
  const members = await tx
    .selectFrom('finding')
    .select(['camera_id', 'zone_id', 'kind', 'first_seen'])
    .where('id', 'in', await familyOf(tx, [findingId]))
    .orderBy('first_seen')
    .orderBy('id')
    .execute();
  // The history names the finding that the task answers.
  for (const member of members) await recurFrom(tx, { id: findingId, ...member }, issued, actorId, now);
}

/** Days after which a new finding is no longer what a person saw when they ended a recheck (domain.md: recurrence, 30 d). */
const LINK_DAYS = 30;

/**
 * People ended a recheck as recurred before what they saw had a task of its own: the first task of that zone and kind is it. Seen
 * by people it need not be of a camera.
 */
async function linkByHand(tx: Tx, finding: RecurringFinding, issuedId: string): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select task.id from task
    where task.state = 'recurred' and task.recurred_as is null and task.id <> ${issuedId}
      and task.merchant_id = (select merchant_id from finding where id = ${finding.id})
      and task.closed_at <= ${finding.first_seen}
      and (select max(at) from history where entity = 'task' and entity_id = task.id and to_state = 'recurred')
        >= ${finding.first_seen}::timestamptz - make_interval(days => ${LINK_DAYS})
      and exists (
        select from task_finding as link join finding as old on old.id = link.finding_id
        where link.task_id = task.id and link.released_at is null and old.zone_id = ${finding.zone_id} and old.kind = ${finding.kind})
    order by task.closed_at, task.id for update
  `.execute(tx);
  for (const { id } of rows) {
    await tx.updateTable('task').set({ recurred_as: issuedId }).where('id', '=', id).execute();
    await tx.updateTable('task').set({ recurred_from: id }).where('id', '=', issuedId).execute();
  }
}
