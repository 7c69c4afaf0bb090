import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type LookQueue,
  type LookWorker,
  openLookQueue,
  type QueueConnection,
  startLookWorker,
} from '../../services/queue/look-queue.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';

const id = (): string => crypto.randomUUID();
const ignore = (): void => {};

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}

/** The same promises on both backends (design.md: "the same queue tests run on both"). */
describe.each(['postgres', 'redis'] as const)('the look queue on %s', (backend) => {
  let connection: QueueConnection;
  let database: TestDatabase;
  let server: ChildProcess | undefined;
  let queue: LookQueue;
  const workers: LookWorker[] = [];

  beforeAll(async () => {
    database = await createTestDatabase('empty');
    connection = { databaseUrl: database.url, redisUrl: undefined };
    if (backend === 'redis') {
      const port = await freePort();
      server = spawn('redis-server', [
        '--port',
        String(port),
        '--bind',
        '127.0.0.1',
        '--save',
        '',
        '--maxmemory-policy',
        'noeviction',
      ]);
      for await (const line of server.stdout ?? [])
        if (String(line).includes('Ready to accept connections')) break;
      server.stdout?.resume();
      connection = { databaseUrl: database.url, redisUrl: `redis://127.0.0.1:${port}` };
    }
    queue = openLookQueue(connection, ignore);
  });
  afterAll(async () => {
    await Promise.all(workers.map((worker) => worker.close()));
    await queue.close();
    if (server) {
      server.kill();
      await once(server, 'exit');
    }
    await database.drop();
  });

  /** A worker that resolves `got` once `wanted` looks came. */
  function collect(wanted: number, judge: (lookId: string) => Promise<void> = async () => {}) {
    const seen: string[] = [];
    const got = new Promise<string[]>((resolve) => {
      const worker = startLookWorker(
        connection,
        async (lookId) => {
          await judge(lookId);
          seen.push(lookId);
          if (seen.length === wanted) resolve(seen);
        },
        { concurrency: 2, onError: ignore },
      );
      workers.push(worker);
    });
    return { got, seen, stop: async () => await workers.pop()?.close() };
  }

  it('hands every look to one worker', async () => {
    const ids = Array.from({ length: 40 }, id);
    for (const look of ids) await queue.add(look);
    const one = collect(40);
    expect((await one.got).sort()).toEqual([...ids].sort());
    await one.stop();
  });

  it('adds a look that waits only once, and again after it ran', async () => {
    const look = id();
    await queue.add(look);
    await queue.add(look);
    expect(await queue.depth()).toMatchObject({ waiting: 1 });
    const first = collect(1);
    await first.got;
    await first.stop();
    expect(first.seen).toEqual([look]);
    await queue.add(look);
    const second = collect(1);
    expect(await second.got).toEqual([look]);
    await second.stop();
  });

  it('brings a look back with its burst while its first job still runs', async () => {
    const look = id();
    await queue.add(look);
    let calls = 0;
    const worker = collect(2, async () => {
      calls += 1;
      if (calls === 1) await queue.add(look, { burst: true });
    });
    expect(await worker.got).toEqual([look, look]);
    await worker.stop();
  });

  it('tries again when judging failed', async () => {
    const look = id();
    await queue.add(look);
    let failures = 2;
    const worker = collect(1, async () => {
      failures -= 1;
      if (failures >= 0) throw new Error('the database is away');
    });
    expect(await worker.got).toEqual([look]);
    await worker.stop();
  });

  it('lets live looks pass replayed ones', async () => {
    const replayed = Array.from({ length: 5 }, id);
    for (const look of replayed) await queue.add(look, { replayed: true });
    const live = id();
    await queue.add(live);
    const worker = collect(6);
    expect((await worker.got)[0]).toBe(live);
    await worker.stop();
  });
});
