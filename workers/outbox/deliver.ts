import type { OutboxItem } from '../../services/db/outbox.ts';
import { sign } from './sign.ts';

/** Version of the JSON that platforms receive; rises when a field changes its meaning. */
export const EVENT_SCHEMA_VERSION = 1;
export const SEND_WITHIN_MS = 10_000;

export interface Delivery {
  ok: boolean;
  /** HTTP status; null when there was no answer. */
  status: number | null;
  error: string;
}

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
export async function deliver(item: OutboxItem, secret: string, now: Date): Promise<Delivery> {
  const body = bodyOf(item);
  const timestampS = Math.floor(now.getTime() / 1000);
  try {
    const response = await fetch(item.url, {
      method: 'POST',
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(SEND_WITHIN_MS),
      headers: {
        'content-type': 'application/json',
        'user-agent': 'mingzao-outbox',
        'idempotency-key': item.idempotencyKey,
        'webhook-id': item.idempotencyKey,
        'webhook-timestamp': String(timestampS),
        'webhook-signature': sign(secret, item.idempotencyKey, timestampS, body),
      },
    });
    const text = (await response.text()).slice(0, 200);
    return response.ok
      ? { ok: true, status: response.status, error: '' }
      : { ok: false, status: response.status, error: `the receiver answered ${response.status}: ${text}` };
  } catch (error) {
    const { name, message, cause } = error as Error & { cause?: { code?: string; message?: string } };
    const why = cause?.code ?? cause?.message ?? message;
    return {
      ok: false,
      status: null,
      error:
        name === 'TimeoutError' ? `no answer within ${SEND_WITHIN_MS / 1000} s` : `cannot be reached: ${why}`,
    };
  }
}
