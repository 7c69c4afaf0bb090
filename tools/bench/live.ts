import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startSession } from '../../services/api/sessions.ts';
import { type Database, openDatabase } from '../../services/db/database.ts';
import { migrate } from '../../services/db/migrate.ts';
import { createSealer } from '../../services/db/seal.ts';
import { startPostgres } from '../../services/standalone/postgres.ts';
import { startRtspServer } from '../rtsp-server/start.ts';
import { cameraVideo } from './media-video.ts';
import { cpuMs, freePort, ready } from './server-process.ts';

const REPO = join(import.meta.dirname, '../..');
const KEY = '11'.repeat(32);
/** Windows that one account may have open. */
const WINDOWS = 4;
const SETTLE_MS = 3_000;

/**
 * `npm run -s bench -- live [--seconds 20] [--viewers 0,1,4,16]`: what watching one 1080p camera live costs, CPU of the gateway and of the
 * API as the kernel counts it, with so many viewers. Needs GStreamer.
 */
export async function benchLive(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seconds: { type: 'string', default: '20' },
      viewers: { type: 'string', default: '0,1,4,16' },
    },
  });
  const seconds = Number(values.seconds);
  const counts = values.viewers.split(',').map(Number);
  const folder = await mkdtemp(join(tmpdir(), 'mingzao-bench-'));
  const file = join(folder, 'camera.mp4');
  await cameraVideo(file, 1920, 1080, 60 + counts.length * (seconds + 10));
  const cameras = await startRtspServer({ mounts: { '/camera': file } });
  const postgres = await startPostgres({ dataDir: join(folder, 'postgres'), port: 0, log: () => {} });
  const children: ChildProcess[] = [];
  try {
    await migrate(postgres.url);
    const { db, close } = openDatabase(postgres.url, { max: 2, name: 'mingzao bench' });
    const { cameraId, tokens } = await seed(db, cameras.url('/camera'), Math.max(...counts));
    const port = await freePort();
    const start = (entry: string): ChildProcess => {
      const child = spawn(process.execPath, [join(REPO, entry)], {
        stdio: ['ignore', 'ignore', 'inherit'],
        env: {
          ...process.env,
          DATABASE_URL: postgres.url,
          OBJECT_STORE_URL: `file://${join(folder, 'objects')}`,
          MINGZAO_DATA_DIR: folder,
          MINGZAO_SECRET_KEY: KEY,
          MINGZAO_PORT: String(port),
          MINGZAO_LOG_LEVEL: 'error',
          MQTT_URL: 'mqtt://127.0.0.1:1',
          UV_THREADPOOL_SIZE: '32',
        },
      });
      children.push(child);
      return child;
    };
    const api = start('services/api/main.ts');
    await ready(`http://127.0.0.1:${port}/readyz`);
    const gateway = start('services/gateway/main.ts');
    const url = `http://127.0.0.1:${port}/api/v1/cameras/${cameraId}/video`;
    await playing(url, tokens[0] ?? '');
    for (const count of counts) {
      const watchers = Array.from({ length: count }, (_, i) =>
        watch(url, tokens[Math.floor(i / WINDOWS)] ?? ''),
      );
      await new Promise((done) => setTimeout(done, SETTLE_MS));
      const [before, bytesBefore] = [[gateway, api].map(cpuMs), sum(watchers)];
      await new Promise((done) => setTimeout(done, seconds * 1000));
      const took = [gateway, api].map(cpuMs).map((now, i) => (now - (before[i] ?? 0)) / seconds / 10);
      const megabits = ((sum(watchers) - bytesBefore) * 8) / seconds / 1e6;
      const [ofGateway = 0, ofApi = 0] = took;
      process.stdout.write(
        `${String(count).padStart(3)} viewers: gateway ${ofGateway.toFixed(1)} %, API ${ofApi.toFixed(1)} % of a core; ${megabits.toFixed(1)} Mbit/s\n`,
      );
      for (const watcher of watchers) watcher.leave();
    }
    await close();
  } finally {
    for (const child of children) child.kill();
    await cameras.stop();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

const sum = (watchers: readonly { bytes: number }[]): number =>
  watchers.reduce((all, { bytes }) => all + bytes, 0);

function watch(url: string, token: string): { bytes: number; leave(): void } {
  const leaving = new AbortController();
  const watcher = { bytes: 0, leave: () => leaving.abort() };
  void (async () => {
    const answer = await fetch(url, {
      headers: { authorization: `Bearer ${token}` },
      signal: leaving.signal,
    });
    for await (const chunk of answer.body ?? []) watcher.bytes += chunk.length;
  })().catch(() => {});
  return watcher;
}

/** Waits until the camera is watched at all. */
async function playing(url: string, token: string): Promise<void> {
  const end = performance.now() + 60_000;
  while (performance.now() < end) {
    const watcher = watch(url, token);
    await new Promise((done) => setTimeout(done, 500));
    watcher.leave();
    if (watcher.bytes > 10_000) return;
  }
  throw new Error('no live video came within a minute');
}

async function seed(
  db: Database,
  rtspUrl: string,
  viewers: number,
): Promise<{ cameraId: string; tokens: string[] }> {
  const region = await db
    .insertInto('region')
    .values({ code: 'county', parent_id: null, path: 'county', level: 'county', name: '县' })
    .returning('id')
    .executeTakeFirstOrThrow();
  const merchant = await db
    .insertInto('merchant')
    .values({
      code: 'm-1',
      region_id: region.id,
      name: '1号食堂',
      type: 'school_canteen',
      licence_no: null,
      opening_hours: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  const zone = await db
    .insertInto('zone')
    .values({ merchant_id: merchant.id, code: 'z', kind: 'cooking', name: '烹饪' })
    .returning('id')
    .executeTakeFirstOrThrow();
  const camera = await db
    .insertInto('camera')
    .values({
      code: 'c-1',
      merchant_id: merchant.id,
      zone_id: zone.id,
      name: '灶台',
      source: 'rtsp',
      gateway_id: null,
      rtsp_url_sealed: createSealer(Buffer.from(KEY, 'hex')).seal(rtspUrl),
      look_interval_s: 30,
      removed_at: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  const tokens: string[] = [];
  const now = new Date();
  for (let i = 0; i * WINDOWS < Math.max(1, viewers); i += 1) {
    const account = await db
      .insertInto('account')
      .values({
        username: `i-${i}`,
        role: 'inspector',
        password_hash: 'none',
        region_id: null,
        merchant_id: null,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    const expires_at = new Date(now.getTime() + 1_800_000);
    await db
      .insertInto('live_grant')
      .values({ account_id: account.id, purpose: 'patrol', camera_id: null, granted_at: now, expires_at })
      .execute();
    const by = { accountId: account.id, address: '127.0.0.1', userAgent: 'bench' };
    tokens.push((await startSession(db, by, now)).token);
  }
  return { cameraId: camera.id, tokens };
}
