/** Seconds that a device's clock may differ from ours. Less is the way from there to here. */
const SKEW_S = 120;
/** Offsets of a wrong clock are all alike; those of a buffer that is sent later shrink as it empties, faster or slower. */
const SPREAD_S = 45;
/** Offsets alike, at least so many seconds apart, that make a clock wrong: a quick line empties much of a buffer in less. */
const ALIKE = 4;
const APART_S = 20;

/** Offsets in a row that are alike, as far as they matter. Starts empty; may be lost: then a ticket opens later. */
export interface OffsetRun {
  /** Of the first look of the row: what drifts from it, however slowly, is not alike. */
  firstS: number;
  count: number;
  countedAt: Date;
}

/**
 * What the last looks of a device say of its clock. `moving`: its offset has changed, since a buffer empties or the clock was set;
 * `open`: too early to tell.
 */
export type ClockVerdict = { is: 'right' | 'moving' | 'open' } | { is: 'wrong'; skewS: number };

/** @param offsetS receipt less device time of a look, seconds: positive when the device is behind */
export function hearOffset(
  run: OffsetRun | undefined,
  offsetS: number,
  at: Date,
): { run: OffsetRun | undefined; verdict: ClockVerdict } {
  if (Math.abs(offsetS) < SKEW_S) return { run: undefined, verdict: { is: 'right' } };
  // Ahead of us is never the way or a buffer.
  if (offsetS < 0) return { run: undefined, verdict: { is: 'wrong', skewS: offsetS } };
  const first = { firstS: offsetS, count: 1, countedAt: at };
  if (run === undefined) return { run: first, verdict: { is: 'open' } };
  if (Math.abs(offsetS - run.firstS) > SPREAD_S) return { run: first, verdict: { is: 'moving' } };
  const counts = at.getTime() - run.countedAt.getTime() >= APART_S * 1000;
  const next = counts ? { ...run, count: run.count + 1, countedAt: at } : run;
  return { run: next, verdict: next.count < ALIKE ? { is: 'open' } : { is: 'wrong', skewS: offsetS } };
}
