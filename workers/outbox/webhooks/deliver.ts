import type { OutboxItem } from '../../../services/db/outbox.ts';
import { EVENT_SCHEMA_VERSION } from '../../../services/domain/event-schema.ts';
import { sign } from '../../../services/domain/webhook-signature.ts';
import { type Outbound, OutboundError } from '../../../services/outbound/request.ts';
import type { Delivery } from '../relay.ts';

/** The body that a platform receives, by services/domain/event-schema.ts. The same bytes in every delivery of a row. */
export function bodyOf(item: OutboxItem): string {
  const { before = null, after = null, ...data } = item.payload;
  const { merchantId, merchantCode } = item;
  return JSON.stringify({
    schemaVersion: EVENT_SCHEMA_VERSION,
    id: item.eventId,
    idempotencyKey: item.idempotencyKey,
    type: item.type,
    at: item.at.toISOString(),
    region: item.regionPath,
    merchant: merchantId === null ? null : { id: merchantId, code: merchantCode ?? '' },
    before,
    after,
    data,
    ...(item.replayId !== null && { replay: item.replayId }),
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
        ...(item.replayId !== null && { 'mingzao-replay': item.replayId }),
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
