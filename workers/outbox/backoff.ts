/** Sendings before an outbox row becomes a dead letter: with the delays below, about 20 hours. */
export const MAX_ATTEMPTS = 18;
const FIRST_MS = 5_000;
const LONGEST_MS = 2 * 3_600_000;

/**
 * Milliseconds to wait after the n-th failed sending (n ≥ 1): doubles from 5 s to 2 h, with up to a fifth of jitter so that
 * a platform that comes back is not met by everything at once.
 * @param random 0 ≤ random < 1
 */
export function delayAfter(attempts: number, random: number): number {
  const delay = Math.min(LONGEST_MS, FIRST_MS * 2 ** (attempts - 1));
  return Math.round(delay * (0.9 + 0.2 * random));
}

/**
 * Whether trying again can help. Only 410 says that it never will (Standard Webhooks, "Operational considerations");
 * other refusals may be a mistake at the receiver that is mended within hours.
 */
export function isFinal(status: number | null, attempts: number): boolean {
  return status === 410 || attempts >= MAX_ATTEMPTS;
}
