/** libuv's default when UV_THREADPOOL_SIZE is not set, and its upper limit. */
const DEFAULT_THREADS = 4;
const MOST_THREADS = 1024;
/** Threads kept free for files, DNS, decoding and crypto: with none left every camera and the database would hang. */
const RESERVED_THREADS = 16;
/** Sessions one process should hold at most: beyond, its event loop and its decoding fall behind. */
const MOST_SESSIONS = 50;

type Environment = Readonly<Record<string, string | undefined>>;

const threadsOf = (env: Environment): number =>
  Math.min(Number(env.UV_THREADPOOL_SIZE ?? DEFAULT_THREADS) || DEFAULT_THREADS, MOST_THREADS);

/**
 * How many RTSP sessions this process may hold: each blocks one thread of libuv's pool, whose size is fixed by
 * UV_THREADPOOL_SIZE when the process starts (128 is right for a gateway). At least 1, so that a small tool can watch one.
 */
export function sessionCapacity(env: Environment = process.env): number {
  return Math.max(1, Math.min(MOST_SESSIONS, threadsOf(env) - RESERVED_THREADS));
}

/** Two walls of sixteen; each is a thread, and a connection to somebody's camera. */
const MOST_SUB_STREAMS = 32;
/** So many are taken from the reserve. */
const LEAST_SUB_STREAMS = 8;

/** Sub-streams that may be pulled beside `sessions` cameras: 32 with the 128 threads of a gateway. */
export function subStreamCapacity(sessions: number, env: Environment = process.env): number {
  const free = threadsOf(env) - RESERVED_THREADS - sessions;
  return Math.max(LEAST_SUB_STREAMS, Math.min(MOST_SUB_STREAMS, free));
}
