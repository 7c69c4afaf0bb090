import type { FaultKind } from './words.ts';

/** How long a fault must last before a ticket opens, and how soon it closes: degrade slowly, recover fast. */
export interface Persistence {
  /** Judgements in a row that say so, at least… */
  judgements: number;
  /** …and seconds between the first and the last of them, at least. */
  forS: number;
  /** Judgements in a row that say otherwise, to close. */
  toClose: number;
}

/** Starting values. Steam, a delivery in front of the lens and a lamp that is changed are over by then. */
export const PERSISTENCE: Readonly<Record<FaultKind, Persistence>> = {
  offline: { judgements: 2, forS: 120, toClose: 1 },
  frozen: { judgements: 2, forS: 180, toClose: 1 },
  black: { judgements: 4, forS: 600, toClose: 2 },
  covered: { judgements: 5, forS: 600, toClose: 2 },
  blurred: { judgements: 5, forS: 900, toClose: 2 },
  moved: { judgements: 6, forS: 900, toClose: 2 },
  clock: { judgements: 6, forS: 600, toClose: 2 },
};

/** Judgements further apart than this, in seconds, are not in a row: what happened between them is not known. */
const GAP_S = 1_200;

/** What is known of one camera and kind. Starts empty; may be lost (a restart): then a ticket opens later. */
export interface Streak {
  /** Judgements in a row that say the same, and when the first and last of them were. */
  faulty: boolean;
  count: number;
  since: Date;
  last: Date;
}

export type StreakVerdict = 'open' | 'close' | 'wait';

/**
 * Adds a judgement. `open`: a ticket is due, with `since` of the streak as its beginning; `close`: an open one is to be
 * closed. Both are said again with every further judgement: writing them twice changes nothing.
 */
export function addToStreak(
  streak: Streak | undefined,
  faulty: boolean,
  at: Date,
  { judgements, forS, toClose }: Persistence,
): { streak: Streak; verdict: StreakVerdict } {
  const goesOn =
    streak?.faulty === faulty && at >= streak.last && seconds(streak.last, at) <= Math.max(GAP_S, forS);
  const next: Streak = goesOn
    ? { faulty, count: streak.count + 1, since: streak.since, last: at }
    : { faulty, count: 1, since: at, last: at };
  if (!faulty) return { streak: next, verdict: next.count >= toClose ? 'close' : 'wait' };
  const lasted = next.count >= judgements && seconds(next.since, at) >= forS;
  return { streak: next, verdict: lasted ? 'open' : 'wait' };
}

function seconds(from: Date, to: Date): number {
  return (to.getTime() - from.getTime()) / 1000;
}
