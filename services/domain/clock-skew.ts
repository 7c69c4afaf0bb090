/** Seconds that a device's clock may differ from ours. Less is the way from there to here. */
const SKEW_S = 120;
/** Offsets of a wrong clock are all alike; those of a buffer that is sent later shrink as it empties. */
const SPREAD_S = 45;
/** Offsets that are compared. */
const COMPARED = 4;

/**
 * What the last looks of a device say of its clock.
 * @param offsetsS receipt less device time of its looks, seconds, oldest first: positive when the device is behind
 * @returns the offset, when the clock is wrong by SKEW_S or more; 0 when it is right; undefined while that cannot be told
 */
export function clockSkew(offsetsS: readonly number[]): number | undefined {
  const last = offsetsS.slice(-COMPARED);
  const newest = last.at(-1);
  if (newest === undefined) return undefined;
  if (Math.abs(newest) < SKEW_S) return 0;
  // Ahead of us is never the way or a buffer.
  if (newest < 0) return newest;
  if (last.length < COMPARED) return undefined;
  const least = Math.min(...last);
  return least >= SKEW_S && Math.max(...last) - least <= SPREAD_S ? newest : undefined;
}
