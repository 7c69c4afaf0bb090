/**
 * How often a password may be tried. Counted in PostgreSQL, for all API processes together. Nobody can lock out a stranger: a browser
 * that signed in before carries a device cookie and is counted by itself (OWASP, "Device Cookies"); everybody else shares what
 * is left for the account, and what is left for their address.
 */

import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import {
  type AttemptLimit,
  clearWindows,
  forgetAttempts,
  giveBackAttempt,
  takeAttempt,
} from '../db/attempt-window.ts';
import type { Database } from '../db/database.ts';
import { said } from '../domain/said.ts';
import { Problem } from './problem.ts';

/** One account from one address, or by one known device. */
const PAIR: AttemptLimit = { max: 8, windowS: 600 };
/** One account, from everywhere that is not known. */
const ACCOUNT: AttemptLimit = { max: 30, windowS: 3600 };
/** One address, whatever the accounts: many people may sit behind one. */
const ADDRESS: AttemptLimit = { max: 40, windowS: 600 };

export const DEVICE_COOKIE = 'mingzao_device';
const NONCE_BYTES = 16;

export interface Attempt {
  username: string;
  address: string;
  /** The device cookie as it was sent. */
  device: string | undefined;
}

export interface SignInLimit {
  /** @throws Problem `too-many-attempts` */
  take(attempt: Attempt): Promise<void>;
  /** It was good: this account's attempts here are forgotten. */
  good(attempt: Attempt): Promise<void>;
  /** A cookie that lets this browser be counted by itself from now on. */
  deviceCookie(username: string): string;
}

export function createSignInLimit(options: {
  db: Database;
  secretKey: Buffer;
  now: () => Date;
}): SignInLimit {
  const { db, now } = options;
  const key = Buffer.from(hkdfSync('sha256', options.secretKey, '', 'mingzao device cookies v1', 32));
  const sign = (username: string, nonce: string): Buffer =>
    createHmac('sha256', key).update(`${nonce}|${username}`).digest().subarray(0, NONCE_BYTES);

  /** The device's name, if the cookie is ours and for this account. */
  const deviceOf = ({ username, device }: Attempt): string | undefined => {
    const [, nonce, signature] = /^([\w-]{22})\.([\w-]{22})$/.exec(device ?? '') ?? [];
    if (nonce === undefined || signature === undefined) return undefined;
    const right = timingSafeEqual(Buffer.from(signature, 'base64url'), sign(username, nonce));
    return right ? nonce : undefined;
  };

  const countersOf = (attempt: Attempt): { key: string; limit: AttemptLimit; own: boolean }[] => {
    const { username, address } = attempt;
    const device = deviceOf(attempt);
    if (device !== undefined) return [{ key: `device|${device}|${username}`, limit: PAIR, own: true }];
    return [
      { key: `address|${address}`, limit: ADDRESS, own: false },
      { key: `pair|${address}|${username}`, limit: PAIR, own: true },
      { key: `account|${username}`, limit: ACCOUNT, own: false },
    ];
  };

  return {
    async take(attempt) {
      for (const counter of countersOf(attempt)) {
        const wait = await takeAttempt(db, counter.key, counter.limit, now());
        if (wait === undefined) continue;
        throw new Problem('too-many-attempts', said('too_many_attempts', { seconds: wait }), {
          retryAfterS: wait,
        });
      }
    },
    async good(attempt) {
      for (const counter of countersOf(attempt)) {
        await (counter.own ? forgetAttempts(db, counter.key) : giveBackAttempt(db, counter.key));
      }
      await clearWindows(db, now());
    },
    deviceCookie(username) {
      const nonce = randomBytes(NONCE_BYTES).toString('base64url');
      return `${nonce}.${sign(username, nonce).toString('base64url')}`;
    },
  };
}
