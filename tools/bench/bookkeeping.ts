import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../services/db/database.ts';
import { acceptLook, closeLook, loadQueuedLook } from '../../services/db/looks.ts';
import { migrate } from '../../services/db/migrate.ts';
import { lookId } from '../../services/domain/merge.ts';
import { openLookQueue, startLookWorker } from '../../services/queue/look-queue.ts';
import { startPostgres } from '../../services/standalone/postgres.ts';
import type { StepCost } from './steps.ts';

/** Length of a clock tick in /proc/PID/stat: USER_HZ is 100 on every Linux that Node runs on (man 5 proc). */
const TICK_US = 10_000;

/**
 * What a calm look costs in database and queue (BullMQ's PostgreSQL backend): CPU milliseconds of this process and of the
 * server's processes together, on a throw-away PostgreSQL with the settings of standalone.
 */
export async function bookkeepingCosts(rounds: number): Promise<StepCost[]> {
  const folder = await mkdtemp(join(tmpdir(), 'mingzao-bench-'));
  const server = await startPostgres({ dataDir: join(folder, 'postgres'), port: 0, log: () => {} });
  await migrate(server.url);
  const { db, close } = openDatabase(server.url, { max: 2 });
  const connection = { databaseUrl: server.url, redisUrl: undefined };
  const queue = openLookQueue(connection, () => {});
  let judged: () => void = () => {};
  const worker = startLookWorker(connection, async () => judged(), { concurrency: 1, onError: () => {} });
  try {
    const cameraId = await seedCamera(db);
    const looks = Array.from({ length: rounds }, (_, i) => {
      const at = new Date(Date.now() - (rounds - i) * 1000);
      return { id: lookId(cameraId, at, i, `${i}`), at };
    });
    const cost = async (
      name: string,
      run: (look: { id: string; at: Date }) => Promise<unknown>,
    ): Promise<StepCost> => {
      const before = process.cpuUsage();
      const serverBefore = await cpuUsOf(server.pid);
      for (const look of looks) await run(look);
      const { user, system } = process.cpuUsage(before);
      const serverUs = (await cpuUsOf(server.pid)) - serverBefore;
      return { name, cpuMs: (user + system + serverUs) / 1000 / rounds };
    };
    return [
      await cost('database: accept the look', async ({ id, at }) => {
        const frame = {
          key: `spool/${id}/0.jpg`,
          sha256: '0'.repeat(64),
          bytes: 1,
          at: at.toISOString(),
          width: 1,
          height: 1,
        };
        // Two minutes old, as from a gateway's buffer: the looks of this loop do not replace each other.
        const accepted = new Date(at.getTime() + 180_000);
        await acceptLook(
          db,
          { id, cameraId, source: 'mqtt', capturedAt: at, frames: [frame], gathering: false },
          accepted,
        );
      }),
      await cost('queue: add, fetch, finish', async ({ id }) => {
        const done = new Promise<void>((resolve) => {
          judged = resolve;
        });
        await queue.add(id);
        await done;
      }),
      await cost('database: read, decide, coverage', async ({ id, at }) => {
        await loadQueuedLook(db, id);
        await closeLook(db, { id, cameraId, capturedAt: at }, 'calm', 'bench', new Date());
      }),
    ];
  } finally {
    await worker.close();
    await queue.close();
    await close();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function seedCamera(db: ReturnType<typeof openDatabase>['db']): Promise<string> {
  const region = await db
    .insertInto('region')
    .values({ code: 'bench', parent_id: null, path: 'bench', level: 'county', name: 'bench' })
    .returning('id')
    .executeTakeFirstOrThrow();
  const merchant = await db
    .insertInto('merchant')
    .values({
      code: 'bench',
      region_id: region.id,
      name: 'bench',
      type: 'canteen',
      licence_no: null,
      opening_hours: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  const zone = await db
    .insertInto('zone')
    .values({ merchant_id: merchant.id, code: 'bench', kind: 'cooking', name: 'bench' })
    .returning('id')
    .executeTakeFirstOrThrow();
  const camera = await db
    .insertInto('camera')
    .values({
      code: 'bench',
      merchant_id: merchant.id,
      zone_id: zone.id,
      name: 'bench',
      source: 'rtsp',
      gateway_id: null,
      rtsp_url_sealed: Buffer.from('sealed'),
      removed_at: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return camera.id;
}

/** CPU microseconds of a server and its children so far. Linux only. */
async function cpuUsOf(serverPid: number): Promise<number> {
  let ticks = 0;
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
    // Fields after the command in brackets: state, ppid, …; utime and stime are the 12th and 13th of them.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (Number(fields[1]) !== serverPid && Number(name) !== serverPid) continue;
    ticks += Number(fields[11]) + Number(fields[12]);
  }
  return ticks * TICK_US;
}
