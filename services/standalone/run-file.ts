/**
 * `standalone.json` in the data folder: which process runs on it and which children it has started. It keeps two
 * starts from using one folder, and lets a start clear away what a killed predecessor left.
 */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, startTicks } from './pids.ts';

interface ProcessMark {
  name: string;
  pid: number;
  /** See `startTicks`; tells a process from a later one with the same number. */
  ticks?: string | undefined;
}

interface Content {
  standalone: ProcessMark;
  children: ProcessMark[];
}

/** Milliseconds a child of a killed standalone gets to end by itself: it has noticed by its IPC channel. */
const LEFTOVER_MS = 6_000;
const POLL_MS = 50;

export interface RunFile {
  /** Notes a started child; a later one of the same name takes its place. */
  note(name: string, pid: number): void;
  remove(): void;
}

/**
 * Claims the data folder for this process, after ending what is left of a killed predecessor.
 * @throws Error when another standalone runs on the folder.
 */
export async function claimFolder(dataDir: string, log: (line: string) => void): Promise<RunFile> {
  const file = join(dataDir, 'standalone.json');
  const before = read(file);
  if (before && isSame(before.standalone)) {
    throw new Error(
      `Mingzao already runs on ${dataDir} (pid ${before.standalone.pid}): stop it first, ` +
        'or choose another folder with MINGZAO_DATA_DIR.',
    );
  }
  await Promise.all((before?.children ?? []).map((child) => endLeftover(child, log)));

  const content: Content = { standalone: mark('standalone', process.pid), children: [] };
  write(file, content);
  return {
    note(name, pid) {
      content.children = [...content.children.filter((child) => child.name !== name), mark(name, pid)];
      write(file, content);
    },
    remove: () => rmSync(file, { force: true }),
  };
}

async function endLeftover(child: ProcessMark, log: (line: string) => void): Promise<void> {
  for (let waited = 0; isSame(child); waited += POLL_MS) {
    if (waited === 0) log(`waiting for ${child.name} (pid ${child.pid}), left by a killed start, to end`);
    if (waited >= LEFTOVER_MS) process.kill(child.pid, 'SIGKILL');
    await sleep(POLL_MS);
  }
}

function mark(name: string, pid: number): ProcessMark {
  return { name, pid, ticks: startTicks(pid) };
}

function isSame(marked: ProcessMark): boolean {
  return isAlive(marked.pid) && startTicks(marked.pid) === marked.ticks;
}

function read(file: string): Content | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Content;
  } catch {
    return undefined;
  }
}

/** Renamed into place: a reader never meets half a file. */
function write(file: string, content: Content): void {
  writeFileSync(`${file}.new`, `${JSON.stringify(content)}\n`);
  renameSync(`${file}.new`, file);
}
