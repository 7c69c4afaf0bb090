/** 申诉成立 and the rechecks (回头看) that the appealed task had ended: nothing recurred, so they go on. */
import { sql } from 'kysely';
import type { TaskReason } from '../domain/task-history.ts';
import type { TaskState } from '../domain/words.ts';
import { confirmedStill } from './appeal-upheld.ts';
import type { Tx } from './database.ts';
import { watchedCameras } from './recheck-cameras.ts';
import { changeTask } from './task-change.ts';
import { FOUND_AGAIN, type RecurringFinding, recurFrom, watchMore } from './task-recheck.ts';
import { lockTask, type TaskRecord } from './task-record.ts';

/**
 * The appeal against `won` was upheld: the rechecks that it ended run again, each with the end that it had and what its cameras saw
 * since closure; one whose end is over meanwhile falls due at once. One that had been passed before a late look ended it is passed
 * again, and one in whose period another finding stands recurs as the task of that. What a person ended as recurred stays: they saw
 * it themselves. The link to the task stays as the record of the case until the recheck recurs again. `won` must be locked.
 */
export async function resumeRechecks(
  tx: Tx,
  won: Pick<TaskRecord, 'id' | 'number'>,
  now: Date,
): Promise<void> {
  const { rows } = await sql<{ id: string; before: TaskState }>`
    select task.id, ended.from_state as before from task
    cross join lateral (
      select from_state, reason from history
      where entity = 'task' and entity_id = task.id and command = 'recur' order by id desc limit 1
    ) as ended
    where task.state = 'recurred' and task.recurred_as = ${won.id} and ended.reason = ${FOUND_AGAIN}
    order by task.closed_at, task.id
  `.execute(tx);
  for (const { id, before } of rows) {
    const old = await lockTask(tx, id);
    if (old?.state !== 'recurred') continue;
    await resume(tx, old, won.number, now);
    const running = await lockTask(tx, id);
    if (running === undefined) continue;
    if (before === 'recheck_passed') await passAgain(tx, running, won.number, now);
    else await recurAgain(tx, running, now);
  }
}

async function resume(tx: Tx, old: TaskRecord, note: string, now: Date): Promise<void> {
  const { recheck_until: end, by_people: byPeople } = old;
  const until = end === null || end < now ? now : end;
  const order = {
    command: 'resume_recheck',
    actorId: null,
    reason: 'appeal_upheld' satisfies TaskReason,
    note,
    columns: { recheck_until: until },
    more: { until: byPeople ? null : until.toISOString(), byPeople },
  } as const;
  await changeTask(tx, old, 'recheck_due', order, null, now);
  const watched = old.by_people ? null : await watchedCameras(tx, old);
  if (watched !== null) await watchMore(tx, old, watched, now);
}

async function passAgain(tx: Tx, running: TaskRecord, note: string, now: Date): Promise<void> {
  const reason: TaskReason = 'passed_before';
  const order = { command: 'pass_recheck', actorId: null, reason, note } as const;
  await changeTask(tx, running, 'recheck_passed', order, null, now);
}

/** While it stood as recurred nothing else could end it: the first that would have does so now. */
async function recurAgain(tx: Tx, running: TaskRecord, now: Date): Promise<void> {
  const { rows } = await sql<RecurringFinding & { task_id: string; number: string }>`
    select finding.id, finding.camera_id, finding.zone_id, finding.kind, finding.first_seen,
      answering.id as task_id, answering.number
    from finding
    join task_finding as link on link.finding_id = finding.id and link.released_at is null
    join task as answering on answering.id = link.task_id
    where finding.merchant_id = ${running.merchant_id} and finding.first_seen >= ${running.closed_at}
      and answering.id <> ${running.id} and ${confirmedStill()}
      and exists (
        select from task_finding as own join finding as old on old.id = own.finding_id or old.merged_into = own.finding_id
        where own.task_id = ${running.id} and own.released_at is null
          and (old.camera_id is not distinct from finding.camera_id or ${running.by_people})
          and old.zone_id = finding.zone_id and old.kind = finding.kind)
    order by finding.first_seen, finding.id limit 1
  `.execute(tx);
  const [again] = rows;
  if (again !== undefined) await recurFrom(tx, again, { id: again.task_id, number: again.number }, null, now);
}
