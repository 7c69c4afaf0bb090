/** Many cameras at once: how much video one wall may carry. What does not fit is shown as pictures. */

export const WALL_PLACES = 16;

/**
 * Megabits a second of all cameras of a wall together: sixteen sub-streams of 2 Mbit/s, on a line that a county's office has.
 * A page on a slower line asks for less.
 */
export const WALL_MBITS = 32;

/**
 * Pixels of a picture over all cameras of a wall, as a measure of what a browser must decode: nine of 1920×1080. Sub-streams are some
 * 640×360 and never come near.
 */
export const WALL_PIXELS = 9 * 1920 * 1080;

/** What a stream weighs. */
export interface WallLoad {
  bitsPerS: number;
  width: number;
  height: number;
}

/** Of a camera whose parameter sets could not be read. */
const UNKNOWN_PIXELS = 1920 * 1080;

const pixelsOf = ({ width, height }: WallLoad): number => width * height || UNKNOWN_PIXELS;

/**
 * Whether one more stream fits beside those that are shown. The first always does: somebody who sees one camera only shall not be
 * refused because that one sends much.
 */
export function fitsOnWall(shown: readonly WallLoad[], next: WallLoad, mbits: number): boolean {
  if (shown.length === 0) return true;
  const all = [...shown, next];
  const bits = all.reduce((sum, { bitsPerS }) => sum + bitsPerS, 0);
  return bits <= mbits * 1e6 && all.reduce((sum, one) => sum + pixelsOf(one), 0) <= WALL_PIXELS;
}

/** Why a camera of a wall shows no video (any more). What lasts is not tried again while the wall is the same. */
export const WALL_ENDS = {
  /** It sends pictures only. */
  pictures: 'lasts',
  /** The browser cannot play H.265, and there is no other stream. */
  hevc: 'lasts',
  /** Together with the others it would be too much. */
  limit: 'lasts',
  /** Nobody approved yet what it shows. */
  awaiting: 'lasts',
  /** The stated purpose, or the right, is over. */
  purpose: 'lasts',
  /** No gateway pulls it, or nothing comes. */
  not_pulled: 'again',
  /** The gateway serves as many as it can. */
  full: 'again',
  changed: 'again',
  gone: 'again',
  stopping: 'again',
} as const;
export type WallEnd = keyof typeof WALL_ENDS;
