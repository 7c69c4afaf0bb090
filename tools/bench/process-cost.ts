/** What the processes of a standalone cost, from /proc. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const TICK_MS = 10;

/** CPU milliseconds so far and proportional memory in MB, by name of process. */
export type ProcessCosts = Map<string, { cpuMs: number; memoryMb: number }>;

/** Every process of the standalone that runs on `folder`, its database as one. */
export function readProcessCosts(folder: string): ProcessCosts {
  const told = JSON.parse(readFileSync(join(folder, 'standalone.json'), 'utf8')) as {
    standalone: { pid: number };
    children: { name: string; pid: number }[];
  };
  const costs: ProcessCosts = new Map();
  const add = (name: string, pid: number, withEnded: boolean): void => {
    const before = costs.get(name) ?? { cpuMs: 0, memoryMb: 0 };
    costs.set(name, {
      cpuMs: before.cpuMs + cpuMs(pid, withEnded),
      memoryMb: before.memoryMb + memoryMb(pid),
    });
  };
  add('standalone', told.standalone.pid, false);
  for (const { name, pid } of told.children) add(name.replace(/-\d+$/, ''), pid, false);
  const postmaster = Number(readFileSync(join(folder, 'postgres/postmaster.pid'), 'utf8').split('\n')[0]);
  add('postgres', postmaster, true);
  for (const pid of childrenOf(postmaster)) add('postgres', pid, false);
  return costs;
}

function stat(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
  } catch {
    // It has just ended.
    return [];
  }
}

/** utime and stime, with those of children that ended (proc_pid_stat(5)). */
function cpuMs(pid: number, withEnded: boolean): number {
  const fields = stat(pid)
    .slice(11, withEnded ? 15 : 13)
    .map(Number);
  return fields.reduce((sum, ticks) => sum + ticks, 0) * TICK_MS;
}

/** Proportional set size: pages that several share count in parts (proc_pid_smaps(5)). */
function memoryMb(pid: number): number {
  try {
    const [, kb = '0'] = /^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')) ?? [];
    return Number(kb) / 1024;
  } catch {
    return 0;
  }
}

function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => stat(pid)[1] === String(parent));
}
