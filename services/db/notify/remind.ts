import { sql } from 'kysely';
import { reminderDue } from '../../domain/notify.ts';
import type { TaskClass } from '../../domain/words.ts';
import type { Database } from '../database.ts';
import { loadNotifyPolicies } from './policy.ts';

/** Days after which nobody is reminded any more, whatever the policy says. */
const REMIND_FOR_DAYS = 7;

/**
 * Reminds of what nobody has acknowledged: a task that the merchant has not taken, a finding of class 1 that nobody has
 * reviewed. The n-th reminder also goes to those who are told only then (notify_duty.step).
 * @returns notifications made, and when the next reminder falls due
 */
export async function remindDue(db: Database, now: Date): Promise<{ made: number; next: Date | undefined }> {
  const rows = await sql<{ id: string; class: TaskClass; path: string; sent: number; lastAt: Date }>`
    select alert.id, alert.class, region.path, told.sent, told."lastAt"
    from alert
      join region on region.id = alert.region_id
      join finding on finding.id = alert.finding_id
      left join task on task.id = alert.task_id
      cross join lateral (
        select max(notification.occurrence) as sent, max(message.created_at) as "lastAt",
               bool_or(notification.state = 'waiting') as waiting
        from notification left join message on message.id = notification.message_id
        where notification.alert_id = alert.id
      ) as told
    where alert.about = 'new' and alert.acknowledged_at is null
      and alert.created_at > ${new Date(now.getTime() - REMIND_FOR_DAYS * 86_400_000)}
      and case when alert.task_id is null then alert.class = 1 and finding.state = 'pending_review'
          else task.state in ('issued', 'escalated') and task.acknowledged_at is null end
      and told."lastAt" is not null and not told.waiting
  `.execute(db);
  const policyOf = rows.rows.length > 0 ? await loadNotifyPolicies(db) : undefined;
  let made = 0;
  let next: Date | undefined;
  for (const row of rows.rows) {
    const due = policyOf === undefined ? null : reminderDue(row, policyOf(row.path));
    if (due === null) continue;
    if (due > now) {
      if (next === undefined || due < next) next = due;
      continue;
    }
    const result = await sql<{ made: number }>`
      select notify_alert(${row.id}, ${row.sent + 1}, ${now}::timestamptz) as made
    `.execute(db);
    made += result.rows[0]?.made ?? 0;
  }
  return { made, next };
}
