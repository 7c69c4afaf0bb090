/**
 * A process that starts before its database: first nothing listens, then the server says that it is starting up, then it serves. Nothing
 * of that may stay in the way of the queue (BullMQ 6.7 keeps a first connection that failed, for as long as the process lives).
 */
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { openLookQueue, startLookWorker } from '../../services/queue/look-queue.ts';
import { openStepQueue, startStepWorker } from '../../services/queue/step-queue.ts';
import { useTestDatabase } from '../support/postgres.ts';

const database = useTestDatabase('empty');

/** What PostgreSQL answers to a new connection while it starts (57P03, cannot_connect_now). */
function startingUp(): Buffer {
  const fields = Buffer.from('SFATAL\0VFATAL\0C57P03\0Mthe database system is starting up\0\0');
  const head = Buffer.alloc(5);
  head.write('E');
  head.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
}

interface Door {
  url: string;
  /** Listens and says that it starts up; resolves when that was said `times` times. */
  starts(times: number): Promise<void>;
  /** Passes new connections on to the real server. */
  serves(): void;
}

/** A port in front of the database that nothing listens on at first. */
async function makeDoor(): Promise<Door> {
  const real = new URL(database());
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { port: number };
  probe.close();
  await once(probe, 'close');
  let serving = false;
  let said = 0;
  let heard = Promise.withResolvers<void>();
  let enough = Number.POSITIVE_INFINITY;
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    if (!serving) {
      socket.once('data', () => socket.end(startingUp()));
      said += 1;
      if (said >= enough) heard.resolve();
      return;
    }
    const inner = connect(Number(real.port), real.hostname);
    sockets.add(inner);
    inner.on('error', () => socket.destroy());
    socket.pipe(inner).pipe(socket);
  });
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const url = new URL(database());
  url.hostname = '127.0.0.1';
  url.port = String(port);
  return {
    url: url.href,
    async starts(times) {
      [said, enough, heard] = [0, times, Promise.withResolvers<void>()];
      server.listen(port, '127.0.0.1');
      await heard.promise;
    },
    serves() {
      serving = true;
    },
  };
}

test('a worker and a queue of looks that were opened before the database work once it serves', async () => {
  const door = await makeDoor();
  const connection = { redisUrl: undefined, databaseUrl: door.url };
  const refused = Promise.withResolvers<void>();
  const errors: string[] = [];
  const onError = (error: Error): void => {
    errors.push(error.message);
    refused.resolve();
  };
  const judged = Promise.withResolvers<string>();
  const worker = startLookWorker(connection, async (id) => judged.resolve(id), { concurrency: 1, onError });
  const queue = openLookQueue(connection, onError);
  onTestFinished(() => worker.close());
  onTestFinished(() => queue.close());
  await refused.promise;
  await expect(queue.add('too-early')).rejects.toThrow();

  await door.starts(3);
  door.serves();
  await expect
    .poll(
      () =>
        queue.add('in-time').then(
          () => true,
          () => false,
        ),
      { timeout: 20_000 },
    )
    .toBe(true);
  expect(await judged.promise).toBe('in-time');
  expect(errors.length).toBeLessThan(100);
});

test('so do those of the steps of tasks', async () => {
  const door = await makeDoor();
  const connection = { redisUrl: undefined, databaseUrl: door.url };
  const refused = Promise.withResolvers<void>();
  const taken = Promise.withResolvers<string>();
  const worker = startStepWorker(
    connection,
    async ({ taskId }) => taken.resolve(taskId),
    () => refused.resolve(),
  );
  const queue = openStepQueue(connection, () => {});
  onTestFinished(() => worker.close());
  onTestFinished(() => queue.close());
  await refused.promise;
  const at = new Date();
  await expect(queue.add([{ taskId: 'early', at }], at)).rejects.toThrow();

  await door.starts(3);
  door.serves();
  await expect
    .poll(
      () =>
        queue.add([{ taskId: 'due', at }], at).then(
          () => true,
          () => false,
        ),
      { timeout: 20_000 },
    )
    .toBe(true);
  expect(await taken.promise).toBe('due');
  // Removed when it is done, a moment after it was taken.
  await expect.poll(() => queue.ids()).toEqual(new Set());
});

test('what was opened and never reached the database can be closed', async () => {
  const door = await makeDoor();
  const connection = { redisUrl: undefined, databaseUrl: door.url };
  const refused = Promise.withResolvers<void>();
  const onError = (): void => refused.resolve();
  const worker = startStepWorker(connection, async () => {}, onError);
  const queue = openStepQueue(connection, onError);
  await refused.promise;
  await Promise.all([worker.close(), queue.close()]);
});
