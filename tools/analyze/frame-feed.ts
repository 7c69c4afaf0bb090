import type { RawFrame } from '../../services/domain/raw-frame.ts';

/** A decoded frame with its time in milliseconds from the start of the source. */
export interface SourceFrame {
  atMs: number;
  frame: RawFrame;
}

/** Picks single frames, forwards only, out of a stream of them: a video is read once, and stays in memory frame by frame. */
export interface FrameFeed {
  /** The first frame at or after `atMs`; undefined once the source has ended. Must be asked in rising order. */
  at(atMs: number): Promise<SourceFrame | undefined>;
  close(): Promise<void>;
}

export function frameFeed(frames: AsyncIterable<SourceFrame>): FrameFeed {
  const iterator = frames[Symbol.asyncIterator]();
  let current: SourceFrame | undefined;
  return {
    async at(atMs) {
      while (current === undefined || current.atMs < atMs) {
        const next = await iterator.next();
        if (next.done) return undefined;
        current = next.value;
      }
      return current;
    },
    async close() {
      await iterator.return?.();
    },
  };
}
