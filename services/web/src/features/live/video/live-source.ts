/** A MediaSource that is fed with the fragments of a live video: kept at the live edge, and small. */

/** Seconds behind the newest picture at which the video runs: fragments come every half a second. */
const BEHIND_S = 0.8;
/** Further behind than this it jumps. */
const MOST_BEHIND_S = 3;
/** Seconds that are kept of what was shown, and how much more may gather before it goes. */
const KEPT_S = 4;
const SLACK_S = 6;
/** Fragments that wait for the decoder; more means that it cannot keep up. */
const MOST_WAITING = 40;

type Source = typeof MediaSource;

/** The browser's, also where a phone has only the managed one; undefined where it has none. */
function sourceOf(): Source | undefined {
  const { ManagedMediaSource } = window as { ManagedMediaSource?: Source };
  return ManagedMediaSource ?? (typeof MediaSource === 'undefined' ? undefined : MediaSource);
}

const typeOf = (codec: string): string => `video/mp4; codecs="${codec}"`;

/** undefined: it plays. */
export function whyNot(codec: string): 'hevc' | 'unsupported' | undefined {
  if (sourceOf()?.isTypeSupported(typeOf(codec)) === true) return undefined;
  return /^(hvc1|hev1)/.test(codec) ? 'hevc' : 'unsupported';
}

export interface LiveSource {
  append(bytes: Uint8Array<ArrayBuffer>): void;
  /** Seconds from the picture on the screen to the newest one that is here; undefined while there is none. */
  behindS(): number | undefined;
  close(): void;
}

/** @param onFailed it cannot be played on: begin anew */
export function openLiveSource(video: HTMLVideoElement, codec: string, onFailed: () => void): LiveSource {
  const Source = sourceOf();
  if (Source === undefined) throw new Error('there is no MediaSource');
  const source = new Source();
  const url = URL.createObjectURL(source);
  const waiting: Uint8Array<ArrayBuffer>[] = [];
  let buffer: SourceBuffer | undefined;
  let closed = false;

  const last = (): { start: number; end: number } | undefined => {
    const ranges = buffer?.buffered;
    if (ranges === undefined || ranges.length === 0) return undefined;
    return { start: ranges.start(ranges.length - 1), end: ranges.end(ranges.length - 1) };
  };
  const toTheEdge = (): void => {
    const range = last();
    if (range === undefined) return;
    const behind = range.end - video.currentTime;
    if (behind > MOST_BEHIND_S || video.currentTime < range.start)
      video.currentTime = Math.max(range.start, range.end - BEHIND_S);
    if (video.paused && !document.hidden) void video.play().catch(() => {});
  };
  const next = (): void => {
    if (closed || buffer === undefined || buffer.updating) return;
    try {
      const from = buffer.buffered.length > 0 ? buffer.buffered.start(0) : 0;
      if (video.currentTime - from > KEPT_S + SLACK_S) {
        buffer.remove(0, video.currentTime - KEPT_S);
        return;
      }
      const bytes = waiting.shift();
      if (bytes !== undefined) buffer.appendBuffer(bytes);
    } catch {
      onFailed();
    }
  };
  source.addEventListener('sourceopen', () => {
    if (closed) return;
    URL.revokeObjectURL(url);
    buffer = source.addSourceBuffer(typeOf(codec));
    buffer.addEventListener('updateend', () => {
      if (closed) return;
      toTheEdge();
      next();
    });
    buffer.addEventListener('error', onFailed);
    next();
  });
  video.disableRemotePlayback = true;
  video.src = url;

  return {
    append(bytes) {
      if (waiting.length >= MOST_WAITING) return onFailed();
      waiting.push(bytes);
      next();
    },
    behindS() {
      const range = last();
      return range === undefined || video.readyState < 2
        ? undefined
        : Math.max(0, range.end - video.currentTime);
    },
    close() {
      closed = true;
      waiting.length = 0;
      URL.revokeObjectURL(url);
      video.removeAttribute('src');
      video.load();
    },
  };
}
