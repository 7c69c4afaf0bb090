import { type SqlBool, sql } from 'kysely';
import type { Database } from './database.ts';
import { type ClaimLimits, claimRows, markRowDelivered, markRowFailed, nextRowDue } from './relay-rows.ts';

/** One effect to be made on the outside: an event on its way to a webhook. */
export interface OutboxItem {
  id: string;
  attempts: number;
  idempotencyKey: string;
  webhookId: string;
  channel: 'http' | 'mqtt';
  url: string;
  secretSealed: Buffer;
  /** {username, password} at the platform's broker. */
  brokerSealed: Buffer | null;
  topicPrefix: string | null;
  /** The replay that the delivery belongs to. */
  replayId: string | null;
  eventId: string;
  type: string;
  regionPath: string;
  merchantId: string | null;
  merchantCode: string | null;
  payload: Record<string, unknown>;
  at: Date;
}

/** Rows of webhooks that are switched off wait; of a replay, the first that is open goes alone, so that the order stays. */
const ELIGIBLE = sql<SqlBool>`webhook_id in (select id from webhook where enabled) and (replay_id is null or not exists (
  select from outbox as before_it
  where before_it.replay_id = outbox.replay_id and before_it.state = 'pending' and before_it.id < outbox.id))`;

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
           webhook.channel, webhook.broker_sealed as "brokerSealed", webhook.topic_prefix as "topicPrefix",
           outbox.replay_id as "replayId",
           event.id::text as "eventId", event.type, event.region_path as "regionPath", event.payload, event.at,
           event.merchant_id as "merchantId", merchant.code as "merchantCode"
    from outbox join webhook on webhook.id = outbox.webhook_id join event on event.id = outbox.event_id
      left join merchant on merchant.id = event.merchant_id
    where outbox.id = any (${ids}::bigint[])
    order by outbox.id
  `.execute(db);
  return result.rows;
}

export async function markDelivered(
  db: Database,
  id: string,
  status: number | null,
  now: Date,
): Promise<void> {
  await markRowDelivered(db, 'outbox', id, status, now);
}

/** Delivered; the next one of the same replay waits as long as its rate asks. */
export async function markReplayed(
  db: Database,
  item: Pick<OutboxItem, 'id' | 'replayId'>,
  status: number | null,
  now: Date,
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await markRowDelivered(tx, 'outbox', item.id, status, now);
    await sql`
      update outbox set next_at = greatest(outbox.next_at,
        ${now}::timestamptz + make_interval(secs => 60.0 / delivery_replay.per_minute))
      from delivery_replay
      where delivery_replay.id = outbox.replay_id and outbox.id = (
        select min(id) from outbox as left_over
        where left_over.replay_id = ${item.replayId}::uuid and left_over.state = 'pending')
    `.execute(tx);
  });
}

/** @param nextAt when to try again; null: never by itself */
export async function markFailed(
  db: Database,
  id: string,
  failure: { status: number | null; error: string; nextAt: Date | null },
): Promise<void> {
  await markRowFailed(db, 'outbox', id, failure);
}

/** When the next sending falls due; undefined when nothing waits. */
export async function nextDue(db: Database): Promise<Date | undefined> {
  return await nextRowDue(db, 'outbox', ELIGIBLE);
}
