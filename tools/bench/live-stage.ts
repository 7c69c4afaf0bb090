/** Cameras by RTSP, a gateway and an API in processes of their own, and people who may watch: for what live video costs. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSession } from '../../services/api/sessions.ts';
import { type Database, openDatabase } from '../../services/db/database.ts';
import { migrate } from '../../services/db/migrate.ts';
import { createSealer } from '../../services/db/seal.ts';
import { startPostgres } from '../../services/standalone/postgres.ts';
import { startRtspServer } from '../rtsp-server/start.ts';
import { freePort, ready } from './server-process.ts';

const REPO = join(import.meta.dirname, '../..');
const KEY = '11'.repeat(32);
/** Windows that one account may have open. */
const WINDOWS = 4;

export interface LiveStage {
  /** Of the API. */
  url: string;
  api: ChildProcess;
  gateway: ChildProcess;
  cameras: { id: string; code: string }[];
  /** Of the account that the so manieth viewer has. */
  token(viewer: number): string;
}

export interface StageOptions {
  /** Makes the video files in the folder: path of the address → file. */
  videos(folder: string): Promise<Record<string, string>>;
  /** A camera each: paths of its main stream and of its sub-stream. */
  cameras: readonly { main: string; sub?: string }[];
  viewers: number;
}

/** Everything is stopped and removed when `work` is done. */
export async function onLiveStage(options: StageOptions, work: (stage: LiveStage) => Promise<void>) {
  const folder = await mkdtemp(join(tmpdir(), 'mingzao-bench-'));
  const server = await startRtspServer({ mounts: await options.videos(folder) });
  const postgres = await startPostgres({ dataDir: join(folder, 'postgres'), port: 0, log: () => {} });
  const children: ChildProcess[] = [];
  try {
    await migrate(postgres.url);
    const { db, close } = openDatabase(postgres.url, { max: 2, name: 'mingzao bench' });
    const addresses = options.cameras.map(({ main, sub }) => ({
      main: server.url(main),
      sub: sub === undefined ? undefined : server.url(sub),
    }));
    const cameras = await seedCameras(db, addresses);
    const tokens = await seedViewers(db, Math.ceil(Math.max(1, options.viewers) / WINDOWS));
    await close();
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
          UV_THREADPOOL_SIZE: '128',
        },
      });
      children.push(child);
      return child;
    };
    const url = `http://127.0.0.1:${port}`;
    const api = start('services/api/main.ts');
    await ready(`${url}/readyz`);
    const gateway = start('services/gateway/main.ts');
    await work({
      url,
      api,
      gateway,
      cameras,
      token: (viewer) => tokens[Math.floor(viewer / WINDOWS)] ?? '',
    });
  } finally {
    for (const child of children) child.kill();
    await server.stop();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

export interface Watcher {
  bytes: number;
  leave(): void;
}

/** @param reads false: takes the head and nothing more */
export function watch(url: string, token: string, reads = true): Watcher {
  const leaving = new AbortController();
  const watcher = { bytes: 0, leave: () => leaving.abort() };
  void (async () => {
    const answer = await fetch(url, {
      headers: { authorization: `Bearer ${token}` },
      signal: leaving.signal,
    });
    if (reads) for await (const chunk of answer.body ?? []) watcher.bytes += chunk.length;
  })().catch(() => {});
  return watcher;
}

/** Waits until so many bytes come at once. */
export async function playing(url: string, token: string, bytes: number): Promise<void> {
  const end = performance.now() + 90_000;
  while (performance.now() < end) {
    const watcher = watch(url, token);
    await new Promise((done) => setTimeout(done, 2_000));
    watcher.leave();
    if (watcher.bytes > bytes) return;
  }
  throw new Error('no live video came within a minute and a half');
}

async function seedCameras(
  db: Database,
  addresses: readonly { main: string; sub: string | undefined }[],
): Promise<{ id: string; code: string }[]> {
  const sealer = createSealer(Buffer.from(KEY, 'hex'));
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
  return await db
    .insertInto('camera')
    .values(
      addresses.map(({ main, sub }, i) => ({
        code: `c-${i + 1}`,
        merchant_id: merchant.id,
        zone_id: zone.id,
        name: '灶台',
        source: 'rtsp' as const,
        gateway_id: null,
        rtsp_url_sealed: sealer.seal(main),
        rtsp_sub_url_sealed: sub === undefined ? null : sealer.seal(sub),
        look_interval_s: 30,
        removed_at: null,
      })),
    )
    .returning(['id', 'code'])
    .execute();
}

/** Accounts that stated a purpose, and their tokens. */
async function seedViewers(db: Database, count: number): Promise<string[]> {
  const tokens: string[] = [];
  const now = new Date();
  for (let i = 0; i < count; i += 1) {
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
  return tokens;
}
