/**
 * 抽查 at the end of a month. Class 3 is "sampled ≥ 10 %" (domain.md, "The rectification task"): of each full block of ten one is drawn as it is
 * closed, but a county that closed fewer may have drawn none. A tenth of one task is still a task to look at: where there was any,
 * at least one is.
 */
import { sql } from 'kysely';
import { pickOne } from '../domain/sampling.ts';
import { recheckUntil } from '../domain/task-clock.ts';
import type { TaskReason } from '../domain/task-history.ts';
import type { Database } from './database.ts';
import { changeTask } from './task-change.ts';
import { lockTask } from './task-record.ts';

export interface Month {
  /** Like 2026-11. */
  name: string;
  from: Date;
  to: Date;
}

/** Draws one for every county and seed whose closed class-3 tasks of the month were not drawn at all. @returns ids of the tasks */
export async function drawForMonth(db: Database, month: Month, now: Date): Promise<string[]> {
  const { rows } = await sql<{ county: string; seed: string; closed: number; numbers: string[] | null }>`
    select split_part(region.path, '.', 1) as county, task.sample_seed as seed, count(*)::int as closed,
      array_agg(task.number) filter (where task.state = 'closed') as numbers
    from task join region on region.id = task.region_id
    where task.sampled is not null and task.closed_at >= ${month.from} and task.closed_at < ${month.to}
    group by 1, 2 having not bool_or(task.sampled)
    order by 1, 2
  `.execute(db);
  const drawn: string[] = [];
  for (const { county, seed, closed, numbers } of rows) {
    const number = pickOne(seed, month.name, numbers ?? []);
    if (number === undefined) continue;
    const note = `${county} ${month.name}, one of ${closed}`;
    const id = await draw(db, number, note, now);
    if (id !== undefined) drawn.push(id);
  }
  return drawn;
}

/** @returns undefined when it was drawn, or changed, meanwhile */
async function draw(db: Database, number: string, note: string, now: Date): Promise<string | undefined> {
  return await db.transaction().execute(async (tx) => {
    const found = await tx.selectFrom('task').select('id').where('number', '=', number).executeTakeFirst();
    const task = found === undefined ? undefined : await lockTask(tx, found.id);
    if (task === undefined || task.state !== 'closed' || task.sampled !== false) return undefined;
    // The time to look begins now, not when it was closed.
    const until = recheckUntil(now, task.limits.recheckMin);
    const order = {
      command: 'begin_recheck',
      actorId: null,
      reason: 'drawn' satisfies TaskReason,
      note,
      columns: { sampled: true, by_people: true, recheck_until: until },
      more: { until: until.toISOString(), byPeople: true },
    } as const;
    await changeTask(tx, task, 'recheck_due', order, null, now);
    return task.id;
  });
}
