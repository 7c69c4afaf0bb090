/**
 * Keeps one child process running: starts it, forwards its log line by line, starts it again when it ends without
 * having been asked to, later and later while it keeps failing.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

export interface ChildSpec {
  /** Shown in front of its log lines. */
  name: string;
  /** TypeScript file, absolute. */
  entry: string;
  /** Whole environment. */
  env: NodeJS.ProcessEnv;
}

export interface SupervisorOptions {
  cwd: string;
  log(name: string, line: string): void;
  /** Called with each process started. */
  onStart?(name: string, pid: number): void;
}

export interface Supervised {
  name: string;
  /** SIGTERM, and SIGKILL to it and all it has started after `killAfterMs`. Resolves when it is gone. */
  stop(killAfterMs: number): Promise<void>;
}

/** Milliseconds before the first and at most before a later restart. */
const FIRST_DELAY_MS = 200;
const LONGEST_DELAY_MS = 10_000;
/** A child that ran this long was healthy: the next restart is quick again. */
const HEALTHY_AFTER_MS = 10_000;

export function supervise(spec: ChildSpec, options: SupervisorOptions): Supervised {
  let child: ChildProcess | undefined;
  let restart: NodeJS.Timeout | undefined;
  let stopping = false;
  let delayMs = FIRST_DELAY_MS;
  let gone: Promise<void> = Promise.resolve();

  const start = () => {
    const startedAt = performance.now();
    const started = launch(spec, options);
    child = started;
    gone = new Promise((done) => {
      const ended = (how: string) => {
        child = undefined;
        killGroup(started.pid);
        done();
        if (stopping) return;
        if (performance.now() - startedAt >= HEALTHY_AFTER_MS) delayMs = FIRST_DELAY_MS;
        options.log(spec.name, `ended (${how}), starts again in ${delayMs / 1000} s`);
        restart = setTimeout(start, delayMs);
        delayMs = Math.min(delayMs * 2, LONGEST_DELAY_MS);
      };
      started.once('exit', (code, signal) => ended(signal ?? `exit code ${code}`));
      started.once('error', (error) => started.pid === undefined && ended(error.message));
    });
  };

  start();
  return {
    name: spec.name,
    async stop(killAfterMs) {
      stopping = true;
      clearTimeout(restart);
      const running = child;
      if (!running) return;
      running.kill('SIGTERM');
      const force = setTimeout(() => {
        options.log(spec.name, `did not stop within ${killAfterMs / 1000} s: killed`);
        killGroup(running.pid);
      }, killAfterMs);
      await gone;
      clearTimeout(force);
    },
  };
}

/**
 * Own process group (`detached`): Ctrl-C reaches standalone only, which stops the others in order. The IPC channel
 * tells the child when standalone has been killed (services/config/lifecycle.ts).
 */
function launch(spec: ChildSpec, options: SupervisorOptions): ChildProcess {
  const child = spawn(process.execPath, [spec.entry], {
    cwd: options.cwd,
    env: spec.env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  for (const stream of [child.stdout, child.stderr]) if (stream) forward(stream, spec.name, options);
  if (child.pid !== undefined) options.onStart?.(spec.name, child.pid);
  return child;
}

function forward(stream: Readable, name: string, options: SupervisorOptions): void {
  createInterface({ input: stream }).on('line', (line) => options.log(name, line));
}

/** Ends whatever is left of a child's process group. */
function killGroup(leaderPid: number | undefined): void {
  if (leaderPid === undefined) return;
  try {
    process.kill(-leaderPid, 'SIGKILL');
  } catch {
    // Nobody is left in it.
  }
}
