import type { MediaPacket } from '../packet.ts';
import { retryDelayMs } from './backoff.ts';
import type { Clock } from './clock.ts';
import { RtspError, type RtspErrorKind } from './error.ts';
import type { openRtspSession, RtspSession, RtspSessionStats } from './session.ts';

/**
 * A connection that gave pictures this long was a good one: the next failure starts the back-off anew. Below the session times of
 * servers, the shortest common one of which is 60 s: a camera that is cut off every minute is back in a second. Milliseconds.
 */
const STABLE_MS = 20_000;

/** Where a camera's connection stands. Times are milliseconds. */
export type LinkState =
  | { state: 'connecting'; attempt: number }
  /** Pictures come in. */
  | { state: 'online' }
  | { state: 'offline'; cause: RtspErrorKind; message: string; retryInMs: number };

export interface LinkOptions {
  url: string;
  onPacket: (packet: MediaPacket) => void;
  onState: (state: LinkState) => void;
  open: typeof openRtspSession;
  clock: Clock;
  random: () => number;
  connectTimeoutMs?: number;
  readTimeoutMs?: number;
}

/** Keeps one camera connected: opens sessions one after the other, with back-off, until it is stopped. */
export class CameraLink {
  readonly #options: LinkOptions;
  readonly #stopping = new AbortController();
  readonly #done: Promise<void>;
  #session: RtspSession | null = null;
  #state: LinkState = { state: 'connecting', attempt: 1 };

  /** Starts once `after` has resolved: the camera's former connection must be gone, many cameras allow only a few. */
  constructor(options: LinkOptions, after: Promise<void>) {
    this.#options = options;
    this.#done = after.then(() => this.#run());
  }

  get state(): LinkState {
    return this.#state;
  }

  /** Counters of the session that is open now. */
  get stats(): Readonly<RtspSessionStats> | null {
    return this.#session?.stats ?? null;
  }

  /** No event follows; resolves when the connection is closed. May be called twice. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#session?.close();
    await this.#done;
  }

  async #run(): Promise<void> {
    const { clock, random } = this.#options;
    let failures = 0;
    while (!this.#stopping.signal.aborted) {
      this.#enter({ state: 'connecting', attempt: failures + 1 });
      const { error, onlineMs } = await this.#watchOnce();
      if (this.#stopping.signal.aborted) return;
      failures = onlineMs >= STABLE_MS ? 1 : failures + 1;
      const retryInMs = retryDelayMs(failures, error.kind, random);
      this.#enter({ state: 'offline', cause: error.kind, message: error.message, retryInMs });
      await pause(clock, retryInMs, this.#stopping.signal);
    }
  }

  /** One session from connecting to its end. Never throws. */
  async #watchOnce(): Promise<{ error: RtspError; onlineMs: number }> {
    const { clock, open, url, connectTimeoutMs, readTimeoutMs } = this.#options;
    let onlineAt: number | null = null;
    try {
      const session = await open({
        url,
        signal: this.#stopping.signal,
        now: () => clock.now(),
        ...(connectTimeoutMs === undefined ? {} : { connectTimeoutMs }),
        ...(readTimeoutMs === undefined ? {} : { readTimeoutMs }),
        onPacket: (packet) => {
          if (this.#stopping.signal.aborted) return;
          if (onlineAt === null) {
            onlineAt = clock.now();
            this.#enter({ state: 'online' });
          }
          this.#options.onPacket(packet);
        },
      });
      this.#session = session;
      if (this.#stopping.signal.aborted) await session.close();
      const error = (await session.closed) ?? new RtspError('ended', 'closed by us');
      return { error, onlineMs: onlineAt === null ? 0 : clock.now() - onlineAt };
    } catch (error) {
      return { error: asRtspError(error), onlineMs: 0 };
    } finally {
      this.#session = null;
    }
  }

  #enter(state: LinkState): void {
    if (this.#stopping.signal.aborted) return;
    this.#state = state;
    this.#options.onState(state);
  }
}

/** What is no RtspError is a fault of FFmpeg's that has no better name. */
function asRtspError(error: unknown): RtspError {
  if (error instanceof RtspError) return error;
  return new RtspError('corrupt', 'the stream cannot be opened');
}

async function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const cancel = clock.after(ms, () => {
      signal.removeEventListener('abort', stop);
      resolve();
    });
    const stop = (): void => {
      cancel();
      resolve();
    };
    signal.addEventListener('abort', stop, { once: true });
  });
}
