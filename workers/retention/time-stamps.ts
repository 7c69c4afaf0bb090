import type { Database } from '../../services/db/database.ts';
import {
  claimTimeStamps,
  keepTimeStamp,
  postponeTimeStamp,
  wantTimeStamps,
} from '../../services/db/time-stamps.ts';
import { askForTimeStamp } from '../../services/evidence/time-stamp/authority.ts';

export interface TimeStampContext {
  db: Database;
  now: () => Date;
  /** Address of the authority. */
  url: string;
  /** Root certificates (PEM); empty: any authority that answers is believed. */
  roots: readonly string[];
  /** Seconds that a chain must have been quiet. */
  quietS: number;
}

const STEP = 20;
/** Longer than one question may take. */
const LEASE_S = 60;
const FIRST_MS = 30_000;
const LONGEST_MS = 3_600_000;

/** Asks for what is wanted, one step, outside of any transaction. A refusal is written down and tried again later. */
export async function stampStep(context: TimeStampContext): Promise<{ stamped: number; errors: string[] }> {
  const { db, now, url, roots, quietS } = context;
  await wantTimeStamps(db, now(), { quietS, limit: STEP });
  const errors: string[] = [];
  const wanted = await claimTimeStamps(db, now(), { limit: STEP, leaseS: LEASE_S });
  for (const one of wanted) {
    try {
      const stamp = await askForTimeStamp(url, Buffer.from(one.hash, 'hex'), roots);
      await keepTimeStamp(db, one.id, stamp);
    } catch (error) {
      const wait = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(one.attempts - 1, 10));
      const { message } = error as Error;
      await postponeTimeStamp(db, one, message, new Date(now().getTime() + wait));
      errors.push(message);
    }
  }
  return { stamped: wanted.length - errors.length, errors };
}
