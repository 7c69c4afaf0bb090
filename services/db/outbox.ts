import { sql } from 'kysely';
import type { Database } from './database.ts';

/** One effect to be made on the outside: an event on its way to a webhook. */
export interface OutboxItem {
  id: string;
  attempts: number;
  idempotencyKey: string;
  webhookId: string;
  url: string;
  secretSealed: Buffer;
  eventId: string;
  type: string;
  regionPath: string;
  payload: Record<string, unknown>;
  at: Date;
}

/**
 * Claims what is due, with a lease: should the claimer die, others take it over when the lease ends. At least once,
 * therefore: the receiver knows a repeated one by its idempotency key.
 * @param leaseS must exceed the time that one sending may take
 */
export async function claimOutbox(
  db: Database,
  claimer: string,
  now: Date,
  limits: { count: number; leaseS: number },
): Promise<OutboxItem[]> {
  const until = new Date(now.getTime() + limits.leaseS * 1000);
  const result = await sql<OutboxItem>`
    with due as (
      select outbox.id from outbox join webhook on webhook.id = outbox.webhook_id
      where outbox.state = 'pending' and outbox.next_at <= ${now} and webhook.enabled
        and (outbox.claimed_until is null or outbox.claimed_until < ${now})
      order by outbox.next_at, outbox.id
      limit ${limits.count}
      for update of outbox skip locked
    ), claimed as (
      update outbox set claimed_by = ${claimer}, claimed_until = ${until}, attempts = attempts + 1
      from due where outbox.id = due.id
      returning outbox.*
    )
    select claimed.id::text, claimed.attempts, claimed.idempotency_key as "idempotencyKey",
           webhook.id as "webhookId", webhook.url, webhook.secret_sealed as "secretSealed",
           event.id::text as "eventId", event.type, event.region_path as "regionPath", event.payload, event.at
    from claimed join webhook on webhook.id = claimed.webhook_id join event on event.id = claimed.event_id
    order by claimed.id
  `.execute(db);
  return result.rows;
}

export async function markDelivered(db: Database, id: string, status: number, now: Date): Promise<void> {
  await db
    .updateTable('outbox')
    .set({
      state: 'delivered',
      delivered_at: now,
      last_status: status,
      last_error: null,
      claimed_by: null,
      claimed_until: null,
    })
    .where('id', '=', id)
    .execute();
}

/** @param nextAt when to try again; null: never by itself (dead letter, an operator may retry it) */
export async function markFailed(
  db: Database,
  id: string,
  failure: { status: number | null; error: string; nextAt: Date | null },
): Promise<void> {
  await db
    .updateTable('outbox')
    .set({
      last_status: failure.status,
      last_error: failure.error.slice(0, 500),
      claimed_by: null,
      claimed_until: null,
      ...(failure.nextAt === null ? { state: 'dead' as const } : { next_at: failure.nextAt }),
    })
    .where('id', '=', id)
    .where('state', '=', 'pending')
    .execute();
}

/** An operator sends a dead letter again. @returns false when there is no such dead letter */
export async function retryDead(db: Database, id: string, now: Date): Promise<boolean> {
  const result = await sql`
    update outbox set state = 'pending', attempts = 0, next_at = ${now}, claimed_by = null, claimed_until = null
    where id = ${id}::bigint and state = 'dead'
    returning id
  `.execute(db);
  if (result.rows.length === 0) return false;
  await sql`select pg_notify('mingzao_outbox', '')`.execute(db);
  return true;
}

/** When the next sending falls due; undefined when nothing waits. */
export async function nextDue(db: Database): Promise<Date | undefined> {
  const row = await db
    .selectFrom('outbox')
    .innerJoin('webhook', 'webhook.id', 'outbox.webhook_id')
    .where('outbox.state', '=', 'pending')
    .where('webhook.enabled', '=', true)
    .select((eb) =>
      eb.fn.min<Date | null>(eb.fn<Date>('greatest', ['outbox.next_at', 'outbox.claimed_until'])).as('due'),
    )
    .executeTakeFirst();
  return row?.due ?? undefined;
}
