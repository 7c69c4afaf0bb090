import type { ScopedRule } from './rules.ts';
import type { ViolationKind } from './words.ts';

/** Kinds that only motion shows: one frame says nothing, a burst does. */
const MOTION_KINDS: readonly ViolationKind[] = ['rodent'];

/**
 * Bounds of the night watch, in seconds. A burst costs decoding some seconds of video: a camera gets one at most so often, and
 * one now and then although the gate saw no change, since its cells are larger than a mouse.
 */
export const NIGHT_BURST_EVERY_S = { changed: 55, unchanged: 120 } as const;

/** Whether one of the rules in force looks for moving animals around the clock. */
export function watchesAtNight(rules: readonly ScopedRule[]): boolean {
  return rules.some((rule) => rule.hours === 'always' && MOTION_KINDS.includes(rule.kind));
}

/**
 * Whether a due point of the night gets a burst. `sinceS`: seconds since the camera's last one, undefined before the first.
 */
export function nightBurstDue(changed: boolean, sinceS: number | undefined): boolean {
  if (sinceS === undefined) return true;
  return sinceS >= (changed ? NIGHT_BURST_EVERY_S.changed : NIGHT_BURST_EVERY_S.unchanged);
}
