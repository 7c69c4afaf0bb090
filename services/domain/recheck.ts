/** 回头看: what counts as observed, and what follows when a recheck falls due. Pure. */
import { hourAndMinute } from './coverage.ts';
import { isOpen, type OpeningHours } from './hours.ts';
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
 * Minutes truly observed in [from, to).
 * @param hours of the rule: `opening` counts only minutes in which the merchant was open
 */
export function observedMinutes(
  coverage: readonly CoverageHour[],
  span: { from: Date; to: Date },
  rule: { hours: 'opening' | 'always'; openingHours: OpeningHours | null; timeZone: string },
): number {
  let sum = 0;
  for (const { hour, minutes } of coverage) {
    for (let i = 0; i < minutes.length; i += 1) {
      if (!SEEN.includes(minutes.charAt(i))) continue;
      const at = new Date(hour.getTime() + i * MINUTE_MS);
      if (at < floorMinute(span.from) || at >= span.to) continue;
      if (rule.hours === 'opening' && !isOpen(rule.openingHours, rule.timeZone, at)) continue;
      sum += 1;
    }
  }
  return sum;
}

function floorMinute(at: Date): Date {
  const { hour, minute } = hourAndMinute(at);
  return new Date(hour.getTime() + minute * MINUTE_MS);
}

export type RecheckEnd =
  | { end: 'passed'; neededMin: number }
  | { end: 'prolonged'; neededMin: number; until: Date }
  /** Prolonged as often as the policy allows: people look. */
  | { end: 'by_people'; neededMin: number };

/** A recheck without a new finding falls due: passed, or not yet, because nobody looked enough. */
export function endRecheck(
  policy: Policy,
  task: { class: TaskClass; prolongations: number },
  observedMin: number,
  now: Date,
): RecheckEnd {
  const neededMin = Math.ceil(policy.recheck.observedHours[task.class] * 60);
  if (observedMin >= neededMin) return { end: 'passed', neededMin };
  if (task.prolongations >= policy.recheck.mostProlongations) return { end: 'by_people', neededMin };
  return {
    end: 'prolonged',
    neededMin,
    until: new Date(now.getTime() + policy.recheck.prolongMin * MINUTE_MS),
  };
}
