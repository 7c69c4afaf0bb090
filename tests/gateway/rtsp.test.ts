import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { wantBurst } from '../../services/db/looks.ts';
import { createSealer } from '../../services/db/seal.ts';
import { sha256 } from '../../services/evidence/keys.ts';
import { startGateway } from '../../services/gateway/gateway.ts';
import { encodeVideo } from '../../services/media/encode.ts';
import { openVideo } from '../../services/media/video-file.ts';
import { type RtspServer, startRtspServer } from '../../tools/rtsp-server/start.ts';
import type { Kitchen } from '../support/kitchen.ts';
import { numberedPictures, SMALL } from '../support/media.ts';
import { useTestDatabase } from '../support/postgres.ts';
import {
  addCamera,
  kitchenWithSecret,
  looksOf,
  type Running,
  startRunning,
  until,
  zoneAt,
} from './support/running.ts';

const KEY = Buffer.from('11'.repeat(32), 'hex');
const PASSWORD = 'geheim77';

describe('RTSP cameras', () => {
  const url = useTestDatabase();
  let folder: string;
  let open: RtspServer;
  let locked: RtspServer;
  let silent: Server;
  const sockets = new Set<Socket>();
  let running: Running;
  let kitchen: Kitchen;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mingzao-rtsp-'));
    const file = join(folder, 'kitchen.mp4');
    await encodeVideo(file, numberedPictures(400, SMALL), { framesPerS: 8, gopS: 1, codec: 'h264' });
    open = await startRtspServer({ mounts: { '/kitchen': file } });
    locked = await startRtspServer({ mounts: { '/kitchen': file }, user: 'admin', password: PASSWORD });
    silent = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => {});
    }).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    running = await startRunning(url(), {
      overrides: { now: () => new Date() },
      tick: true,
      rtsp: { UV_THREADPOOL_SIZE: '64' },
      seed: async (database) => {
        kitchen = await kitchenWithSecret(database);
        // At noon: by night looks are bursts.
        await database.db
          .updateTable('region')
          .set({ time_zone: zoneAt(12) })
          .execute();
      },
    });
  });
  afterAll(async () => {
    await running.stop();
    for (const socket of sockets) socket.destroy();
    silent.close();
    await Promise.all([open.stop(), locked.stop()]);
    await rm(folder, { recursive: true, force: true });
  });

  // Each session holds a thread of libuv's pool, and a test process has four of them.
  afterEach(async () => {
    await running.database.db
      .updateTable('camera')
      .set({ enabled: false })
      .where('source', '=', 'rtsp')
      .execute();
    await until(async () => running.gateway.rtsp.held.size === 0, 'the cameras are let go');
  });

  const camera = (address: string): Promise<{ id: string; code: string }> =>
    addCamera(running, kitchen, { rtspUrlSealed: createSealer(KEY).seal(address), lookIntervalS: 5 });
  const statusOf = async (cameraId: string) =>
    await running.database.db
      .selectFrom('camera_status')
      .selectAll()
      .where('camera_id', '=', cameraId)
      .executeTakeFirst();

  test('a look of one keyframe, then its burst and a clip around it when the worker asks', async () => {
    const { id } = await camera(open.url('/kitchen'));
    const look = await until(async () => (await looksOf(running, id))[0], 'a look', 15_000);
    expect(look).toMatchObject({ source: 'rtsp', state: 'queued', burst_given_up: false });
    expect(look.frames).toHaveLength(1);
    expect(look.frames[0]).toMatchObject({ width: 320, height: 180 });
    await until(async () => (await statusOf(id))?.state === 'online', 'it is online');

    await wantBurst(running.database.db, look.id, new Date());
    const full = await until(
      async () => {
        const found = (await looksOf(running, id)).find((one) => one.id === look.id);
        return found?.state === 'queued' && found.frames.length > 1 && found;
      },
      'the burst',
      15_000,
    );
    expect(full.frames).toHaveLength(5);
    const times = full.frames.map((frame) => Date.parse(frame.at));
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(5_000);
    expect(new Set(full.frames.map((frame) => frame.sha256)).size).toBe(5);
    for (const frame of full.frames) {
      expect(sha256(await running.gateway.parts.store.get(frame.key))).toBe(frame.sha256);
    }
    const { clip } = full;
    if (clip === null) throw new Error('there is a clip');
    expect(clip.codec).toMatch(/^avc1\./);
    const bytes = await running.gateway.parts.store.get(clip.key);
    expect([sha256(bytes), bytes.length]).toEqual([clip.sha256, clip.bytes]);
    const path = join(folder, 'clip.mp4');
    await writeFile(path, bytes);
    const video = await openVideo(path);
    let pictures = 0;
    for await (const _ of video.frames()) pictures += 1;
    await video.close();
    expect(pictures).toBeGreaterThan(30);
    expect(Date.parse(clip.to)).toBeGreaterThan(times[0] ?? 0);
  }, 45_000);

  test('a burst that is long past is given up', async () => {
    const { id } = await camera(open.url('/kitchen'));
    const look = await until(async () => (await looksOf(running, id))[0], 'a look', 15_000);
    const past = new Date(Date.now() - 600_000);
    await running.database.db
      .updateTable('look')
      .set({ captured_at: past, state: 'burst_wanted' })
      .where('id', '=', look.id)
      .execute();
    const done = await until(async () => {
      const found = (await looksOf(running, id)).find((one) => one.id === look.id);
      return found?.state === 'queued' && found;
    }, 'it is given up');
    expect(done).toMatchObject({ burst_given_up: true, clip: null });
  }, 30_000);

  test('why a camera gives no picture is said in plain words, without its address', async () => {
    const wrong = locked.url('/kitchen').replace(PASSWORD, 'wrong');
    const { port } = silent.address() as AddressInfo;
    const expected: [string, string][] = [
      [(await camera(wrong)).id, 'wrong user or password'],
      [(await camera(open.url('/nothing'))).id, 'no such stream'],
      [(await camera(`rtsp://127.0.0.1:${port}/live`)).id, 'the server accepts but sends nothing'],
      [(await camera('rtsp://127.0.0.1:9/live')).id, 'the server refuses the connection'],
    ];
    for (const [id, cause] of expected) {
      const row = await until(
        async () => {
          const found = await statusOf(id);
          return found?.cause === cause && found;
        },
        cause,
        20_000,
      );
      expect(row.state).toBe('offline');
    }
  }, 45_000);

  test('cameras go to another process when theirs stops', async () => {
    const { id } = await camera(open.url('/kitchen'));
    await until(async () => running.gateway.rtsp.held.has(id), 'the first process holds it');
    const second = { ...running.config, gatewayId: 'second' };
    const other = await startGateway(second, {}, { tick: false, env: { UV_THREADPOOL_SIZE: '64' } });
    expect(other.rtsp.held.has(id)).toBe(false);
    await running.database.db
      .updateTable('camera_lease')
      .set({ until: new Date(0) })
      .execute();
    await other.rtsp.renew();
    expect(other.rtsp.held.has(id)).toBe(true);
    // The first one finds out when it renews, and lets go.
    await running.gateway.rtsp.renew();
    expect(running.gateway.rtsp.held.has(id)).toBe(false);
    await other.stop();
    await running.gateway.rtsp.renew();
    expect(running.gateway.rtsp.held.has(id)).toBe(true);
  }, 30_000);
});
