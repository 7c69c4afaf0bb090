import { sql } from 'kysely';
import type { Database } from './database.ts';
import { appendEvent } from './events.ts';
import { lockTask } from './task-record.ts';

/**
 * Tells the inspectors, once, of the next answer or appeal that waits longer than its limit. The task stays as it is: the
 * merchant has done their part and their clock stands.
 * @returns undefined when nothing is overdue that nobody else has in hand
 */
export async function remindNextReview(
  db: Database,
  now: Date,
): Promise<{ id: string; number: string } | undefined> {
  return await db.transaction().execute(async (tx) => {
    const due = await tx
      .selectFrom('task')
      .select('id')
      .where('review_due', '<', now)
      .where('review_reminded_at', 'is', null)
      .orderBy('review_due')
      .orderBy('id')
      .limit(1)
      .forUpdate()
      .skipLocked()
      .executeTakeFirst();
    const task = due === undefined ? undefined : await lockTask(tx, due.id);
    if (task === undefined) return undefined;
    await tx.updateTable('task').set({ review_reminded_at: now }).where('id', '=', task.id).execute();
    const { before } = await tx
      .selectFrom('alert')
      .select((eb) => eb.fn.countAll<string>().as('before'))
      .where('task_id', '=', task.id)
      .where('audience', '=', 'inspector')
      .where('about', '=', 'review_overdue')
      .executeTakeFirstOrThrow();
    await tx
      .insertInto('alert')
      .values({
        audience: 'inspector',
        region_id: task.region_id,
        merchant_id: task.merchant_id,
        finding_id: task.finding_id,
        task_id: task.id,
        kind: task.kind,
        class: task.class,
        about: 'review_overdue',
        occurrence: Number(before) + 1,
        created_at: now,
      })
      .execute();
    await appendEvent(tx, {
      type: 'task.review_overdue',
      regionPath: task.region_path,
      merchantId: task.merchant_id,
      payload: {
        taskId: task.id,
        number: task.number,
        state: task.state,
        reviewDue: task.review_due?.toISOString() ?? null,
      },
    });
    return { id: task.id, number: task.number };
  });
}

/** The auditor of reviews: what waits for an inspector since longer than its limit and `graceS` seconds, and nobody was told. */
export async function auditReviews(
  db: Database,
  now: Date,
  graceS: number,
): Promise<{ id: string; number: string }[]> {
  const { rows } = await sql<{ id: string; number: string }>`
    select id, number from task
    where state in ('submitted', 'appealed') and review_reminded_at is null
      and coalesce(review_due, paused_at) + make_interval(secs => ${graceS}) < ${now}
    order by number
  `.execute(db);
  return rows;
}
