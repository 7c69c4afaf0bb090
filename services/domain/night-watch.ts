import { isOpen, localTime, type OpeningHours, WEEKDAYS } from './hours.ts';
import type { ScopedRule } from './rules.ts';
import type { ViolationKind } from './words.ts';

/** Kinds that only motion shows: one frame says nothing, a burst does. */
const MOTION_KINDS: readonly ViolationKind[] = ['rodent'];

export const isMotionKind = (kind: ViolationKind): boolean => MOTION_KINDS.includes(kind);

/** Frames of a look in which motion can be told at all (a background, and two places of what moves). */
export const LEAST_MOTION_FRAMES = 3;

/**
 * Bounds of the night watch, in seconds. A burst costs decoding some seconds of video: a camera gets one at most so often, and
 * one now and then although the gate saw no change, since its cells are larger than a mouse.
 */
export const NIGHT_BURST_EVERY_S = { changed: 55, unchanged: 120 } as const;

/** Whether one of the rules in force looks for moving animals around the clock. */
export function watchesAtNight(rules: readonly ScopedRule[]): boolean {
  return rules.some((rule) => rule.hours === 'always' && isMotionKind(rule.kind));
}

/** The night of a kitchen that never closes, minutes of the local day: 22:00 to 06:00. */
const NIGHT_MIN = { from: 22 * 60, to: 6 * 60 } as const;

/**
 * When a kitchen is watched for moving animals: while it is closed. One that never closes has a night from 22:00 to 06:00: hours that
 * nobody wrote down (null, as most imports leave them) mean no more than that nobody knows them, and nearly every kitchen is empty
 * for some of that time; a shift that works on costs its bursts and nothing else, since what moves at people is no animal. Without
 * it a rodent rule would stand enabled there and nobody would look.
 */
export function nightOf(hours: OpeningHours | null, timeZone: string): (at: Date) => boolean {
  if (hours !== null && everCloses(hours)) return (at) => !isOpen(hours, timeZone, at);
  return (at) => {
    const { minute } = localTime(at, timeZone);
    return minute >= NIGHT_MIN.from || minute < NIGHT_MIN.to;
  };
}

const DAY_MIN = 1_440;

function everCloses(hours: OpeningHours): boolean {
  const open = new Uint8Array(WEEKDAYS.length * DAY_MIN);
  const minuteOf = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
  for (const [day, name] of WEEKDAYS.entries()) {
    for (const [from, to] of hours[name] ?? []) {
      const start = minuteOf(from);
      const end = minuteOf(to) <= start ? minuteOf(to) + DAY_MIN : minuteOf(to);
      for (let minute = start; minute < end; minute += 1) open[(day * DAY_MIN + minute) % open.length] = 1;
    }
  }
  return open.includes(0);
}

/**
 * Whether a due point of the night gets a burst. `sinceS`: seconds since the camera's last one, undefined before the first.
 */
export function nightBurstDue(changed: boolean, sinceS: number | undefined): boolean {
  if (sinceS === undefined) return true;
  return sinceS >= (changed ? NIGHT_BURST_EVERY_S.changed : NIGHT_BURST_EVERY_S.unchanged);
}
