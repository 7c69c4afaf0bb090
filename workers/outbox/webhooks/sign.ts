import { createHmac } from 'node:crypto';

/**
 * Signature of a webhook (Standard Webhooks 1.0.0, "Signature scheme"): HMAC-SHA256 over `id.timestamp.body`.
 * @param secret `whsec_` and base64 of the key
 * @param timestampS seconds since the epoch
 * @returns value of the header webhook-signature
 */
export function sign(secret: string, id: string, timestampS: number, body: string): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  return `v1,${createHmac('sha256', key).update(`${id}.${timestampS}.${body}`).digest('base64')}`;
}
