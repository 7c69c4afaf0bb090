import { type RawBuilder, sql } from 'kysely';
import type { Database } from './database.ts';
import { type Policies, STORED_POLICIES } from './retention-due.ts';

/** What an event says of a case that is held stays, as all of it does. */
const held = (event: string) => {
  const of = (name: string) => sql`(${sql.ref(`${event}.payload`)} ->> ${sql.lit(name)})::uuid`;
  return sql`exists (select from legal_hold where lifted_at is null)
    and case_held(coalesce((select finding_id from task where id = ${of('taskId')}), ${of('findingId')}))`;
};

/** Which logs, what must not be removed however old, and by which time it counts. */
const LOGS = {
  delivery: {
    table: 'outbox',
    at: 'delivered_at',
    kept: sql`state <> 'delivered' or exists (select from event where event.id = log.event_id and ${held('event')})`,
  },
  event: {
    table: 'event',
    at: 'at',
    kept: sql`exists (select from outbox where event_id = log.id) or ${held('log')}`,
  },
} as const;
export const REMOVABLE_LOGS = ['delivery', 'event'] as const;
type LogItem = keyof typeof LOGS;

/** `from …` of the rows whose time is over, those that must be kept nevertheless among them. */
const overLogs = (item: LogItem, policies: Policies, now: Date): RawBuilder<unknown> => {
  const { table, at } = LOGS[item];
  return sql`from ${sql.table(table)} as log, ${policies} as policy
    where policy.item = ${item} and log.${sql.ref(at)} <= ${now}::timestamptz - make_interval(days => policy.keep_days)`;
};

/** How many rows would go, and how many are kept although their time is over. */
export async function countOverLogs(
  db: Database,
  item: LogItem,
  policies: Policies,
  now: Date,
): Promise<{ due: number; held: number; oldest: Date | null }> {
  const { at, kept } = LOGS[item];
  const { rows } = await sql<{ due: number; held: number; oldest: Date | null }>`
    select count(*) filter (where not kept)::int as due, count(*) filter (where kept)::int as held,
      min(at) filter (where not kept) as oldest
    from (select log.${sql.ref(at)} as at, (${kept}) as kept ${overLogs(item, policies, now)}) as over
  `.execute(db);
  return rows[0] ?? { due: 0, held: 0, oldest: null };
}

/**
 * Removes the oldest rows of a log whose time is over, one step, and writes down which and their hash, in one transaction.
 * @returns rows removed
 */
export async function removeLogs(db: Database, item: LogItem, now: Date, limit: number): Promise<number> {
  const { table, kept } = LOGS[item];
  const { rows } = await sql<{ rows: number }>`
    with over as (
      select log.id, policy.keep_days ${overLogs(item, STORED_POLICIES, now)} and not (${kept})
      order by log.id limit ${limit} for update of log skip locked
    ), gone as (
      delete from ${sql.table(table)} as log using over where log.id = over.id
      returning log.id, to_jsonb(log)::text as line, over.keep_days
    )
    insert into log_removal (item, first_id, last_id, rows, sha256, keep_days, at)
    select ${item}, min(id), max(id), count(*),
      encode(sha256(convert_to(string_agg(line, E'\n' order by id), 'UTF8')), 'hex'), max(keep_days), ${now}
    from gone having count(*) > 0
    returning rows
  `.execute(db);
  return rows[0]?.rows ?? 0;
}
