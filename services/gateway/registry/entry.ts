import type { CameraRecord } from '../../db/registry.ts';
import { maskOf } from '../../domain/gate.ts';
import { isOpen } from '../../domain/hours.ts';
import { nightOf, watchesAtNight } from '../../domain/night-watch.ts';
import { rulesOfPicture, type ScopedRule } from '../../domain/rules.ts';

/**
 * Longest interval in use, in seconds. Coverage is kept by the minute: with 60 s and a picture that comes a little late, a
 * minute could pass without a look.
 */
const LONGEST_INTERVAL_S = 55;

/** A camera with what is worked out from its row once. */
export interface CameraEntry {
  record: CameraRecord;
  /** Cells of the luma thumbnail that are left out: clocks drawn into the picture. */
  mask: Uint8Array;
  /** Seconds between due points. */
  intervalS: number;
  /** Whether looks are taken also while the merchant is closed. */
  aroundTheClock: boolean;
  /** Whether moving animals are looked for at that time: looks are bursts. */
  nightWatch: (at: Date) => boolean;
}

export function cameraEntry(record: CameraRecord, rules: readonly ScopedRule[]): CameraEntry {
  const held = rulesOfPicture(rules, record);
  return {
    record,
    mask: maskOf(record.timestampAreas),
    intervalS: Math.min(record.lookIntervalS, LONGEST_INTERVAL_S),
    aroundTheClock: held.length === 0 || held.some((rule) => rule.hours === 'always'),
    nightWatch: watchesAtNight(held) ? nightOf(record.openingHours, record.timeZone) : () => false,
  };
}

/** The merchant is closed. */
export function isOutOfHours(entry: CameraEntry, at: Date): boolean {
  return !isOpen(entry.record.openingHours, entry.record.timeZone, at);
}

/** Moving animals are looked for now: looks are bursts. */
export function isNightWatch(entry: CameraEntry, at: Date): boolean {
  return entry.nightWatch(at);
}

/**
 * Out of hours, and no rule holds around the clock: nobody looks, and nothing is missing. A camera that waits for its approval is shown
 * at any hour: who puts it up does so when the kitchen is closed.
 */
export function isClosed(entry: CameraEntry, at: Date): boolean {
  return !entry.record.awaitsApproval && !entry.aroundTheClock && isOutOfHours(entry, at);
}

/**
 * What the gate remembers of a picture. Of one that nobody looked at, since the camera is not approved, not that it was judged: the first
 * one after the approval is looked at, however still the kitchen.
 */
export function remembered<V extends string>(entry: CameraEntry, verdict: V): V | 'unchanged' {
  return entry.record.awaitsApproval && verdict === 'look' ? 'unchanged' : verdict;
}
