import { setTimeout as sleep } from 'node:timers/promises';
import { Refusal } from './refusals/reasons.ts';

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 3_000;

/** The process ends: what was in hand is not acknowledged and comes again. */
export class Stopped extends Error {
  constructor() {
    super('the gateway is stopping');
    this.name = 'Stopped';
  }
}

/**
 * Data that the database will never take (SQLSTATE classes 22 and 23: a value out of range, a removed camera). Everything
 * else is taken for an outage, which ends.
 */
export function isHopeless(error: unknown): boolean {
  if (error instanceof Refusal || error instanceof RangeError) return true;
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && /^(22|23)\w{3}$/.test(code);
}

/**
 * Does the work until it succeeds, with growing waits: database, queue and object store come back.
 * @throws Stopped when `signal` fires; Refusal and other hopeless errors at once
 */
export async function keepTrying<T>(
  work: () => Promise<T>,
  signal: AbortSignal,
  onError: (error: Error) => void,
): Promise<T> {
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)) {
    if (signal.aborted) throw new Stopped();
    try {
      return await unlessStopped(work(), signal);
    } catch (error) {
      if (error instanceof Stopped || isHopeless(error)) throw error;
      onError(error as Error);
    }
    await sleep(waitMs, undefined, { signal }).catch(() => {
      throw new Stopped();
    });
  }
}

/** Rejects at once when the process stops: work that hangs is left to itself, and counts as not done. */
export function unlessStopped<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  // No Promise.race with one promise for all: it would hold every result until the process stops.
  return new Promise((done, fail) => {
    const stop = (): void => fail(new Stopped());
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(done, fail).finally(() => signal.removeEventListener('abort', stop));
  });
}
