import type { OutboxItem } from '../../../services/db/outbox.ts';
import { type Outbound, OutboundError } from '../../../services/outbound/request.ts';
import type { Delivery } from '../relay.ts';
import { sign } from './sign.ts';

/** Version of the JSON that platforms receive; rises when a field changes its meaning. */
export const EVENT_SCHEMA_VERSION = 1;

/** The body that a platform receives: {schemaVersion, id, type, at, region, before, after, data}. */
export function bodyOf(item: OutboxItem): string {
  const { before = null, after = null, ...data } = item.payload;
  return JSON.stringify({
    schemaVersion: EVENT_SCHEMA_VERSION,
    id: item.eventId,
    type: item.type,
    at: item.at.toISOString(),
    region: item.regionPath,
    before,
    after,
    data,
  });
}

/** Sends one event. Never throws: whatever goes wrong is the delivery's error in plain words. */
export async function deliver(
  item: OutboxItem,
  secret: string,
  now: Date,
  outbound: Outbound,
): Promise<Delivery> {
  const body = bodyOf(item);
  const timestampS = Math.floor(now.getTime() / 1000);
  try {
    const { status, body: answer } = await outbound({
      url: item.url,
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json',
        'user-agent': 'mingzao-outbox',
        'idempotency-key': item.idempotencyKey,
        'webhook-id': item.idempotencyKey,
        'webhook-timestamp': String(timestampS),
        'webhook-signature': sign(secret, item.idempotencyKey, timestampS, body),
      },
    });
    const ok = status >= 200 && status < 300;
    const text = answer.toString('utf8').slice(0, 200);
    return { ok, status, error: ok ? '' : `the receiver answered ${status}: ${text}` };
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error;
    return { ok: false, status: null, error: error.message };
  }
}
