/** How long a disk lasts. */

/** The disk at one time, bytes. */
export interface DiskSample {
  at: Date;
  free: number;
}

const DAY_MS = 86_400_000;
/** Samples over less than a day tell the time of day, not the rate. */
const LEAST_MS = DAY_MS;
/** The rate of the last week. */
export const RATE_OVER_MS = 7 * DAY_MS;

/**
 * Bytes a day by which the free space shrinks: the slope of the line of least squares, so that one evening's import does not decide it.
 * @returns undefined when the samples span less than a day
 */
export function fillRate(samples: readonly DiskSample[]): number | undefined {
  const times = samples.map(({ at }) => at.getTime());
  if (samples.length < 2 || Math.max(...times) - Math.min(...times) < LEAST_MS) return undefined;
  const meanAt = times.reduce((sum, at) => sum + at, 0) / samples.length;
  const meanFree = samples.reduce((sum, { free }) => sum + free, 0) / samples.length;
  let above = 0;
  let below = 0;
  for (const { at, free } of samples) {
    const x = (at.getTime() - meanAt) / DAY_MS;
    above += x * (free - meanFree);
    below += x * x;
  }
  return -above / below;
}

/** Whole days until nothing is left at this rate; null where it does not shrink, or nobody can tell yet. */
export function daysLeft(free: number, rate: number | undefined): number | null {
  if (rate === undefined || rate <= 0) return null;
  return Math.floor(free / rate);
}
