/** A whole Mingzao whose processes can be killed one by one: standalone watches them and starts each again. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { onTestFinished } from 'vitest';
import { readConfig } from '../../../services/config/config.ts';
import { ownDatabase } from '../../../tools/lib/own-database.ts';
import { makeFolder, REAL_MAIN, readPids, startStandalone } from '../../standalone/support/standalone.ts';
import { cleanEnv } from '../../support/process.ts';
import { freePort } from '../stack.ts';

/** What is killed. The embedded broker is not: what it holds in memory is lost with it (ARCHITECTURE.md, limits). */
const TARGETS = ['api', 'detection', 'deadlines', 'outbox', 'gateway', 'postgres'] as const;
export type Target = (typeof TARGETS)[number] | 'redis';

export interface LoopSystem {
  baseUrl: string;
  databaseUrl: string;
  password: string;
  targets: readonly Target[];
  /** Kills a process that runs, once it does. @returns its number */
  kill(target: Target): Promise<number>;
  /** Resolves when the API serves. */
  ready(): Promise<void>;
}

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** @param redis jobs wait in Redis (append-only file), else in PostgreSQL */
export async function startLoopSystem(redis: boolean): Promise<LoopSystem> {
  const folder = await makeFolder();
  const password = 'of the first operator';
  const server = redis ? await startRedis(await makeFolder()) : undefined;
  const env = {
    MINGZAO_ADMIN_PASSWORD: password,
    MINGZAO_WORKERS: '1',
    MINGZAO_OUTBOUND_ALLOW: '127.0.0.1',
    MINGZAO_LOG_LEVEL: 'warn',
    ...(server === undefined ? {} : { REDIS_URL: server.url }),
  };
  const standalone = startStandalone(folder, env, { main: REAL_MAIN });
  const [, baseUrl = ''] = await standalone.line(/^ready (http\S+)/);
  const config = readConfig({ MINGZAO_DATA_DIR: folder });
  const databaseUrl = await ownDatabase(config);
  onTestFinished(async () => {
    standalone.signal('SIGTERM');
    await standalone.ended;
  });
  const killed = new Set<number>();
  return {
    baseUrl,
    databaseUrl,
    password,
    targets: server === undefined ? TARGETS : [...TARGETS, 'redis'],
    async kill(target) {
      for (;;) {
        const pid = target === 'redis' ? server?.pid() : pidsOf(folder)[target];
        if (pid !== undefined && !killed.has(pid)) {
          try {
            process.kill(pid, 'SIGKILL');
            killed.add(pid);
            return pid;
          } catch {
            // It is just being started again.
          }
        }
        await pause(50);
      }
    },
    async ready() {
      for (;;) {
        const answer = await fetch(`${baseUrl}/readyz`).catch(() => undefined);
        await answer?.arrayBuffer();
        if (answer?.status === 200) return;
        await pause(100);
      }
    },
  };
}

/** The file is being written while a child starts. */
function pidsOf(folder: string): Record<string, number> {
  try {
    return readPids(folder);
  } catch {
    return {};
  }
}

async function startRedis(folder: string): Promise<{ url: string; pid(): number | undefined }> {
  const port = await freePort();
  const args = `--port ${port} --bind 127.0.0.1 --dir ${resolve(folder)} --appendonly yes --maxmemory-policy noeviction`;
  let child: ChildProcess;
  let stopping = false;
  const start = (): void => {
    child = spawn('redis-server', args.split(' '), { env: cleanEnv(), stdio: 'ignore' });
    child.once('exit', () => {
      if (!stopping) start();
    });
  };
  start();
  onTestFinished(async () => {
    stopping = true;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  });
  return { url: `redis://127.0.0.1:${port}`, pid: () => child.pid };
}
