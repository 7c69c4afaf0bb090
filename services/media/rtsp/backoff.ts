import type { RtspErrorKind } from './error.ts';

/** Milliseconds. */
const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 60_000;
/**
 * After a refused account. Cameras lock an account, also for its owner, after some five wrong passwords in half an hour;
 * only a person can mend it, and a changed camera is tried at once.
 */
const UNAUTHORIZED_RETRY_MS = 600_000;

/**
 * Wait before the next attempt after `failures` failures in a row (1 = the first), doubling from 1 s to 60 s. Half of it
 * is drawn by `random` (0..1), so that the cameras of one recorder do not come back all at once.
 */
export function retryDelayMs(failures: number, kind: RtspErrorKind, random: () => number): number {
  const full =
    kind === 'unauthorized'
      ? UNAUTHORIZED_RETRY_MS
      : Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(failures - 1, 30));
  return Math.round(full * (0.5 + 0.5 * random()));
}
