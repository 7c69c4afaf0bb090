/**
 * What `outbox` and `message` have in common: rows that wait to be sent are claimed with a lease, and end delivered or dead.
 * Should the claimer die, others take its rows over when the lease ends. At least once, therefore: the receiver knows a
 * repeated one by its idempotency key.
 */
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Database, Tx } from './database.ts';

export type RelayTable = 'outbox' | 'message';

export interface ClaimLimits {
  count: number;
  /** Seconds; must exceed the time that one sending may take. */
  leaseS: number;
}

/** Claims what is due. @param eligible further condition on the table's rows @returns ids in their order */
export async function claimRows(
  db: Database,
  table: RelayTable,
  claim: { claimer: string; now: Date; limits: ClaimLimits; eligible: RawBuilder<SqlBool> },
): Promise<string[]> {
  const { claimer, now, limits, eligible } = claim;
  const until = new Date(now.getTime() + limits.leaseS * 1000);
  const rows = sql.table(table);
  const result = await sql<{ id: string }>`
    with due as (
      select id from ${rows}
      where state = 'pending' and next_at <= ${now} and (claimed_until is null or claimed_until < ${now}) and ${eligible}
      order by next_at, id
      limit ${limits.count}
      for update skip locked
    ), claimed as (
      update ${rows} as mine set claimed_by = ${claimer}, claimed_until = ${until}, attempts = mine.attempts + 1
      from due where mine.id = due.id
      returning mine.id
    )
    select id::text from claimed order by id
  `.execute(db);
  return result.rows.map(({ id }) => id);
}

export async function markRowDelivered(
  db: Database | Tx,
  table: RelayTable,
  id: string,
  status: number | null,
  now: Date,
): Promise<void> {
  await sql`
    update ${sql.table(table)}
    set state = 'delivered', delivered_at = ${now}, last_status = ${status}, last_error = null, claimed_by = null, claimed_until = null
    where id = ${id}::bigint
  `.execute(db);
}

/** @param nextAt when to try again; null: never by itself (dead letter, an operator may retry it) */
export async function markRowFailed(
  db: Database | Tx,
  table: RelayTable,
  id: string,
  failure: { status: number | null; error: string; nextAt: Date | null },
): Promise<void> {
  await sql`
    update ${sql.table(table)}
    set state = ${failure.nextAt === null ? 'dead' : 'pending'}, next_at = coalesce(${failure.nextAt}::timestamptz, next_at),
        last_status = ${failure.status}, last_error = ${failure.error.slice(0, 500)}, claimed_by = null, claimed_until = null
    where id = ${id}::bigint and state = 'pending'
  `.execute(db);
}

/** An operator sends a dead letter again. @returns false when there is no such dead letter */
export async function retryDeadRow(db: Database, table: RelayTable, id: string, now: Date): Promise<boolean> {
  const result = await sql`
    update ${sql.table(table)}
    set state = 'pending', attempts = 0, next_at = ${now}, claimed_by = null, claimed_until = null
    where id = ${id}::bigint and state = 'dead'
    returning id
  `.execute(db);
  if (result.rows.length === 0) return false;
  await sql`select pg_notify('mingzao_outbox', '')`.execute(db);
  return true;
}

/** When the next sending falls due; undefined when nothing waits. */
export async function nextRowDue(
  db: Database,
  table: RelayTable,
  eligible: RawBuilder<SqlBool>,
): Promise<Date | undefined> {
  const result = await sql<{ due: Date | null }>`
    select min(greatest(next_at, claimed_until)) as due from ${sql.table(table)} where state = 'pending' and ${eligible}
  `.execute(db);
  return result.rows[0]?.due ?? undefined;
}
