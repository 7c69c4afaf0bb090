import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Signature of a webhook (Standard Webhooks 1.0.0, "Signature scheme"): HMAC-SHA256 over `id.timestamp.body`.
 * Orders that platforms send over MQTT bear the same one.
 * @param secret `whsec_` and base64 of the key
 * @param timestampS seconds since the epoch
 * @returns value of the header webhook-signature
 */
export function sign(secret: string, id: string, timestampS: number, body: string): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  return `v1,${createHmac('sha256', key).update(`${id}.${timestampS}.${body}`).digest('base64')}`;
}

/** Whether a signature is that of the secret. */
export function isSignedBy(
  secret: string,
  message: { id: string; timestamp: number; body: string; signature: string },
): boolean {
  const right = Buffer.from(sign(secret, message.id, message.timestamp, message.body));
  const given = Buffer.from(message.signature);
  return given.length === right.length && timingSafeEqual(given, right);
}
