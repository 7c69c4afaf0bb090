import { type LiveSource, openLiveSource, whyNot } from './live-source.ts';
import { Refused } from './live-state.ts';
import type { LiveRecord, LiveTimes } from './records.ts';

/**
 * How far this clock is ahead of the one in the records, and of those who wrote them. A record is delayed, but never hastened: the least
 * delay seen is nearest to the difference of the clocks.
 */
export interface StreamClock {
  aheadMs: number;
  /** Milliseconds that this record was on its way longer than the quickest one. */
  read(sentMs: number): number;
}

export function streamClock(): StreamClock {
  return {
    aheadMs: Number.POSITIVE_INFINITY,
    read(sentMs) {
      const delay = Date.now() - sentMs;
      this.aheadMs = Math.min(this.aheadMs, delay);
      return delay - this.aheadMs;
    },
  };
}

/** The records of one camera on their way into a video element. */
export interface LiveChannel {
  /** @throws Refused when this browser cannot play them */
  take(record: LiveRecord): void;
  /** A picture is on the screen, however old. */
  shows(): boolean;
  takenMs(nowMs: number): number | undefined;
  momentMs(): number | undefined;
  close(): void;
}

/**
 * A stream that is opened anew under its old name goes on where it was: what is there is kept, what came already is passed over, and
 * nothing flickers. Another one takes the place of the old with its first picture.
 * @param onFailed it cannot be played on: open the stream anew
 */
export function openChannel(video: HTMLVideoElement, clock: StreamClock, onFailed: () => void): LiveChannel {
  let source: LiveSource | undefined;
  let newest: LiveTimes | undefined;
  let codec = '';
  /** Name of the stream that `source` plays, and of the one that begins. */
  let played = '';
  let coming = '';

  const momentMs = (): number | undefined => {
    const behindS = source?.behindS();
    return newest === undefined || behindS === undefined ? undefined : newest.wallMs - behindS * 1000;
  };
  return {
    take(record) {
      switch (record.kind) {
        case 'start': {
          const why = whyNot(record.codec);
          if (why !== undefined) throw new Refused(why);
          codec = record.codec;
          coming = record.stream;
          return;
        }
        case 'init':
          if (source !== undefined && played === coming) return;
          // The picture before stays until there is another.
          source?.close();
          newest = undefined;
          played = coming;
          source = openLiveSource(video, codec, () => {
            played = '';
            onFailed();
          });
          source.append(record.bytes);
          return;
        case 'fragment':
          if (newest !== undefined && record.times.endS <= newest.endS) return;
          newest = record.times;
          source?.append(record.bytes);
          return;
        case 'end':
          return;
      }
    },
    shows: () => source !== undefined && video.readyState >= 2,
    momentMs,
    takenMs(nowMs) {
      const at = momentMs();
      return at === undefined ? undefined : Math.min(nowMs, at + clock.aheadMs);
    },
    close() {
      source?.close();
      source = undefined;
      played = '';
    },
  };
}
