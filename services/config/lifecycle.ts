/**
 * How a process ends: on SIGTERM, SIGINT or SIGHUP (closed terminal), and when the process that started it is gone
 * (standalone keeps an IPC channel to each child for exactly this: a killed parent cannot send a signal).
 */
import { Worker } from 'node:worker_threads';

/** Milliseconds a process may take to stop before it ends itself; standalone kills it after 6 s. */
const STOP_WITHIN_MS = 5_000;

/**
 * Calls `stop` once, at the first request to stop, then ends the process: exit code 0, or 1 when `stop` failed or
 * took longer than `withinMs`.
 */
export function stopOnRequest(stop: (reason: string) => Promise<void>, withinMs = STOP_WITHIN_MS): void {
  let stopping = false;
  const request = (reason: string) => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => {
      process.stderr.write(`not stopped within ${withinMs} ms (${reason}): exiting\n`);
      process.exit(1);
    }, withinMs).unref();
    stop(reason).then(
      () => process.exit(0),
      (error) => {
        process.stderr.write(`stopping failed: ${error instanceof Error ? error.stack : String(error)}\n`);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', () => request('SIGTERM'));
  process.on('SIGINT', () => request('SIGINT'));
  process.on('SIGHUP', () => request('SIGHUP'));
  if (process.send === undefined) return;
  // The readers of our output may be gone together with our parent.
  process.stdout.on('error', () => undefined);
  process.stderr.on('error', () => undefined);
  watchParent(withinMs);
  if (process.connected) process.on('disconnect', () => request('the parent process is gone'));
  else request('the parent process is gone');
}

function watchParent(withinMs: number): void {
  const workerData = { parentPid: process.ppid, graceMs: withinMs + 500 };
  new Worker(new URL('./orphan-watch.ts', import.meta.url), { workerData, stdin: false }).unref();
}
