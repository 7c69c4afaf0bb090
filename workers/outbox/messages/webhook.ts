/**
 * Any receiver that speaks HTTP (a house's own system, a chat bot's bridge): POST of JSON, signed after Standard Webhooks 1.0.0
 * (https://www.standardwebhooks.com) with the target's own secret. webhook-id is the message's key: the same at each try.
 */
import { sign } from '../../../services/domain/webhook-signature.ts';
import { type AddressOf, asked, type Sender } from './sender.ts';

const SCHEMA_VERSION = 1;

export const sendWebhook: Sender<AddressOf<'webhook'>> = async (item, { url, secret }, { outbound, now }) => {
  if (secret === null)
    return { ok: false, status: null, final: true, error: 'the address has no secret to sign with' };
  const { title, lines, link, language } = item.content;
  const body = JSON.stringify({
    schemaVersion: SCHEMA_VERSION,
    id: item.idempotencyKey,
    class: item.class,
    count: item.count,
    merchant: item.merchantCode,
    language,
    title,
    lines,
    link,
    at: item.createdAt.toISOString(),
  });
  const timestamp = Math.floor(now().getTime() / 1000);
  const headers = {
    'content-type': 'application/json',
    'webhook-id': item.idempotencyKey,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': sign(secret, item.idempotencyKey, timestamp, body),
  };
  return await asked(outbound, { url, method: 'POST', headers, body }, ({ status }) => {
    if (status >= 200 && status < 300) return { ok: true, status, error: '' };
    // 410: the receiver wants no more of them (Standard Webhooks, "Operational considerations").
    return {
      ok: false,
      status,
      error: `the receiver answered ${status}`,
      ...(status === 410 && { gone: true }),
    };
  });
};
