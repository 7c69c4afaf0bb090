/** What is done after the database is up and before any process that uses it: an ordered list, each safe to repeat. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { migrate } from '../db/migrate.ts';

export interface PrepareContext {
  repoDir: string;
  databaseUrl: string;
  /** Environment of the children, and MINGZAO_ADMIN_PASSWORD when it is set. */
  env: NodeJS.ProcessEnv;
  out(line: string): void;
}

export interface PrepareStep {
  name: string;
  run(context: PrepareContext): Promise<void>;
}

const MIGRATE: PrepareStep = {
  name: 'database schema',
  async run({ databaseUrl, out }) {
    const ran = await migrate(databaseUrl);
    if (ran.length > 0) out(`database schema: ${ran.join(', ')}`);
  },
};

/**
 * Creates the account `admin` when there is none, and prints its password once when it had to make one. A process of
 * its own, because it belongs to the API (accounts, password hashes), whose code standalone does not import.
 */
const FIRST_ADMIN: PrepareStep = {
  name: 'first account',
  run: ({ repoDir, env, out }) => runScript(join(repoDir, 'services/api/first-admin.ts'), repoDir, env, out),
};

export const PREPARE_STEPS: readonly PrepareStep[] = [MIGRATE, FIRST_ADMIN];

/** Runs a script to its end, its lines going to `out` as they are. @throws Error when it fails. */
export async function runScript(
  entry: string,
  cwd: string,
  env: NodeJS.ProcessEnv,
  out: (line: string) => void,
): Promise<void> {
  if (!existsSync(entry)) throw new Error(`${entry} is missing: the checkout is not whole`);
  const child = spawn(process.execPath, [entry], {
    cwd,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', out);
  const code = await new Promise<number | null>((done, fail) => {
    child.once('error', fail);
    child.once('close', done);
  });
  if (code !== 0) throw new Error(`${entry} failed with exit code ${code}`);
}
