import { setTimeout as pause } from 'node:timers/promises';
import { createPostgresBackend, type Job, Queue, Worker } from 'bullmq';
import { postgresOptions, type QueueConnection, redisClient } from './connection.ts';
import { keepOpen, keepRunning } from './keep-open.ts';

interface Options {
  name: string;
  /** Connections to PostgreSQL at most; Redis has one. */
  pool: number;
  /** Hears of broken connections, which are made again by themselves. */
  onError: (error: Error) => void;
}

type Calls = Pick<Queue, 'add' | 'addBulk' | 'getJob' | 'getJobs' | 'getJobCounts' | 'remove'>;

/** Milliseconds. Redis' client waits for its server as long as it takes; whoever can do without the queue must not. */
const ANSWER_MS = 5_000;

/** Milliseconds that the jobs in hand may take to end while Redis is away. */
const AWAY_MS = 1_000;

export interface OpenedQueue {
  /** The queue, open. On Redis a call waits until the server is there. @throws what kept it from opening: the next call tries again */
  get(): Promise<Calls>;
  /** What `call` brings. @throws also when nothing has come after 5 s; what was asked may be done all the same, later */
  ask<T>(call: (queue: Calls) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** The producer's side of a queue, on Redis when there is one, else on PostgreSQL. */
export function openedQueue(connection: QueueConnection, { name, pool, onError }: Options): OpenedQueue {
  const client = connection.redisUrl === undefined ? undefined : redisClient(connection.redisUrl);
  client?.on('error', onError);
  const kept = keepOpen(() => {
    const queue =
      client === undefined
        ? new Queue(name, { connection: postgresOptions(connection, pool) }, createPostgresBackend)
        : new Queue(name, { connection: client });
    return queue.on('error', onError);
  }, client === undefined);
  return {
    get: kept.get,
    async ask(call) {
      const late = Promise.withResolvers<never>();
      const timer = setTimeout(() => late.reject(new Error('the queue does not answer')), ANSWER_MS);
      try {
        return await Promise.race([kept.get().then(call), late.promise]);
      } finally {
        clearTimeout(timer);
      }
    },
    async close() {
      await kept.close();
      await client?.quit().catch(() => client.disconnect());
    },
  };
}

/**
 * The consumer's side of a queue: runs `take` for its jobs from the moment that it opens. A job whose `take` throws is tried again
 * as the job says; one whose worker fell silent for 30 s is handed to another, five times at most.
 * @param concurrency jobs in hand at once
 * @returns how to end it, after the jobs in hand
 */
export function runWorker<Data>(
  connection: QueueConnection,
  take: (job: Pick<Job<Data>, 'data' | 'stalledCounter'>) => Promise<void>,
  {
    name,
    pool,
    onError,
    concurrency,
    onFailed,
  }: Options & { concurrency: number; onFailed: (error: Error, data: Data | undefined) => void },
): { close(): Promise<void> } {
  const client = connection.redisUrl === undefined ? undefined : redisClient(connection.redisUrl);
  client?.on('error', onError);
  const settings = {
    concurrency,
    lockDuration: 30_000,
    stalledInterval: 10_000,
    maxStalledCount: 5,
    autorun: false,
  };
  const processor = async (job: Job<Data>): Promise<void> => take(job);
  const kept = keepOpen(() => {
    const worker =
      client === undefined
        ? new Worker(
            name,
            processor,
            { ...settings, connection: postgresOptions(connection, pool) },
            createPostgresBackend,
          )
        : new Worker(name, processor, { ...settings, connection: client });
    worker.on('failed', (job, error) => onFailed(error, job?.data));
    return worker.on('error', onError);
  }, client === undefined);
  const running = keepRunning(kept, onError);
  return {
    async close() {
      const ended = running.close();
      // BullMQ waits for its second connection as long as Redis is away: no new job can come, and none can be reported.
      await (client === undefined || client.status === 'ready'
        ? ended
        : Promise.race([ended, pause(AWAY_MS)]));
      if (client?.status === 'ready') await client.quit().catch(() => client.disconnect());
      else client?.disconnect();
    },
  };
}
