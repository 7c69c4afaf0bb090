/** Where the database and the objects of this machine's Mingzao are: from the configuration, else those of standalone. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../../services/config/config.ts';

/** DATABASE_URL, else the database of a standalone that runs on the data folder. @throws Error with what to do */
export async function ownDatabase(config: Config): Promise<string> {
  if (config.databaseUrl !== undefined) return config.databaseUrl;
  const cluster = join(config.dataDir, 'postgres');
  const password = await kept(`${cluster}.password`);
  // Line 4 of postmaster.pid is the port; the file is there while the server runs.
  const port = (await kept(join(cluster, 'postmaster.pid')))?.split('\n')[3]?.trim();
  if (password !== undefined && port) return `postgres://mingzao:${password}@127.0.0.1:${port}/mingzao`;
  throw new Error(
    `Mingzao does not run on ${config.dataDir}: start it, or set DATABASE_URL or MINGZAO_DATA_DIR`,
  );
}

/** The first thing that a small file says; undefined when it is not there or empty. */
export async function kept(file: string): Promise<string | undefined> {
  return (await readFile(file, 'utf8').catch(() => '')).trim() || undefined;
}
