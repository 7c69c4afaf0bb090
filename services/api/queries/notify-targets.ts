import type { Static } from 'typebox';
import type { Database, Tx } from '../../db/database.ts';
import { addressHash, type TargetAddress } from '../../db/notify/targets.ts';
import type { Sealer } from '../../db/seal.ts';
import type { NotifyChannel, NotifyHabits } from '../../domain/notify.ts';
import { said } from '../../domain/said.ts';
import { SIGNING_SECRET } from '../../domain/webhook-signature.ts';
import { invalid } from '../problem.ts';
import type { NewMyTarget, NewRobot } from '../schemas/notify.ts';
import { checkTimeZone } from '../time-zone.ts';

/** What may be shown of an address: enough to know it again, not enough to use it. */
export function shownAddress(sealer: Sealer, channel: NotifyChannel, sealed: Buffer | null): string {
  if (sealed === null) return channel === 'gateway' ? 'MQTT' : '';
  let address: TargetAddress;
  try {
    address = JSON.parse(sealer.open(sealed)) as TargetAddress;
  } catch {
    return 'sealed with another key';
  }
  if (address.channel === 'sms') return `…${address.phone.slice(-4)}`;
  return URL.parse(address.channel === 'push' ? address.endpoint : address.url)?.host ?? '';
}

/** The address of a person's own target, from what the request says. */
export function addressOf(body: Static<typeof NewMyTarget>): TargetAddress {
  switch (body.channel) {
    case 'push': {
      const { endpoint, keys } = body.subscription;
      return { channel: 'push', endpoint, p256dh: keys.p256dh, auth: keys.auth };
    }
    case 'sms':
      return { channel: 'sms', phone: body.phone };
    default:
      return robotAddress(body);
  }
}

const WEBHOOK_SECRET = new RegExp(SIGNING_SECRET);

/** @throws Problem when a webhook comes without a secret to sign with */
export function robotAddress(body: Static<typeof NewRobot>): TargetAddress {
  const { channel, url, secret = null } = body;
  if (channel === 'webhook' && (secret === null || !WEBHOOK_SECRET.test(secret)))
    throw invalid({
      field: 'body.secret',
      ...said('bad_signing_secret'),
    });
  return { channel: channel as 'wecom' | 'dingtalk' | 'feishu' | 'webhook', url, secret };
}

export interface TargetOwner {
  accountId: string | null;
  merchantId: string | null;
  regionId: string | null;
}

/** Adds an address; the same again gives the one that is there, with what was said now. @returns its id */
export async function addTarget(
  db: Database | Tx,
  sealer: Sealer,
  target: TargetOwner & {
    address: TargetAddress | { channel: 'gateway'; gatewayId: string };
    name: string;
    device: string | null;
    habits: NotifyHabits | null;
    now: Date;
  },
): Promise<string> {
  const { address } = target;
  const values = {
    name: target.name,
    device: target.device,
    enabled: true,
    habits: target.habits === null ? null : JSON.stringify(target.habits),
    gateway_id: address.channel === 'gateway' ? address.gatewayId : null,
    address_sealed: address.channel === 'gateway' ? null : sealer.seal(JSON.stringify(address)),
  };
  const hash = addressHash(address);
  const known = await db
    .selectFrom('notify_target')
    .select('id')
    .where('channel', '=', address.channel)
    .where('address_hash', '=', hash)
    .where('account_id', 'is not distinct from', target.accountId)
    .where('merchant_id', 'is not distinct from', target.merchantId)
    .where('region_id', 'is not distinct from', target.regionId)
    .where('removed_at', 'is', null)
    .forUpdate()
    .executeTakeFirst();
  if (known !== undefined) {
    await db.updateTable('notify_target').set(values).where('id', '=', known.id).execute();
    return known.id;
  }
  const { id } = await db
    .insertInto('notify_target')
    .values({
      ...values,
      channel: address.channel,
      address_hash: hash,
      account_id: target.accountId,
      merchant_id: target.merchantId,
      region_id: target.regionId,
      created_at: target.now,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** @throws Problem that names the field */
export function checkHabits(habits: NotifyHabits): NotifyHabits {
  checkTimeZone(habits.quiet?.timeZone);
  return habits;
}
