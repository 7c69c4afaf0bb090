/** A system of the story's own: standalone in a temporary folder, with everything real, gone at the end. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

const REPO = resolve(import.meta.dirname, '../..');
/** Lines of its log kept for a start that fails. */
const KEPT = 30;

export interface OwnSystem {
  baseUrl: string;
  password: string;
  /** Its data. */
  folder: string;
  stop(): Promise<void>;
}

/** @param options.workers detection processes */
export async function startOwnSystem(options: { workers?: number } = {}): Promise<OwnSystem> {
  const folder = await mkdtemp(join(tmpdir(), 'mingzao-story-'));
  const password = randomBytes(12).toString('base64url');
  const kept = Object.entries(process.env).filter(
    ([key]) => !/^(MINGZAO_|(DATABASE|REDIS|MQTT|OBJECT_STORE)_)/.test(key),
  );
  const child = spawn(process.execPath, [resolve(REPO, 'services/standalone/main.ts')], {
    cwd: REPO,
    env: {
      ...Object.fromEntries(kept),
      MINGZAO_DATA_DIR: folder,
      MINGZAO_PORT: '0',
      MINGZAO_MQTT_PORT: '0',
      MINGZAO_WORKERS: String(options.workers ?? 1),
      MINGZAO_ADMIN_PASSWORD: password,
      // The platform that is told listens on this machine.
      MINGZAO_OUTBOUND_ALLOW: '127.0.0.1',
      MINGZAO_LOG_LEVEL: process.env.MINGZAO_LOG_LEVEL ?? 'warn',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'exit');
  const lines: string[] = [];
  const ready = Promise.withResolvers<string>();
  for (const input of [child.stdout, child.stderr]) {
    createInterface({ input }).on('line', (line) => {
      lines.push(line);
      if (lines.length > KEPT) lines.shift();
      const url = /^ready (http\S+)/.exec(line)?.[1];
      if (url !== undefined) ready.resolve(url);
    });
  }
  child.once('exit', () => ready.reject(new Error(`the system did not start:\n${lines.join('\n')}`)));
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  try {
    return { baseUrl: await ready.promise, password, folder, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
