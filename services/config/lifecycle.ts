/**
 * How a process ends: on SIGTERM, SIGINT or SIGHUP (closed terminal), and when the process that started it is gone (standalone keeps an IPC
 * channel to each child for exactly this: a killed parent cannot send a signal).
 */

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
  process.on('disconnect', () => request('the parent process is gone'));
}
