import { setTimeout as pause } from 'node:timers/promises';

/** A BullMQ queue or worker. */
interface Openable {
  waitUntilReady(): Promise<unknown>;
  close(): Promise<void>;
}

export interface Kept<T> {
  /** The open one; made when there is none. @throws what kept it from opening: the next call tries again */
  get(): Promise<T>;
  close(): Promise<void>;
}

/** Milliseconds before a worker that could not be opened is tried again. */
const AGAIN_MS = 500;

/**
 * Makes a queue or worker, and makes it anew as long as it does not open. BullMQ 6.7 on PostgreSQL keeps the promise of its first
 * connection: when that one failed (nothing listens, or the server is still starting), every later call fails with it at once, and a
 * worker stands still for ever, or turns in a circle that lets nothing else of the process run. So only one that is ready is handed out.
 * @param opens false where the client waits and connects again by itself (Redis)
 */
export function keepOpen<T extends Openable>(make: () => T, opens: boolean): Kept<T> {
  let current: Promise<T> | undefined;
  let closed = false;
  return {
    get() {
      if (closed) return Promise.reject(new Error('this queue is closed'));
      if (current === undefined) {
        const mine = open(make, opens);
        mine.catch(() => {
          if (current === mine) current = undefined;
        });
        current = mine;
      }
      return current;
    },
    async close() {
      closed = true;
      await (await current?.catch(() => undefined))?.close();
    },
  };
}

async function open<T extends Openable>(make: () => T, opens: boolean): Promise<T> {
  const one = make();
  if (!opens) return one;
  try {
    await one.waitUntilReady();
    return one;
  } catch (error) {
    await one.close().catch(() => {});
    throw error;
  }
}

/** Runs a worker (made with `autorun: false`) from the moment that it opens; `onError` hears of every failed try. */
export function keepRunning(
  kept: Kept<Openable & { run(): Promise<void> }>,
  onError: (error: Error) => void,
): { close(): Promise<void> } {
  const closing = new AbortController();
  const opened = (async () => {
    while (!closing.signal.aborted) {
      try {
        const worker = await kept.get();
        worker.run().catch(onError);
        return;
      } catch (error) {
        if (closing.signal.aborted) return;
        onError(error as Error);
        await pause(AGAIN_MS, undefined, { signal: closing.signal }).catch(() => {});
      }
    }
  })();
  return {
    async close() {
      closing.abort();
      await opened;
      await kept.close();
    },
  };
}
