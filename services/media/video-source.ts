import type { RawFrame } from './raw-frame.ts';

/** One picture of a video. */
export interface VideoFrame {
  /** Milliseconds from the first picture. */
  atMs: number;
  frame: RawFrame;
}

/** A video to be looked at from its beginning. */
export interface VideoSource {
  /**
   * Seconds that the file says its pictures last: sound may last longer, and a file that was cut off holds less (readS). undefined
   * for a live stream and where the file does not say.
   */
  readonly durationS: number | undefined;
  /** Seconds that the pictures decoded so far by frames() last, the last one's own time included; undefined for a live stream. */
  readonly readS: number | undefined;
  /** Pixels as shown (a phone's rotation applied). */
  readonly width: number;
  readonly height: number;
  /** FFmpeg's name: `h264`, `hevc`, `gif`, … */
  readonly codec: string;
  /**
   * Pictures in order of time; with `everyMs` only the first of each such span, so at least that far apart on average.
   * A file can be read again by another call, a live stream once. Throws VideoError or RtspError when reading fails.
   */
  frames(options?: { everyMs?: number }): AsyncIterable<VideoFrame>;
  /** Ends running iterations and frees everything. May be called twice. */
  close(): Promise<void>;
}

/** Chooses the first picture of every span of `everyMs`. */
export class Sampler {
  readonly #everyMs: number;
  #nextMs = Number.NEGATIVE_INFINITY;

  constructor(everyMs = 0) {
    this.#everyMs = everyMs;
  }

  /** True when the picture at `atMs` is to be taken; call it in order of time. */
  takes(atMs: number): boolean {
    if (atMs < this.#nextMs) return false;
    if (this.#everyMs > 0) this.#nextMs = (Math.floor(atMs / this.#everyMs) + 1) * this.#everyMs;
    return true;
  }
}
