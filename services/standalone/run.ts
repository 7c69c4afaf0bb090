/** The life of the standalone process: reads the configuration, starts, and stops when asked to. */
import { resolve } from 'node:path';
import { type Env, readConfig, unknownKeys } from '../config/config.ts';
import { stopOnRequest } from '../config/lifecycle.ts';
import { createStandalone, type StandaloneOptions } from './standalone.ts';

/** Milliseconds a stop may take; a terminal's patience is 10 s. */
const STOP_WITHIN_MS = 9_800;

/** Starts all; ends the process with exit code 1 and a message in plain words when that fails. */
export async function runStandalone(
  env: Env,
  overrides: Pick<StandaloneOptions, 'children' | 'prepare'> = {},
): Promise<void> {
  const out = (line: string) => void process.stdout.write(`${line}\n`);
  // A closed terminal must not end the processes before they are stopped in order.
  process.stdout.on('error', () => undefined);
  try {
    const config = readConfig(env);
    for (const key of unknownKeys(env)) out(`${key} is not a known variable: ignored (misspelt?)`);
    const repoDir = resolve(import.meta.dirname, '../..');
    const standalone = createStandalone({ config, env, repoDir, out, ...overrides });
    stopOnRequest(() => standalone.stop(), STOP_WITHIN_MS);
    await standalone.start().catch(async (error) => {
      await standalone.stop();
      throw error;
    });
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
}
