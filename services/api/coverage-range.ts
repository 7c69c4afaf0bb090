/** Letters of a camera's hours, cut to a span of time. */
import { COVERAGE_CODES, type CoverageKind, tally } from '../domain/coverage.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

export interface HourOfLetters {
  hour: Date;
  /** 60 letters. */
  minutes: string;
}

/**
 * Minutes of each kind in [from, to), both whole minutes. Minutes without a row are unaccounted for.
 * @param hours rows in any order, at most one an hour
 */
export function minutesWithin(
  hours: readonly HourOfLetters[],
  from: Date,
  to: Date,
): Record<CoverageKind, number> {
  const total = tally('');
  let said = 0;
  for (const { hour, minutes } of hours) {
    const first = clamp((from.getTime() - hour.getTime()) / MINUTE_MS);
    const last = clamp((to.getTime() - hour.getTime()) / MINUTE_MS);
    const part = tally(minutes.slice(first, Math.max(first, last)));
    for (const kind of Object.keys(COVERAGE_CODES) as CoverageKind[]) {
      total[kind] += part[kind];
      said += part[kind];
    }
  }
  const all = Math.max(0, Math.round((to.getTime() - from.getTime()) / MINUTE_MS));
  total.unaccounted += Math.max(0, all - said);
  return total;
}

/** When the first minute was accounted for; undefined when none was. @param hours in order */
export function firstMinute(hours: readonly HourOfLetters[]): Date | undefined {
  for (const { hour, minutes } of hours) {
    const index = minutes.search(/[^.]/);
    if (index >= 0) return new Date(hour.getTime() + index * MINUTE_MS);
  }
  return undefined;
}

function clamp(minute: number): number {
  return Math.min(60, Math.max(0, Math.floor(minute)));
}

export function floorToHour(at: Date): Date {
  return new Date(Math.floor(at.getTime() / HOUR_MS) * HOUR_MS);
}

export function floorToMinute(at: Date): Date {
  return new Date(Math.floor(at.getTime() / MINUTE_MS) * MINUTE_MS);
}
