/** Seconds that a device's clock may differ from ours. Less is the way from there to here. */
const SKEW_S = 120;
/** Offsets of a wrong clock are all alike; those of a buffer that is sent later shrink as it empties, faster or slower. */
const SPREAD_S = 45;
/** Offsets alike, at least so many seconds apart, that make a clock wrong: a quick line empties much of a buffer in less. */
const ALIKE = 4;
const APART_S = 20;
/**
 * Offsets that stay within so many seconds for so long are a clock's and no buffer's: emptied a tenth faster than it was filled, its
 * offsets shrink by 12 s in that time. What is sent then is taken for live, so that this must be sure.
 */
const STEADY_S = 10;
const STEADY_FOR_S = 120;

/** Offsets in a row that are alike, as far as they matter. Starts empty; may be lost: then a ticket opens later. */
export interface OffsetRun {
  /** Of the first look of the row: what drifts from it, however slowly, is not alike. */
  firstS: number;
  count: number;
  countedAt: Date;
  /** Since when the offset has hardly changed. */
  steady: { fromS: number; since: Date };
  /** It was steady for long enough; one look that was held up for some seconds does not change that. */
  known: boolean;
}

/**
 * What the last looks of a device say of its clock. `moving`: its offset has changed, since a buffer empties or the clock was set;
 * `open`: too early to tell; `known`: the offset is surely the clock's.
 */
export type ClockVerdict =
  | { is: 'right' | 'moving' | 'open' }
  | { is: 'wrong'; skewS: number; known: boolean };

/** @param offsetS receipt less device time of a look, seconds: positive when the device is behind */
export function hearOffset(
  before: OffsetRun | undefined,
  offsetS: number,
  at: Date,
): { run: OffsetRun | undefined; verdict: ClockVerdict } {
  if (Math.abs(offsetS) < SKEW_S) return { run: undefined, verdict: { is: 'right' } };
  const ahead = offsetS < 0;
  const row = before !== undefined && before.firstS < 0 === ahead ? before : undefined;
  const alike = row !== undefined && Math.abs(offsetS - row.firstS) <= SPREAD_S;
  const run = alike ? goOn(row, offsetS, at) : begin(offsetS, at);
  // Ahead of us is never the way or a buffer.
  if (ahead || run.count >= ALIKE) return { run, verdict: { is: 'wrong', skewS: offsetS, known: run.known } };
  return { run, verdict: { is: row === undefined || alike ? 'open' : 'moving' } };
}

function begin(offsetS: number, at: Date): OffsetRun {
  return { firstS: offsetS, count: 1, countedAt: at, steady: { fromS: offsetS, since: at }, known: false };
}

function goOn(run: OffsetRun, offsetS: number, at: Date): OffsetRun {
  const counts = at.getTime() - run.countedAt.getTime() >= APART_S * 1000;
  const same = Math.abs(offsetS - run.steady.fromS) <= STEADY_S;
  const steady = same ? run.steady : { fromS: offsetS, since: at };
  const forS = (at.getTime() - steady.since.getTime()) / 1000;
  return {
    ...run,
    ...(counts && { count: run.count + 1, countedAt: at }),
    steady,
    known: run.known || forS >= STEADY_FOR_S,
  };
}
