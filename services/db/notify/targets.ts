import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { NotifyChannel } from '../../domain/notify.ts';
import type { Database, Tx } from '../database.ts';

/** A browser's push subscription (W3C Push API, PushSubscription.toJSON). */
export interface PushAddress {
  endpoint: string;
  /** base64url: the browser's P-256 key, and 16 bytes. */
  p256dh: string;
  auth: string;
}

/** A robot of a chat group, or any receiver. `secret`: for its signature; null where it has none. */
export interface RobotAddress {
  url: string;
  secret: string | null;
}

/** What is sealed in notify_target.address_sealed, by channel. */
export type TargetAddress =
  | ({ channel: 'push' } & PushAddress)
  | ({ channel: 'wecom' } & RobotAddress)
  | ({ channel: 'dingtalk' } & RobotAddress)
  | ({ channel: 'feishu' } & RobotAddress)
  | ({ channel: 'webhook' } & RobotAddress)
  | { channel: 'sms'; phone: string };

/** One address, whoever wrote it down: SHA-256 in hex over channel and what tells it from others. */
export function addressHash(address: TargetAddress | { channel: 'gateway'; gatewayId: string }): string {
  const what =
    'endpoint' in address
      ? address.endpoint
      : 'url' in address
        ? address.url
        : 'phone' in address
          ? address.phone
          : address.gatewayId;
  return createHash('sha256').update(`${address.channel}\n${what}`).digest('hex');
}

/** Ends an address and forgets it; what was sent to it stays in the list. */
export async function removeTarget(
  db: Database | Tx,
  id: string,
  reason: string,
  now: Date,
): Promise<boolean> {
  const result = await db
    .updateTable('notify_target')
    .set({ removed_at: now, removed_reason: reason, address_sealed: null })
    .where('id', '=', id)
    .where('removed_at', 'is', null)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

const MINUTE_MS = 60_000;

/**
 * Takes one of the sendings that an address may have in a minute, whichever process asks.
 * @returns null, or when there is room again
 */
export async function takeSlot(
  db: Database,
  targetId: string,
  perMinute: number,
  now: Date,
): Promise<Date | null> {
  const since = new Date(now.getTime() - MINUTE_MS);
  return await db.transaction().execute(async (tx) => {
    const row = await sql<{ slots: Date[] }>`
      select array(select slot from unnest(slots) as slot where slot > ${since} order by slot) as slots
      from notify_target where id = ${targetId} for update
    `.execute(tx);
    const slots = row.rows[0]?.slots ?? [];
    const oldest = slots[slots.length - perMinute];
    if (oldest !== undefined) return new Date(oldest.getTime() + MINUTE_MS + 1);
    await sql`update notify_target set slots = ${[...slots, now]}::timestamptz[] where id = ${targetId}`.execute(
      tx,
    );
    return null;
  });
}

/** Times of sendings within the last minute that a limit of this channel allows; null: no limit of its own. */
export const PER_MINUTE: Record<NotifyChannel, number | null> = {
  push: null,
  sms: null,
  gateway: null,
  wecom: 20,
  dingtalk: 20,
  feishu: 100,
  webhook: null,
};
