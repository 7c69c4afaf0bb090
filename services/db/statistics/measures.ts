/**
 * What each count counts, once for the numbers and for the lists behind them. The conditions speak of the row finding and, of
 * findings, of `won` (appeal-upheld.ts); of tasks, of task and of `due`, the time when its answer is due with the pauses so far.
 */
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { type Measure, RECURRENCE_DAYS } from '../../domain/statistics.ts';
import { confirmedStill, JOINED } from '../appeal-upheld.ts';

export interface Definition {
  /** What a list of it shows. */
  of: 'finding' | 'task';
  /** The time that puts it into a period. */
  at: RawBuilder<Date>;
  when(now: Date): RawBuilder<SqlBool>;
}

const firstSeen = sql<Date>`finding.first_seen`;
const verdictAt = sql<Date>`finding.verdict_at`;
const issuedAt = sql<Date>`task.issued_at`;
const dueAt = sql<Date>`due`;
const closedAt = sql<Date>`task.closed_at`;

/**
 * Fell due: the time is over and the clock runs. What was taken back is not owed; what was transferred was confirmed and is
 * counted as not rectified, with its own number beside it.
 */
const fellDue = (now: Date) => sql`task.paused_at is null and task.state <> 'withdrawn' and due <= ${now}`;
const closed = sql`task.closed_at is not null`;
const watchedLong = (now: Date) => sql`task.closed_at + make_interval(days => ${RECURRENCE_DAYS}) <= ${now}`;

export const DEFINITIONS: Record<Measure, Definition> = {
  found: { of: 'finding', at: firstSeen, when: () => sql<SqlBool>`finding.state <> 'merged'` },
  pending: { of: 'finding', at: firstSeen, when: () => sql<SqlBool>`finding.state = 'pending_review'` },
  confirmed: { of: 'finding', at: verdictAt, when: () => JOINED.confirmedStill },
  dismissed: {
    of: 'finding',
    at: verdictAt,
    when: () =>
      sql<SqlBool>`finding.state = 'dismissed' and finding.verdict_reason is distinct from 'duplicate' or ${JOINED.confirmedWrongly}`,
  },
  duplicates: {
    of: 'finding',
    at: verdictAt,
    when: () => sql<SqlBool>`finding.state = 'dismissed' and finding.verdict_reason = 'duplicate'`,
  },
  issued: { of: 'task', at: issuedAt, when: () => sql<SqlBool>`true` },
  withdrawn: { of: 'task', at: issuedAt, when: () => sql<SqlBool>`task.state = 'withdrawn'` },
  transferred: { of: 'task', at: issuedAt, when: () => sql<SqlBool>`task.state = 'transferred'` },
  escalated: { of: 'task', at: issuedAt, when: () => sql<SqlBool>`task.escalations > 0` },
  returned: { of: 'task', at: issuedAt, when: () => sql<SqlBool>`task.returns > 0` },
  appealed: { of: 'task', at: issuedAt, when: () => sql<SqlBool>`task.appeals > 0` },
  due: { of: 'task', at: dueAt, when: (now) => sql<SqlBool>`${fellDue(now)}` },
  rectified: { of: 'task', at: dueAt, when: (now) => sql<SqlBool>`${fellDue(now)} and ${closed}` },
  onTime: {
    of: 'task',
    at: dueAt,
    // The clock stands while the answer waits for the inspector: his time is in `due`, so this is the merchant's.
    when: (now) => sql<SqlBool>`${fellDue(now)} and ${closed} and task.closed_at <= due`,
  },
  overdue: { of: 'task', at: dueAt, when: (now) => sql<SqlBool>`${fellDue(now)} and not ${closed}` },
  closed: { of: 'task', at: closedAt, when: () => sql<SqlBool>`true` },
  watched: { of: 'task', at: closedAt, when: (now) => sql<SqlBool>`${watchedLong(now)}` },
  recurred: {
    of: 'task',
    at: closedAt,
    when: (now) => sql<SqlBool>`${watchedLong(now)} and exists (
      select from finding as again
      where again.merchant_id = finding.merchant_id and again.zone_id is not distinct from finding.zone_id
        and again.kind = finding.kind and again.id <> finding.id and ${confirmedStill('again')}
        and again.first_seen > task.closed_at
        and again.first_seen <= task.closed_at + make_interval(days => ${RECURRENCE_DAYS})
    )`,
  },
};
