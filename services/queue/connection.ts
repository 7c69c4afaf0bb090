import { Redis } from 'ioredis';

/** Where jobs wait: Redis when there is one, else BullMQ's backend in PostgreSQL (schema `bullmq`). */
export interface QueueConnection {
  redisUrl: string | undefined;
  databaseUrl: string;
}

export function redisClient(url: string): Redis {
  return new Redis(url, { maxRetriesPerRequest: null, enableReadyCheck: true });
}

/** Milliseconds: a server that does not answer at all is one that cannot be reached. */
const CONNECT_MS = 30_000;

export function postgresOptions(connection: QueueConnection, max: number) {
  return {
    connectionString: connection.databaseUrl,
    schema: 'bullmq',
    max,
    migrate: true,
    connectionTimeoutMillis: CONNECT_MS,
  };
}
