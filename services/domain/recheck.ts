/** 回头看: what counts as observed, and what follows when a recheck falls due. Pure. */
import { hourAndMinute } from './coverage.ts';
import { isOpen, type OpeningHours } from './hours.ts';
import { nightOf } from './night-watch.ts';
import type { Policy } from './policy.ts';
import type { TaskClass } from './words.ts';

/** An hour of coverage: 60 letters (domain/coverage.ts). */
export interface CoverageHour {
  hour: Date;
  minutes: string;
}

/** Letters of minutes in which the kitchen was truly seen: looked at, or seen to be unchanged. */
const SEEN = 'LU';
const MINUTE_MS = 60_000;

/**
 * Which minutes of a camera show that a kind was looked for that only motion shows. By day the first frame of a look is judged alone,
 * and "unchanged" is said of cells that are larger than a mouse: such minutes say nothing of rodents.
 *
 * `night`: we pull it, and its bursts are those of the night watch, one in two minutes at least, changed or not; `looks`: a box sends
 * it in bursts, so each minute with a look counts, whatever the hour; `unproven`: no look of it is left to tell by, none counts yet;
 * `none`: no rule asks for it, or its looks are single pictures: none will ever count.
 */
export type MotionRecord = 'night' | 'looks' | 'unproven' | 'none';

/**
 * Minutes truly observed in [from, to).
 * @param rule `hours`: `opening` counts only minutes in which the merchant was open; `motion`: of kinds that only motion shows
 */
export function observedMinutes(
  coverage: readonly CoverageHour[],
  span: { from: Date; to: Date },
  rule: {
    hours: 'opening' | 'always';
    openingHours: OpeningHours | null;
    timeZone: string;
    motion?: MotionRecord | undefined;
  },
): number {
  const { motion } = rule;
  if (motion === 'none' || motion === 'unproven') return 0;
  const letters = motion === 'looks' ? 'L' : SEEN;
  const isOwed = owedBy(rule);
  let sum = 0;
  for (const { hour, minutes } of coverage) {
    for (let i = 0; i < minutes.length; i += 1) {
      if (!letters.includes(minutes.charAt(i))) continue;
      const at = new Date(hour.getTime() + i * MINUTE_MS);
      if (at < floorMinute(span.from) || at >= span.to) continue;
      if (!isOwed(at)) continue;
      sum += 1;
    }
  }
  return sum;
}

function owedBy({
  hours,
  openingHours,
  timeZone,
  motion,
}: Parameters<typeof observedMinutes>[2]): (at: Date) => boolean {
  if (motion === 'night') return nightOf(openingHours, timeZone);
  return hours === 'opening' ? (at) => isOpen(openingHours, timeZone, at) : () => true;
}

function floorMinute(at: Date): Date {
  const { hour, minute } = hourAndMinute(at);
  return new Date(hour.getTime() + minute * MINUTE_MS);
}

export type RecheckEnd =
  | { end: 'passed'; neededMin: number }
  | { end: 'prolonged'; neededMin: number; until: Date }
  /** Prolonged as often as the policy allows, or no use: people look. */
  | { end: 'by_people'; neededMin: number };

/**
 * A recheck without a new finding falls due: passed, or not yet, because nobody looked enough.
 * @param hopeless one of the cameras will never have seen enough, however long it goes on
 */
export function endRecheck(
  policy: Policy,
  task: { class: TaskClass; prolongations: number },
  observedMin: number,
  now: Date,
  hopeless = false,
): RecheckEnd {
  const neededMin = Math.ceil(policy.recheck.observedHours[task.class] * 60);
  if (observedMin >= neededMin) return { end: 'passed', neededMin };
  if (hopeless || task.prolongations >= policy.recheck.mostProlongations)
    return { end: 'by_people', neededMin };
  return {
    end: 'prolonged',
    neededMin,
    until: new Date(now.getTime() + policy.recheck.prolongMin * MINUTE_MS),
  };
}
