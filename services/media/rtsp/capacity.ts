/** libuv's default when UV_THREADPOOL_SIZE is not set, and its upper limit. */
const DEFAULT_THREADS = 4;
const MOST_THREADS = 1024;
/** Threads kept free for files, DNS, decoding and crypto: with none left every camera and the database would hang. */
const RESERVED_THREADS = 16;
/** Sessions one process should hold at most: beyond, its event loop and its decoding fall behind. */
const MOST_SESSIONS = 50;

/**
 * How many RTSP sessions this process may hold: each blocks one thread of libuv's pool, whose size is fixed by
 * UV_THREADPOOL_SIZE when the process starts (128 is right for a gateway). At least 1, so that a small tool can watch one.
 */
export function sessionCapacity(env: Readonly<Record<string, string | undefined>> = process.env): number {
  const threads = Math.min(
    Number(env.UV_THREADPOOL_SIZE ?? DEFAULT_THREADS) || DEFAULT_THREADS,
    MOST_THREADS,
  );
  return Math.max(1, Math.min(MOST_SESSIONS, threads - RESERVED_THREADS));
}
