import { sql } from 'kysely';
import { reminderDue } from '../../domain/notify.ts';
import type { TaskClass } from '../../domain/words.ts';
import type { Database } from '../database.ts';
import { loadNotifyPolicies } from './policy.ts';

/** Days after which nobody is reminded any more, whatever the policy says. */
const REMIND_FOR_DAYS = 7;

interface Row {
  id: string;
  class: TaskClass;
  path: string;
  /** Rounds of telling so far: the first one, and the reminders. */
  sent: number;
  /** The last message or reminder; where there was none yet, the alert itself. */
  lastAt: Date;
}

/**
 * Reminds of what nobody has acknowledged: a task that the merchant has not taken, a finding of class 1 that nobody has
 * reviewed. The n-th reminder also goes to those who are told only then (notify_duty.step). Those whose quiet hours hold what
 * they were to be told are not reminded of it, and keep nobody else from it.
 * @returns notifications made, and when the next reminder falls due
 */
export async function remindDue(db: Database, now: Date): Promise<{ made: number; next: Date | undefined }> {
  const { rows } = await sql<Row>`
    select alert.id, alert.class, region.path, alert.reminders + 1 as sent,
           greatest(coalesce(told.last_at, alert.created_at), alert.reminder_tried_at) as "lastAt"
    from alert
      join region on region.id = alert.region_id
      join finding on finding.id = alert.finding_id
      left join task on task.id = alert.task_id
      cross join lateral (
        select max(message.created_at) as last_at,
               coalesce(bool_or(notification.state = 'waiting' and notification.reason <> 'quiet'), false) as under_way
        from notification left join message on message.id = notification.message_id
        where notification.alert_id = alert.id
      ) as told
    where alert.about = 'new' and alert.acknowledged_at is null
      and alert.created_at > ${new Date(now.getTime() - REMIND_FOR_DAYS * 86_400_000)}
      and case when alert.task_id is null then alert.class = 1 and finding.state = 'pending_review'
          else task.state in ('issued', 'escalated') and task.acknowledged_at is null end
      and not told.under_way
  `.execute(db);
  const policyOf = rows.length > 0 ? await loadNotifyPolicies(db) : undefined;
  let made = 0;
  let next: Date | undefined;
  for (const row of rows) {
    const policy = policyOf?.(row.path);
    let due = policy === undefined ? null : reminderDue(row, policy);
    if (policy !== undefined && due !== null && due <= now) {
      const round = await remind(db, row, now);
      made += round.made;
      due = round.made > 0 ? null : reminderDue({ ...row, sent: round.sent, lastAt: now }, policy);
    }
    if (due !== null && (next === undefined || due < next)) next = due;
  }
  return { made, next };
}

/**
 * One reminder, counted with it. It is not used up where all who could be reminded sleep, and nobody is left to be told later;
 * it is tried again after the interval.
 */
async function remind(
  db: Database,
  { id, sent }: Pick<Row, 'id' | 'sent'>,
  now: Date,
): Promise<{ made: number; sent: number }> {
  return await db.transaction().execute(async (tx) => {
    // Two processes would else count it twice.
    const mine = await sql`
      select id from alert where id = ${id} and reminders + 1 = ${sent} for no key update skip locked
    `.execute(tx);
    if (mine.rows.length === 0) return { made: 0, sent };
    const result = await sql<{ made: number }>`
      select notify_alert(${id}, ${sent + 1}, ${now}::timestamptz) as made
    `.execute(tx);
    const made = result.rows[0]?.made ?? 0;
    const counted = await sql<{ sent: number }>`
      update alert set reminder_tried_at = ${now}, reminders = reminders + case when ${made}::integer > 0
          or not exists (select from notification where alert_id = alert.id and state = 'waiting')
          or exists (select from notify_duty where merchant_id = alert.merchant_id and step > ${sent + 1})
        then 1 else 0 end
      where id = ${id} returning reminders + 1 as sent
    `.execute(tx);
    return { made, sent: counted.rows[0]?.sent ?? sent };
  });
}
