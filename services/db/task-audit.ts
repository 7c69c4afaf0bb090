import { sql } from 'kysely';
import type { TaskStep } from '../domain/task-clock.ts';
import type { Database } from './database.ts';

/** An open task that is late with a step and of which nobody was told. */
export interface MissedTask {
  id: string;
  number: string;
  step: TaskStep;
  /** When the step was due, with the pauses so far. */
  due: Date;
}

/**
 * The auditor: looks at every task by itself, sharing no condition with the workers (services/db/task-deadlines.ts), and
 * names those whose next step is overdue by more than `graceS` seconds and was not escalated. Empty when all is well.
 */
export async function auditTasks(db: Database, now: Date, graceS = 0): Promise<MissedTask[]> {
  const result = await sql<MissedTask>`
    with clock as (
      select id, number, state, acknowledged_at, submitted_at, acknowledge_escalated_at, submit_escalated_at,
        acknowledge_due + make_interval(secs => paused_ms / 1000 + ${graceS}) as acknowledge_by,
        submit_due + make_interval(secs => paused_ms / 1000 + ${graceS}) as submit_by
      from task
      where state not in ('closed', 'withdrawn', 'transferred', 'recheck_due', 'recheck_passed', 'recurred')
        -- these two wait for an inspector, not for the merchant
        and state not in ('submitted', 'appealed')
    )
    select id, number, step, due - make_interval(secs => ${graceS}) as due
    from (
      select id, number, 'submit' as step, submit_by as due from clock
      where submit_by < ${now} and submit_escalated_at is null
      union all
      select id, number, 'acknowledge', acknowledge_by from clock
      where acknowledge_by < ${now} and acknowledged_at is null and acknowledge_escalated_at is null
        and not (submit_by < ${now})
    ) as late
    order by due, id
  `.execute(db);
  return result.rows;
}
