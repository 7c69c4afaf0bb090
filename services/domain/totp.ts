/** Codes of authenticator apps: RFC 6238 over RFC 4226, HMAC-SHA-1, 6 digits, steps of 30 s (what every app does). */
import { createHmac } from 'node:crypto';

export const STEP_S = 30;
const DIGITS = 6;
/** Steps that a clock may be off, either way (RFC 6238, 5.2 allows one). */
const DRIFT = 1;

export type TotpHash = 'sha1' | 'sha256' | 'sha512';

/** RFC 4226, 5.3. @param counter at least 0 */
export function hotp(secret: Uint8Array, counter: number, digits = DIGITS, hash: TotpHash = 'sha1'): string {
  const message = Buffer.alloc(8);
  message.writeBigUInt64BE(BigInt(counter));
  const mac = createHmac(hash, secret).update(message).digest();
  const offset = (mac.at(-1) ?? 0) & 0x0f;
  const number = mac.readUInt32BE(offset) & 0x7fff_ffff;
  return String(number % 10 ** digits).padStart(digits, '0');
}

export const stepAt = (at: Date): number => Math.floor(at.getTime() / 1000 / STEP_S);

/**
 * The step whose code this is, near `at` and after `lastStep`: a code that was taken once is not taken again.
 * @returns undefined when it is none
 */
export function matchingStep(
  secret: Uint8Array,
  code: string,
  at: Date,
  lastStep: number,
): number | undefined {
  const here = stepAt(at);
  for (let step = here - DRIFT; step <= here + DRIFT; step += 1) {
    if (step > lastStep && step >= 0 && hotp(secret, step) === code) return step;
  }
  return undefined;
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** RFC 4648, without padding. */
export function toBase32(bytes: Uint8Array): string {
  let bits = '';
  for (const byte of bytes) bits += byte.toString(2).padStart(8, '0');
  return (bits.match(/.{1,5}/g) ?? [])
    .map((five) => BASE32[Number.parseInt(five.padEnd(5, '0'), 2)] ?? '')
    .join('');
}

/** The address that an authenticator app reads, as text or from a QR code. */
export function otpauthUri(options: { issuer: string; account: string; secret: Uint8Array }): string {
  const { issuer, account, secret } = options;
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(account)}`;
  const query = new URLSearchParams({ secret: toBase32(secret), issuer, digits: '6', period: `${STEP_S}` });
  return `otpauth://totp/${label}?${query}`;
}
