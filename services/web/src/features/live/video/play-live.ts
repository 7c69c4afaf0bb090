import { ApiError } from '../../../api/client.ts';
import { type LiveSource, openLiveSource, whyNot } from './live-source.ts';
import { type LiveRecord, type LiveTimes, readRecords } from './records.ts';

/** Why there is no video. The first five stay; what comes after them is tried again. */
export type NoVideo =
  | 'pictures'
  | 'no_sub'
  | 'hevc'
  | 'unsupported'
  | 'purpose'
  | 'not_pulled'
  | 'full'
  | 'failed';
const LASTING: readonly NoVideo[] = ['pictures', 'no_sub', 'hevc', 'unsupported', 'purpose'];

export type LiveState =
  | { state: 'starting' }
  /** `sub`: the smaller stream, because this browser cannot play the main one. */
  | { state: 'playing'; sub: boolean }
  | { state: 'none'; why: NoVideo };

/** Milliseconds until a stream that ended is asked for again; longer each time, until one plays. */
const AGAIN_MS = [500, 1_000, 2_000, 5_000, 10_000];

export interface LivePlayer {
  /** When the picture on the screen was taken, in ms of this clock; undefined before the first. */
  takenMs(nowMs: number): number | undefined;
  /** The same on the server's clock. */
  momentMs(): number | undefined;
  stop(): void;
}

/**
 * Plays the live video of a camera while the page is seen; begins anew when it breaks off. The last picture stays: whoever shows it
 * says how old it is.
 */
export function playLive(
  video: HTMLVideoElement,
  camera: { id: string; hasSub: boolean },
  onState: (state: LiveState) => void,
): LivePlayer {
  let source: LiveSource | undefined;
  let newest: LiveTimes | undefined;
  let asked: AbortController | undefined;
  let timer: number | undefined;
  let tries = 0;
  let sub = false;
  let stopped = false;
  // A record is delayed, but never hastened: the least delay seen is nearest to the difference of the clocks.
  let aheadMs = Number.POSITIVE_INFINITY;

  const take = (record: LiveRecord, mine: { source?: LiveSource; codec?: string }): void => {
    aheadMs = Math.min(aheadMs, Date.now() - record.times.sentMs);
    switch (record.kind) {
      case 'start': {
        const why = whyNot(record.codec);
        if (why !== undefined) throw new Refused(why);
        mine.codec = record.codec;
        return;
      }
      case 'init':
        // The picture before stays until there is another.
        source?.close();
        newest = undefined;
        source = openLiveSource(video, mine.codec ?? '', () => asked?.abort());
        mine.source = source;
        source.append(record.bytes);
        return;
      case 'fragment':
        newest = record.times;
        mine.source?.append(record.bytes);
        return;
      case 'end':
        return;
    }
  };

  const momentMs = (): number | undefined => {
    const behindS = source?.behindS();
    return newest === undefined || behindS === undefined ? undefined : newest.wallMs - behindS * 1000;
  };
  const run = async (): Promise<void> => {
    if (stopped || document.hidden) return;
    const mine = {};
    asked = new AbortController();
    let why: NoVideo = 'failed';
    try {
      const stream = await open(camera.id, sub, asked.signal);
      await readRecords(stream, (record) => take(record, mine));
    } catch (error) {
      if (error instanceof Refused) why = error.why;
    }
    asked.abort();
    if (stopped || document.hidden) return;
    if (why === 'hevc' && camera.hasSub && !sub) {
      sub = true;
      return await run();
    }
    const shows = video.readyState >= 2 && !LASTING.includes(why);
    // What is on the screen stays, and ages in plain sight.
    if (!shows) onState({ state: 'none', why });
    if (LASTING.includes(why)) return;
    timer = window.setTimeout(() => void run(), AGAIN_MS[Math.min(tries, AGAIN_MS.length - 1)]);
    tries += 1;
  };
  const playing = (): void => {
    tries = 0;
    onState({ state: 'playing', sub });
  };
  const turn = (): void => {
    clearTimeout(timer);
    asked?.abort();
    if (!document.hidden) timer = window.setTimeout(() => void run());
  };
  video.addEventListener('playing', playing);
  document.addEventListener('visibilitychange', turn);
  void run();

  return {
    takenMs(nowMs) {
      const at = momentMs();
      return at === undefined ? undefined : Math.min(nowMs, at + aheadMs);
    },
    momentMs,
    stop() {
      stopped = true;
      clearTimeout(timer);
      asked?.abort();
      video.removeEventListener('playing', playing);
      document.removeEventListener('visibilitychange', turn);
      source?.close();
    },
  };
}

class Refused extends Error {
  readonly why: NoVideo;
  constructor(why: NoVideo) {
    super(why);
    this.why = why;
  }
}

/** @throws Refused when there is none and why; ApiError */
async function open(
  cameraId: string,
  sub: boolean,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array>> {
  const which = sub ? '?stream=sub' : '';
  const response = await fetch(`/api/v1/cameras/${encodeURIComponent(cameraId)}/video${which}`, {
    credentials: 'same-origin',
    cache: 'no-store',
    signal,
  });
  if (response.ok && response.body !== null) return response.body;
  const problem = (await response.json().catch(() => ({}))) as { type?: string; reason?: NoVideo };
  if (problem.type === 'urn:mingzao:problem:purpose-required') throw new Refused('purpose');
  if (problem.reason !== undefined) throw new Refused(problem.reason);
  throw new ApiError(response.status, problem as Record<string, unknown>);
}
