import { type SqlBool, sql } from 'kysely';
import type { Database } from './database.ts';
import {
  type ClaimLimits,
  claimRows,
  markRowDelivered,
  markRowFailed,
  nextRowDue,
  retryDeadRow,
} from './relay-rows.ts';

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

/** Rows of webhooks that are switched off wait. */
const ELIGIBLE = sql<SqlBool>`webhook_id in (select id from webhook where enabled)`;

/** Claims what is due (relay-rows.ts). */
export async function claimOutbox(
  db: Database,
  claimer: string,
  now: Date,
  limits: ClaimLimits,
): Promise<OutboxItem[]> {
  const ids = await claimRows(db, 'outbox', { claimer, now, limits, eligible: ELIGIBLE });
  if (ids.length === 0) return [];
  const result = await sql<OutboxItem>`
    select outbox.id::text, outbox.attempts, outbox.idempotency_key as "idempotencyKey",
           webhook.id as "webhookId", webhook.url, webhook.secret_sealed as "secretSealed",
           event.id::text as "eventId", event.type, event.region_path as "regionPath", event.payload, event.at
    from outbox join webhook on webhook.id = outbox.webhook_id join event on event.id = outbox.event_id
    where outbox.id = any (${ids}::bigint[])
    order by outbox.id
  `.execute(db);
  return result.rows;
}

export async function markDelivered(db: Database, id: string, status: number, now: Date): Promise<void> {
  await markRowDelivered(db, 'outbox', id, status, now);
}

/** @param nextAt when to try again; null: never by itself */
export async function markFailed(
  db: Database,
  id: string,
  failure: { status: number | null; error: string; nextAt: Date | null },
): Promise<void> {
  await markRowFailed(db, 'outbox', id, failure);
}

export async function retryDead(db: Database, id: string, now: Date): Promise<boolean> {
  return await retryDeadRow(db, 'outbox', id, now);
}

/** When the next sending falls due; undefined when nothing waits. */
export async function nextDue(db: Database): Promise<Date | undefined> {
  return await nextRowDue(db, 'outbox', ELIGIBLE);
}
