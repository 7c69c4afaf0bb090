/**
 * A PostgreSQL server that outlived the process which had started it (SIGKILL, out of memory) still holds the data
 * folder. It is found by `postmaster.pid` and stopped before a new one starts.
 */
import { readFile, readlink, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from './pids.ts';

/** Harder and harder: fast shutdown, immediate shutdown (recovers at next start), kill. Milliseconds to wait after each. */
const STEPS = [
  ['SIGINT', 4_000],
  ['SIGQUIT', 2_000],
  ['SIGKILL', 2_000],
] as const;
const POLL_MS = 20;

/**
 * Stops a server still running on `folder`, if there is one.
 * @returns the pid of the stopped server, or undefined when none ran.
 * @throws Error when it cannot be stopped.
 */
export async function stopStaleServer(folder: string): Promise<number | undefined> {
  const pidFile = join(folder, 'postmaster.pid');
  const pid = await readPid(pidFile);
  if (pid === undefined) return undefined;
  if (!(await isServerOf(pid, folder))) {
    // The number belongs to nobody or to another program by now: PostgreSQL itself would refuse to start.
    await rm(pidFile, { force: true });
    return undefined;
  }
  for (const [signal, waitMs] of STEPS) {
    try {
      process.kill(pid, signal);
    } catch {
      break;
    }
    for (let waited = 0; waited < waitMs; waited += POLL_MS) {
      if (!isAlive(pid)) return pid;
      await sleep(POLL_MS);
    }
  }
  if (isAlive(pid)) throw new Error(`An old PostgreSQL (pid ${pid}) holds ${folder} and does not stop.`);
  return pid;
}

async function readPid(pidFile: string): Promise<number | undefined> {
  const content = await readFile(pidFile, 'utf8').catch(() => '');
  const pid = Number.parseInt(content.split('\n')[0] ?? '', 10);
  return Number.isInteger(pid) && pid > 1 ? pid : undefined;
}

/** A server works inside its data folder; on systems without /proc the pid alone has to do. */
async function isServerOf(pid: number, folder: string): Promise<boolean> {
  if (!isAlive(pid)) return false;
  if (process.platform !== 'linux') return true;
  const workingDir = await readlink(`/proc/${pid}/cwd`).catch(() => '');
  return workingDir === (await realpath(folder));
}
