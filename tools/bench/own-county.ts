import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../services/db/database.ts';
import { migrate } from '../../services/db/migrate.ts';
import { startPostgres } from '../../services/standalone/postgres.ts';
import { COUNTY_YEAR, seedCountyYear } from '../county-year/seed.ts';

/** Runs `work` on a database with a made-up county year: the one at `url`, or one that is made for it and removed. */
export async function withCountyYear(
  options: { url: string | undefined; letterDays: number; say: (line: string) => void },
  work: (url: string) => Promise<void>,
): Promise<void> {
  const { url, letterDays, say } = options;
  if (url !== undefined) return await work(url);
  const folder = await mkdtemp(join(tmpdir(), 'mingzao-bench-'));
  const settings = { fsync: 'off' };
  const server = await startPostgres({ dataDir: join(folder, 'postgres'), port: 0, log: () => {}, settings });
  try {
    await migrate(server.url);
    const { db, close } = openDatabase(server.url, { max: 2, name: 'mingzao bench' });
    const began = performance.now();
    await seedCountyYear(db, { ...COUNTY_YEAR, letterDays }, say);
    say(`made in ${((performance.now() - began) / 1000).toFixed(0)} s`);
    await close();
    await work(server.url);
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
