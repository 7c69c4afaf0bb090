import { createHmac, timingSafeEqual } from 'node:crypto';

/** `whsec_` and 24 to 64 bytes in base64 with its padding (Standard Webhooks 1.0.0, "Signature scheme"). */
export const SIGNING_SECRET =
  '^whsec_(?:(?:[A-Za-z0-9+/]{4}){8,20}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?|(?:[A-Za-z0-9+/]{4}){21}(?:[A-Za-z0-9+/]{2}==)?)$';

/** @param key 24 to 64 random bytes */
export const signingSecret = (key: Buffer): string => `whsec_${key.toString('base64')}`;

/**
 * Signature of a webhook (Standard Webhooks 1.0.0, "Signature scheme"): HMAC-SHA256 over `id.timestamp.body`.
 * Orders that platforms send over MQTT bear the same one.
 * @param secret `whsec_` and base64 of the key; secrets made before 23 November 2026 may be bare base64url, and go on to work
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
