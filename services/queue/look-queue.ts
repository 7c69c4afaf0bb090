import type { JobsOptions } from 'bullmq';
import type { QueueConnection } from './connection.ts';
import { openedQueue, runWorker } from './opened.ts';

export type { QueueConnection } from './connection.ts';

/**
 * The queue only dispatches: a job is the id of a look whose truth lies in PostgreSQL. A job may be lost (the sweeper adds it
 * again) or run twice (the look has one outcome all the same).
 */
const NAME = 'looks';

export interface LookQueue {
  /**
   * Adds a look; one that already waits is not added again. `replayed` looks yield to live ones. `burst`: the look comes back
   * with the rest of its frames; its first job may not have ended yet, so this one has a name of its own.
   */
  add(lookId: string, options?: { replayed?: boolean; burst?: boolean }): Promise<void>;
  /** Looks that wait and that are being judged. @throws also when the queue has not answered for 5 s */
  depth(): Promise<{ waiting: number; active: number }>;
  close(): Promise<void>;
}

const JOB: JobsOptions = {
  attempts: 5,
  backoff: { type: 'exponential', delay: 500, jitter: 0.5 },
  removeOnComplete: true,
  removeOnFail: true,
};

/** Opens the producer's side. `onError` hears of broken connections, which are made again by themselves. */
export function openLookQueue(connection: QueueConnection, onError: (error: Error) => void): LookQueue {
  const kept = openedQueue(connection, { name: NAME, pool: 4, onError });
  return {
    async add(lookId, options = {}) {
      const queue = await kept.get();
      await queue.add(
        'judge',
        { lookId },
        {
          ...JOB,
          jobId: options.burst ? `${lookId}-burst` : lookId,
          ...(options.replayed ? { priority: 10 } : {}),
        },
      );
    },
    async depth() {
      const counts = await kept.ask((queue) =>
        queue.getJobCounts('waiting', 'prioritized', 'delayed', 'active'),
      );
      const { waiting = 0, prioritized = 0, delayed = 0, active = 0 } = counts;
      return { waiting: waiting + prioritized + delayed, active };
    },
    close: kept.close,
  };
}

export interface LookWorker {
  /** Ends after the looks in hand. */
  close(): Promise<void>;
}

/**
 * Starts the consumer's side. `judge` may throw: the look is tried again with back-off, and after the last attempt the
 * sweeper brings it back. `deaths` is how often a worker died over this look without a word.
 * @param concurrency looks in hand at once, so that one waits for the disk while another computes
 */
export function startLookWorker(
  connection: QueueConnection,
  judge: (lookId: string, deaths: number) => Promise<void>,
  options: { concurrency: number; onError: (error: Error, lookId?: string) => void },
): LookWorker {
  return runWorker<{ lookId: string }>(connection, (job) => judge(job.data.lookId, job.stalledCounter), {
    name: NAME,
    pool: 6,
    concurrency: options.concurrency,
    onError: options.onError,
    onFailed: (error, data) => options.onError(error, data?.lookId),
  });
}
