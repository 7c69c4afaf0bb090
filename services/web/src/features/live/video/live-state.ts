/** Why there is no video. The first eight stay, until something changes; what comes after them is tried again. */
export type NoVideo =
  | 'awaiting'
  | 'pictures'
  | 'no_sub'
  | 'hevc'
  | 'unsupported'
  | 'purpose'
  | 'limit'
  | 'slow'
  | 'not_pulled'
  | 'full'
  | 'failed';
const LASTING: readonly NoVideo[] = [
  'awaiting',
  'pictures',
  'no_sub',
  'hevc',
  'unsupported',
  'purpose',
  'limit',
  'slow',
];
const AGAIN: readonly NoVideo[] = ['not_pulled', 'full'];

export const lasts = (why: NoVideo): boolean => LASTING.includes(why);
/** As the API says it; what it does not explain has broken off. */
export const noVideo = (reason: string): NoVideo =>
  [...LASTING, ...AGAIN].find((known) => known === reason) ?? 'failed';

export type LiveState =
  | { state: 'starting' }
  /** `sub`: the smaller stream, because this browser cannot play the main one. */
  | { state: 'playing'; sub: boolean }
  | { state: 'none'; why: NoVideo };

/** Milliseconds until a stream that ended is asked for again; longer each time, until one plays. */
const AGAIN_MS = [500, 1_000, 2_000, 5_000, 10_000];
export const againMs = (tries: number): number =>
  AGAIN_MS[Math.min(tries, AGAIN_MS.length - 1)] ?? AGAIN_MS[0] ?? 0;

export interface LivePlayer {
  /** When the picture on the screen was taken, in ms of this clock; undefined before the first. */
  takenMs(nowMs: number): number | undefined;
  /** The same on the server's clock. */
  momentMs(): number | undefined;
  stop(): void;
}

/** Plays a camera in a video element from now on. */
export type Play = (video: HTMLVideoElement, onState: (state: LiveState) => void) => LivePlayer;

/** There is no video, and why. */
export class Refused extends Error {
  readonly why: NoVideo;
  constructor(why: NoVideo) {
    super(why);
    this.why = why;
  }
}
