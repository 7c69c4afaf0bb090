/** A process under test: its lines can be waited for, and it is killed when the test is over. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { isAlive } from '../../services/standalone/pids.ts';

export interface TestProcess {
  pid: number;
  /** Everything said so far, stdout and stderr, a line each. */
  lines: string[];
  /** The first line said, or still to be said, that matches. @throws Error when the process ends without it. */
  line(pattern: RegExp, after?: number): Promise<RegExpExecArray>;
  signal(name: NodeJS.Signals): void;
  /** Exit code, or the signal's name. */
  ended: Promise<number | string>;
}

/** Starts a command line in its own process group, which is killed at the end of the test. */
export function startProcess(
  command: string,
  args: readonly string[],
  options: { env?: NodeJS.ProcessEnv; cwd?: string } = {},
): TestProcess {
  const child = spawn(command, args, {
    env: options.env ?? cleanEnv(),
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  const wake = () => {
    for (const check of waiting) check();
  };
  for (const input of [child.stdout, child.stderr]) {
    createInterface({ input }).on('line', (line) => {
      lines.push(line);
      wake();
    });
  }
  const ended = endOf(child);
  let isOver = false;
  void ended.then(() => {
    isOver = true;
    wake();
  });
  onTestFinished(() => killGroup(child));
  return {
    pid: child.pid ?? 0,
    lines,
    ended,
    signal: (name) => void child.kill(name),
    line: (pattern, after = 0) =>
      new Promise((found, fail) => {
        const check = () => {
          const match = lines
            .slice(after)
            .map((line) => pattern.exec(line))
            .find((result) => result !== null);
          if (!match && !isOver) return;
          waiting.delete(check);
          if (match) found(match);
          else fail(new Error(`ended without saying ${pattern}:\n${lines.slice(-30).join('\n')}`));
        };
        waiting.add(check);
        check();
      }),
  };
}

/** Our environment without what belongs to this test run or this operator's Mingzao. */
export function cleanEnv(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([key]) => !/^(MINGZAO_|VITEST|NODE_|npm_|(DATABASE|REDIS|MQTT|OBJECT_STORE)_)/.test(key),
  );
  return { ...Object.fromEntries(kept), ...more };
}

/** Resolves when no process of this number runs any more. */
export async function isGone(pid: number): Promise<void> {
  while (isAlive(pid)) await sleep(20);
}

/** Resolves at `close`: all lines have been read. */
function endOf(child: ChildProcess): Promise<number | string> {
  return new Promise((done, fail) => {
    child.once('error', fail);
    child.once('close', (code, signal) => done(code ?? signal ?? 'unknown'));
  });
}

function killGroup(child: ChildProcess): void {
  try {
    process.kill(-(child.pid ?? 0), 'SIGKILL');
  } catch {
    // It has ended.
  }
}
