/** Starts standalone for a test, on free ports and in a folder of its own. */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { cleanEnv, isGone, startProcess, type TestProcess } from '../../support/process.ts';

export const STUB_MAIN = join(import.meta.dirname, 'stub-main.ts');
export const REAL_MAIN = join(import.meta.dirname, '../../../services/standalone/main.ts');

export async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mingzao-standalone-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export interface StartedStandalone extends TestProcess {
  /** Process numbers of all children by name, and of PostgreSQL as `postgres`. */
  pids(): Record<string, number>;
}

export function startStandalone(
  folder: string,
  env: NodeJS.ProcessEnv = {},
  { main = STUB_MAIN, prefix = [] as string[] } = {},
): StartedStandalone {
  const settings = cleanEnv({
    MINGZAO_DATA_DIR: folder,
    MINGZAO_PORT: '0',
    MINGZAO_MQTT_PORT: '0',
    MINGZAO_WORKERS: '2',
    ...env,
  });
  const [command = process.execPath, ...args] = [...prefix, process.execPath, main];
  const started = startProcess(command, args, { env: settings });
  return { ...started, pids: () => readPids(folder) };
}

export function readPids(folder: string): Record<string, number> {
  const { children } = JSON.parse(readFileSync(join(folder, 'standalone.json'), 'utf8'));
  const pids: Record<string, number> = {};
  for (const child of children) pids[child.name] = child.pid;
  try {
    pids.postgres = Number.parseInt(readFileSync(join(folder, 'postgres/postmaster.pid'), 'utf8'), 10);
  } catch {
    // An outer database was given.
  }
  return pids;
}

/** Resolves when none of them runs any more. */
export async function allGone(pids: Record<string, number>): Promise<void> {
  await Promise.all(Object.values(pids).map(isGone));
}
