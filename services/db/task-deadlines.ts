import { sql } from 'kysely';
import { overdueStep, type TaskStep } from '../domain/task-clock.ts';
import { OWED_STATES } from '../domain/task-life.ts';
import type { Database, Tx } from './database.ts';
import { changeTask } from './task-life.ts';
import { clockOf, lockTask } from './task-record.ts';

export interface EscalatedTask {
  id: string;
  number: string;
  step: TaskStep;
}

/**
 * Escalates the next overdue task, with history, event and alerts in one transaction. The row's lock is the lease: another
 * worker skips it, and a worker that dies gives it back. What was escalated is marked, so each step is escalated once.
 * @returns undefined when nothing is overdue that nobody else has in hand
 */
export async function escalateNext(db: Database, now: Date): Promise<EscalatedTask | undefined> {
  return await db.transaction().execute(async (tx) => {
    const id = await nextOverdue(tx, now);
    const task = id === undefined ? undefined : await lockTask(tx, id);
    if (task === undefined) return undefined;
    const step = overdueStep(clockOf(task), now);
    if (step === null) return undefined;
    const order = { command: 'escalate', actorId: null, reason: `overdue_${step}` } as const;
    await changeTask(tx, task, 'escalated', order, null, now);
    return { id: task.id, number: task.number, step };
  });
}

async function nextOverdue(tx: Tx, now: Date): Promise<string | undefined> {
  const pause = sql`make_interval(secs => paused_ms / 1000)`;
  const result = await sql<{ id: string }>`
    select id from task
    where state = any (${[...OWED_STATES]})
      and (
        (submit_due + ${pause} < ${now} and submit_escalated_at is null)
        or (acknowledge_due + ${pause} < ${now} and submit_due + ${pause} >= ${now}
            and acknowledged_at is null and acknowledge_escalated_at is null)
      )
    order by submit_due, id
    limit 1
    for update skip locked
  `.execute(tx);
  return result.rows[0]?.id;
}
