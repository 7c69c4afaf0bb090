/** 测试连接: a gateway connects to what an operator wants to add, and says in plain words what it found or why not. */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askProbe } from '../../services/db/camera-probes.ts';
import { createSealer } from '../../services/db/seal.ts';
import { framesPerSecond } from '../../services/domain/probe.ts';
import { encodeVideo } from '../../services/media/encode.ts';
import { type RtspServer, startRtspServer } from '../../tools/rtsp-server/start.ts';
import { kitchenJpeg } from '../gateway/support/pictures.ts';
import {
  connectBox,
  kitchenWithSecret,
  prefixOfKitchen,
  type Running,
  startRunning,
  until,
} from '../gateway/support/running.ts';
import type { Kitchen } from '../support/kitchen.ts';
import { numberedPictures, SMALL, WIDE } from '../support/media.ts';
import { useTestDatabase } from '../support/postgres.ts';

const KEY = Buffer.from('11'.repeat(32), 'hex');

describe('a test of a connection', () => {
  const url = useTestDatabase();
  let folder: string;
  let open: RtspServer;
  let locked: RtspServer;
  let silent: Server;
  let chatty: Server;
  const sockets = new Set<Socket>();
  let running: Running;
  let kitchen: Kitchen;
  let asker: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mingzao-probe-'));
    const file = join(folder, 'kitchen.mp4');
    const hevc = join(folder, 'hevc.mp4');
    await encodeVideo(file, numberedPictures(80, WIDE), { framesPerS: 8, gopS: 1, codec: 'h264' });
    await encodeVideo(hevc, numberedPictures(80, SMALL), { framesPerS: 8, gopS: 1, codec: 'h265' });
    open = await startRtspServer({ mounts: { '/main': file, '/sub': hevc } });
    locked = await startRtspServer({ mounts: { '/main': file }, user: 'admin', password: 'geheim77' });
    const keep = (socket: Socket): void => {
      sockets.add(socket);
      socket.on('error', () => {});
    };
    silent = createServer(keep).listen(0, '127.0.0.1');
    chatty = createServer((socket) => {
      keep(socket);
      socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
    }).listen(0, '127.0.0.1');
    await Promise.all([once(silent, 'listening'), once(chatty, 'listening')]);
    running = await startRunning(url(), {
      overrides: { now: () => new Date() },
      rtsp: { UV_THREADPOOL_SIZE: '64' },
      seed: async (database) => {
        kitchen = await kitchenWithSecret(database);
        const account = await database.db
          .insertInto('account')
          .values({ username: 'operator', role: 'operator', password_hash: '-' })
          .returning('id')
          .executeTakeFirstOrThrow();
        asker = account.id;
      },
    });
  });
  afterAll(async () => {
    await running.stop();
    for (const socket of sockets) socket.destroy();
    silent.close();
    chatty.close();
    await Promise.all([open.stop(), locked.stop()]);
    await rm(folder, { recursive: true, force: true });
  });

  const probe = async (main: string | null, sub: string | null = null, cameraId: string | null = null) => {
    const { db } = running.database;
    const place = { regionPath: kitchen.regionPath, merchantId: kitchen.merchantId };
    const question = createSealer(KEY).seal(JSON.stringify({ main, sub }));
    const id = await askProbe(
      db,
      { kind: 'stream', merchantId: kitchen.merchantId, cameraId, question, place, note: '' },
      { actorId: asker, at: new Date() },
    );
    return await until(
      async () => {
        const row = await db
          .selectFrom('camera_probe')
          .selectAll()
          .where('id', '=', id)
          .executeTakeFirstOrThrow();
        return row.state === 'done' && row;
      },
      'the answer',
      40_000,
    );
  };
  const portOf = (server: Server): number => (server.address() as AddressInfo).port;

  test('tells codec, size and frames a second of both streams, with the first picture; forgets the password', async () => {
    const done = await probe(open.url('/main'), open.url('/sub'));
    expect(done.answer).toMatchObject({
      main: { ok: true, codec: 'h264', width: 640, height: 360, framesPerS: 8 },
      sub: { ok: true, codec: 'h265', width: 320, height: 180 },
    });
    expect(done.picture?.subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]));
    expect(done.question_sealed).toBeNull();
  });

  test.each([
    ['a wrong password', () => locked.url('/main').replace('geheim77', 'wrong'), 'wrong user or password'],
    ['a path that is none', () => open.url('/nothing'), 'no such stream'],
    ['a port where nobody listens', () => 'rtsp://127.0.0.1:1/live', 'the server refuses the connection'],
    ['a name that is none', () => 'rtsp://camera.invalid/live', 'the server cannot be reached'],
    [
      'a server that says nothing',
      () => `rtsp://127.0.0.1:${portOf(silent)}/live`,
      'the server accepts but sends nothing',
    ],
    ['a web server', () => `rtsp://127.0.0.1:${portOf(chatty)}/live`, 'the stream cannot be read'],
  ])('%s', { timeout: 40_000 }, async (_, address, cause) => {
    const done = await probe(address());
    expect(done.answer).toEqual({ main: { ok: false, cause }, sub: null });
    expect(done.picture).toBeNull();
  });

  test('a camera behind a box: its next picture; nothing is looked for in it before somebody approves', async () => {
    const { db } = running.database;
    await db
      .updateTable('camera')
      .set({ awaits_approval: true })
      .where('id', '=', kitchen.cameraId)
      .execute();
    await until(
      async () => running.gateway.parts.registry.cameras.get(kitchen.cameraId)?.record.awaitsApproval,
      'it is known',
    );
    const box = await connectBox(running.brokerUrl, kitchen);
    const asked = probe(null, null, kitchen.cameraId);
    await box.publishAsync(`${prefixOfKitchen(kitchen)}/frame/${kitchen.cameraCode}`, await kitchenJpeg(2), {
      qos: 1,
    });
    const done = await asked;
    expect(done.answer).toMatchObject({ main: { ok: true, codec: 'jpeg', framesPerS: null } });
    expect(done.picture).not.toBeNull();
    await box.endAsync();
    const looks = await db
      .selectFrom('look')
      .select('id')
      .where('camera_id', '=', kitchen.cameraId)
      .execute();
    expect(looks).toEqual([]);
    const { minutes } = await db
      .selectFrom('coverage')
      .select('minutes')
      .where('camera_id', '=', kitchen.cameraId)
      .executeTakeFirstOrThrow();
    expect(minutes).toMatch(/C/);
    expect(minutes).not.toMatch(/[UL]/);
  });
});

test('frames a second are counted by what the stream says, in whatever order frames come', () => {
  expect(framesPerSecond([0, 10_800, 3_600, 7_200], 90_000)).toBe(25);
  expect(framesPerSecond([0, 3_600], 90_000)).toBeNull();
  expect(framesPerSecond([5, 5, 5], 90_000)).toBeNull();
});
