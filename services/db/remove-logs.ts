import { sql } from 'kysely';
import type { Database } from './database.ts';

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

/**
 * Removes the oldest rows of a log whose time is over, one step, and writes down which and their hash, in one transaction.
 * @returns rows removed
 */
export async function removeLogs(
  db: Database,
  item: keyof typeof LOGS,
  now: Date,
  limit: number,
): Promise<number> {
  const { table, at, kept } = LOGS[item];
  const { rows } = await sql<{ rows: number }>`
    with policy as (
      select keep_days from retention_policy where item = ${item} and keep_days is not null
    ), over as (
      select log.id from ${sql.table(table)} as log, policy
      where log.${sql.ref(at)} <= ${now}::timestamptz - make_interval(days => policy.keep_days) and not (${kept})
      order by log.id limit ${limit} for update of log skip locked
    ), gone as (
      delete from ${sql.table(table)} as log using over where log.id = over.id
      returning log.id, to_jsonb(log)::text as line
    )
    insert into log_removal (item, first_id, last_id, rows, sha256, keep_days, at)
    select ${item}, min(id), max(id), count(*),
      encode(sha256(convert_to(string_agg(line, E'\n' order by id), 'UTF8')), 'hex'), (select keep_days from policy), ${now}
    from gone having count(*) > 0
    returning rows
  `.execute(db);
  return rows[0]?.rows ?? 0;
}
