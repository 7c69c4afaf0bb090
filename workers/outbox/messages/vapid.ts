/** Who sends, in a way that push services can check (RFC 8292). */
import { createPrivateKey, sign } from 'node:crypto';
import type { VapidKeys } from '../../../services/db/notify/vapid.ts';

/** Seconds a token holds; push services refuse more than 24 h (RFC 8292 §2). */
const HOLDS_S = 12 * 3600;

/** @param subject where the operator of this installation is reached: an https or mailto address @returns value of Authorization */
export function vapidHeader(endpoint: string, keys: VapidKeys, subject: string, now: Date): string {
  const point = Buffer.from(keys.publicKey, 'base64url');
  const key = createPrivateKey({
    format: 'jwk',
    key: {
      kty: 'EC',
      crv: 'P-256',
      d: keys.privateKey,
      x: point.subarray(1, 33).toString('base64url'),
      y: point.subarray(33).toString('base64url'),
    },
  });
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const exp = Math.floor(now.getTime() / 1000) + HOLDS_S;
  const signed = `${part({ typ: 'JWT', alg: 'ES256' })}.${part({ aud: new URL(endpoint).origin, exp, sub: subject })}`;
  // JWS wants the two numbers one after the other (RFC 7518 §3.4), not DER.
  const signature = sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' });
  return `vapid t=${signed}.${signature.toString('base64url')}, k=${keys.publicKey}`;
}
