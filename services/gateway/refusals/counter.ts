import type { Database } from '../../db/database.ts';
import { countRefusal } from '../../db/status.ts';
import type { RefusalReason } from './reasons.ts';

/** Milliseconds between writes: a gateway that sends only rubbish costs one row a second, not one a message. */
const FLUSH_MS = 1_000;

interface Count {
  gatewayId: string;
  reason: RefusalReason;
  times: number;
  detail: string;
  at: Date;
}

export interface RefusalCounter {
  count(gatewayId: string, reason: RefusalReason, detail: string): void;
  /** Writes what is counted; on failure it stays for the next time. */
  flush(): Promise<void>;
  /** Writes the rest, once. */
  close(): Promise<void>;
}

/** Counts refused messages of gateways by reason and writes them in batches. Holds one number a gateway and reason. */
export function createRefusalCounter(
  db: Database,
  now: () => Date,
  onError: (error: Error) => void,
): RefusalCounter {
  let counts = new Map<string, Count>();
  let writing: Promise<void> = Promise.resolve();

  const add = (count: Count): void => {
    const key = `${count.gatewayId} ${count.reason}`;
    const before = counts.get(key);
    if (before === undefined) counts.set(key, count);
    else if (before.at > count.at) before.times += count.times;
    else counts.set(key, { ...count, times: before.times + count.times });
  };
  const write = async (): Promise<void> => {
    const batch = [...counts.values()];
    counts = new Map();
    for (const [i, count] of batch.entries()) {
      try {
        await countRefusal(db, count.gatewayId, count.reason, count.detail, count.at, count.times);
      } catch (error) {
        // 23503: the gateway was removed meanwhile, nobody will look at its page.
        if ((error as { code?: unknown }).code === '23503') continue;
        for (const kept of batch.slice(i)) add(kept);
        throw error;
      }
    }
  };
  const flush = (): Promise<void> => {
    writing = writing.catch(() => {}).then(write);
    return writing;
  };
  const timer = setInterval(() => {
    if (counts.size > 0) flush().catch(onError);
  }, FLUSH_MS);
  return {
    count(gatewayId, reason, detail) {
      add({ gatewayId, reason, times: 1, detail, at: now() });
    },
    flush,
    async close() {
      clearInterval(timer);
      await flush().catch(onError);
    },
  };
}
