/** Waits until the API says that it serves. */
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 100;
const ANSWER_WITHIN_MS = 2_000;
/** Milliseconds after which the wait is explained, once every so often. */
const EXPLAIN_EVERY_MS = 30_000;

/** True when `url` answered 200, false when `signal` came first. */
export async function waitUntilReady(
  url: string,
  signal: AbortSignal,
  log: (line: string) => void,
): Promise<boolean> {
  let explainAt = performance.now() + EXPLAIN_EVERY_MS;
  while (!signal.aborted) {
    const answer = await ask(url, signal);
    if (answer === '200') return true;
    if (performance.now() >= explainAt) {
      log(`not ready yet: ${url}: ${answer}`);
      explainAt = performance.now() + EXPLAIN_EVERY_MS;
    }
    await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
  return false;
}

async function ask(url: string, signal: AbortSignal): Promise<string> {
  try {
    const response = await fetch(url, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]),
    });
    const body = await response.text();
    return response.status === 200 ? '200' : `${response.status} ${body.slice(0, 300)}`;
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return cause instanceof Error ? cause.message : String(cause);
  }
}
