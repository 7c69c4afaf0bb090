import { type SqlBool, sql } from 'kysely';
import type { NoticeText } from '../../domain/notice-text.ts';
import {
  decideMessage,
  decideNotification,
  type NotifyChannel,
  type NotifyDecision,
} from '../../domain/notify.ts';
import type { Database } from '../database.ts';
import {
  type ClaimLimits,
  claimRows,
  markRowDelivered,
  markRowFailed,
  nextRowDue,
  retryDeadRow,
} from '../relay-rows.ts';
import { loadNotifyPolicies } from './policy.ts';
import { readGathered } from './waiting.ts';

/** One message on its way to one address. */
export interface MessageItem {
  id: string;
  attempts: number;
  idempotencyKey: string;
  channel: NotifyChannel;
  targetId: string;
  addressSealed: Buffer | null;
  regionPath: string;
  merchantCode: string | null;
  /** Place of the gateway at the broker; null unless the channel is `gateway`. */
  gateway: { regionCode: string; merchantCode: string; code: string } | null;
  content: NoticeText;
  class: number;
  count: number;
  createdAt: Date;
  expiresAt: Date | null;
  /** The address was removed meanwhile. */
  removed: boolean;
}

/** Messages to nobody in particular wait for nothing. */
const ELIGIBLE = sql<SqlBool>`true`;

export async function claimMessages(
  db: Database,
  claimer: string,
  now: Date,
  limits: ClaimLimits,
): Promise<MessageItem[]> {
  const ids = await claimRows(db, 'message', { claimer, now, limits, eligible: ELIGIBLE });
  if (ids.length === 0) return [];
  const result = await sql<MessageItem>`
    select message.id::text, message.attempts, message.idempotency_key as "idempotencyKey", message.channel,
           target.id as "targetId", target.address_sealed as "addressSealed",
           target.removed_at is not null or not target.enabled as removed,
           coalesce(region.path, owner.path, home.path, '') as "regionPath", merchant.code as "merchantCode",
           case when gateway.id is null then null else jsonb_build_object('regionCode', gateway_region.code,
             'merchantCode', coalesce(gateway_merchant.code, '_'), 'code', gateway.code) end as gateway,
           message.content, message.class, message.count, message.created_at as "createdAt", message.expires_at as "expiresAt"
    from message
      join notify_target as target on target.id = message.target_id
      left join account on account.id = target.account_id
      left join region as home on home.id = account.region_id
      left join merchant on merchant.id = coalesce(target.merchant_id, account.merchant_id)
      left join region on region.id = merchant.region_id
      left join region as owner on owner.id = target.region_id
      left join gateway on gateway.id = target.gateway_id
      left join region as gateway_region on gateway_region.id = gateway.region_id
      left join merchant as gateway_merchant on gateway_merchant.id = gateway.merchant_id
    where message.id = any (${ids}::bigint[])
    order by message.id
  `.execute(db);
  return result.rows;
}

export interface AttemptResult {
  ok: boolean;
  status: number | null;
  error: string;
}

/** The result and its entry in the list of attempts, in one transaction. @param nextAt null: dead */
export async function settleMessage(
  db: Database,
  item: Pick<MessageItem, 'id' | 'attempts'>,
  result: AttemptResult,
  now: Date,
  nextAt: Date | null,
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    if (result.ok) await markRowDelivered(tx, 'message', item.id, result.status, now);
    else await markRowFailed(tx, 'message', item.id, { ...result, nextAt });
    await tx
      .insertInto('message_attempt')
      .values({
        message_id: item.id,
        attempt: item.attempts,
        at: now,
        ok: result.ok,
        status: result.status,
        error: result.error.slice(0, 500),
      })
      .execute();
  });
}

/** Not now (the robot has had its fill, or it is quiet): the message waits without having been tried. */
export async function postponeMessage(db: Database, id: string, until: Date): Promise<void> {
  await sql`
    update message set next_at = ${until}, attempts = attempts - 1, claimed_by = null, claimed_until = null
    where id = ${id}::bigint and state = 'pending'
  `.execute(db);
}

/** Nothing of it is worth saying any more, in plain words. */
export async function stopMessage(db: Database, id: string, why: string): Promise<void> {
  await sql`
    update message set state = 'stopped', last_error = ${why}, claimed_by = null, claimed_until = null
    where id = ${id}::bigint and state = 'pending'
  `.execute(db);
}

/**
 * Whether a message is still to be sent, which may be hours after it was written (retries, an operator's too): all of it may have
 * been acknowledged or settled meanwhile, or the person's quiet hours have begun.
 */
export async function decideGathered(db: Database, id: string, now: Date): Promise<NotifyDecision> {
  const items = await readGathered(db, id, await loadNotifyPolicies(db));
  return decideMessage(items.map(({ facts }) => decideNotification(facts, now)));
}

export async function retryDeadMessage(db: Database, id: string, now: Date): Promise<boolean> {
  return await retryDeadRow(db, 'message', id, now);
}

export async function nextMessageDue(db: Database): Promise<Date | undefined> {
  return await nextRowDue(db, 'message', ELIGIBLE);
}
