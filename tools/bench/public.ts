import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { type Database, openDatabase } from '../../services/db/database.ts';
import { migrate } from '../../services/db/migrate.ts';
import type { RedactedPicture } from '../../services/db/schema-public.ts';
import { openObjectStore } from '../../services/evidence/open.ts';
import { startPostgres } from '../../services/standalone/postgres.ts';
import { cpuMs, freePort, ready } from './server-process.ts';

const REPO = join(import.meta.dirname, '../..');
/** Kitchens that are open, one camera each; a page shows 24 of them, a screen six pictures. */
const KITCHENS = 240;
const SEEN = 6;
/** Name of no masks at all (services/db/public-masks.ts). */
const NO_MASKS = createHash('md5').update('[]').digest('hex');

/**
 * `npm run -s bench -- public [--readers N] [--at-once N]`: readers of the public view over loopback, each asks for a page and six of its
 * pictures; beside it the same pages from the database, one by one. The server's CPU is read from /proc.
 */
export async function benchPublic(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { readers: { type: 'string', default: '10000' }, 'at-once': { type: 'string', default: '200' } },
  });
  const [readers, atOnce] = [Number(values.readers), Number(values['at-once'])];
  const folder = await mkdtemp(join(tmpdir(), 'mingzao-bench-'));
  const server = await startPostgres({ dataDir: join(folder, 'postgres'), port: 0, log: () => {} });
  let api: ChildProcess | undefined;
  try {
    await migrate(server.url);
    const { db, close } = openDatabase(server.url, { max: 2, name: 'mingzao bench' });
    await seed(db, folder);
    await close();
    const port = await freePort();
    api = spawn(process.execPath, [join(REPO, 'services/api/main.ts')], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: {
        ...process.env,
        DATABASE_URL: server.url,
        OBJECT_STORE_URL: `file://${join(folder, 'objects')}`,
        MINGZAO_DATA_DIR: folder,
        MINGZAO_SECRET_KEY: '11'.repeat(32),
        MINGZAO_PORT: String(port),
        MINGZAO_LOG_LEVEL: 'warn',
        MQTT_URL: 'mqtt://127.0.0.1:1',
      },
    });
    const url = `http://127.0.0.1:${port}`;
    await ready(`${url}/readyz`);
    const alone = await measure(api, () =>
      read(url, 500, 1, (i) => `&search=${encodeURIComponent(`${i}号`)}`),
    );
    say(`one by one, from the database      ${alone}`);
    const many = await measure(api, () => read(url, readers, atOnce, () => ''));
    say(`${readers} readers, ${atOnce} at once          ${many}`);
  } finally {
    api?.kill();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Load {
  requests: number;
  failed: number;
  /** Milliseconds of each page. */
  pages: number[];
  pictures: number[];
}

const agent = new Agent({ keepAlive: true, maxSockets: 1000 });

async function read(
  url: string,
  readers: number,
  atOnce: number,
  more: (i: number) => string,
): Promise<Load> {
  const load: Load = { requests: 0, failed: 0, pages: [], pictures: [] };
  let next = 0;
  const reader = async (): Promise<void> => {
    while (next < readers) {
      next += 1;
      const page = await fetched(`${url}/api/v1/public/kitchens?${more(next)}`, load, load.pages);
      const items = page === undefined ? [] : (JSON.parse(page.toString()) as Page).items;
      for (const { cameras } of items.slice(0, SEEN)) {
        const picture = cameras[0]?.picture;
        if (picture) await fetched(`${url}${picture}`, load, load.pictures);
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, reader));
  return load;
}

interface Page {
  items: { cameras: { picture: string | null }[] }[];
}

async function fetched(url: string, load: Load, times: number[]): Promise<Buffer | undefined> {
  const began = performance.now();
  const body = await new Promise<Buffer | undefined>((done) => {
    get(url, { agent }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => done(response.statusCode === 200 ? Buffer.concat(parts) : undefined));
    }).on('error', () => done(undefined));
  });
  load.requests += 1;
  if (body === undefined) load.failed += 1;
  times.push(performance.now() - began);
  return body;
}

async function measure(api: ChildProcess, run: () => Promise<Load>): Promise<string> {
  const cpu = cpuMs(api);
  const began = performance.now();
  const { requests, failed, pages, pictures } = await run();
  if (pictures.length === 0) throw new Error('no kitchen showed a picture');
  const s = (performance.now() - began) / 1000;
  const each = (cpuMs(api) - cpu) / pages.length;
  return [
    `${requests} requests (${failed} failed) in ${s.toFixed(1)} s: ${(requests / s).toFixed(0)}/s`,
    `page p95 ${at(pages, 0.95)} ms, picture p95 ${at(pictures, 0.95)} ms`,
    `server CPU ${each.toFixed(2)} ms a reader`,
  ].join('; ');
}

function at(values: number[], share: number): string {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(1);
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function seed(db: Database, folder: string): Promise<void> {
  const store = openObjectStore({ kind: 'file', path: join(folder, 'objects') });
  const noise = Buffer.from(Uint8Array.from({ length: 60 * 34 * 3 }, (_, i) => (i * 7919) % 251));
  const jpeg = await sharp(noise, { raw: { width: 60, height: 34, channels: 3 } })
    .resize(480, 270)
    .jpeg({ quality: 60 })
    .toBuffer();
  const region = await db
    .insertInto('region')
    .values({ code: 'county', parent_id: null, path: 'county', level: 'county', name: '县' })
    .returning('id')
    .executeTakeFirstOrThrow();
  const now = new Date();
  const takenAt = new Date(now.getTime() - 90_000).toISOString();
  for (let i = 0; i < KITCHENS; i += 1) {
    const merchant = await db
      .insertInto('merchant')
      .values({
        code: `m-${String(i).padStart(3, '0')}`,
        region_id: region.id,
        name: `${i}号食堂`,
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
        code: `c-${i}`,
        merchant_id: merchant.id,
        zone_id: zone.id,
        name: '灶台',
        source: 'rtsp',
        gateway_id: null,
        rtsp_url_sealed: Buffer.from('none'),
        removed_at: null,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    const key = `public/${camera.id}/0.jpg`;
    await store.put(key, jpeg, { contentType: 'image/jpeg' });
    await db
      .insertInto('public_kitchen')
      .values({ merchant_id: merchant.id, because: 'chosen', opened_by: null, opened_at: now })
      .execute();
    await db.insertInto('public_camera').values({ camera_id: camera.id }).execute();
    const sha256 = '0'.repeat(64);
    const picture: RedactedPicture = {
      key,
      sha256,
      bytes: jpeg.length,
      takenAt,
      showFrom: takenAt,
      masks: NO_MASKS,
    };
    await db
      .insertInto('public_picture')
      .values({
        camera_id: camera.id,
        wanted_until: now,
        shown: JSON.stringify(picture),
        next: null,
        withheld: null,
        seen_at: now,
        made_at: now,
        claimed_until: null,
      })
      .execute();
  }
  store.close();
}
