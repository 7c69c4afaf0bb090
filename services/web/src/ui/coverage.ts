import type { Coverage, CoverageKind } from '../api/camera-types.ts';

const KIND_OF: Record<string, CoverageKind> = {
  L: 'looked',
  U: 'unchanged',
  D: 'dropped',
  F: 'frozen',
  X: 'blind',
  O: 'offline',
  C: 'closed',
};
const MINUTE_MS = 60_000;

/** Neighbouring minutes of one kind: from minute `start` of the day, `length` minutes long. */
export interface Run {
  kind: CoverageKind;
  start: number;
  length: number;
}

/** Local midnight before `nowMs`. */
export function midnight(nowMs: number): number {
  return new Date(nowMs).setHours(0, 0, 0, 0);
}

/** What is accounted for, minute by minute from local midnight (`dayMs`) on. Hours of the API begin on the UTC hour. */
export function runsOf({ from, to, hours }: Coverage, dayMs: number): Run[] {
  const minuteOf = (at: string): number => Math.round((Date.parse(at) - dayMs) / MINUTE_MS);
  const start = Math.max(0, minuteOf(from));
  const letters: string[] = Array.from({ length: Math.max(0, minuteOf(to) - start) }, () => '.');
  for (const { hour, minutes } of hours) {
    for (const [minute, letter] of [...minutes].entries()) {
      const at = minuteOf(hour) + minute - start;
      if (at >= 0 && at < letters.length) letters[at] = letter;
    }
  }
  const runs: Run[] = [];
  for (const [at, letter] of letters.entries()) {
    const kind = KIND_OF[letter] ?? 'unaccounted';
    const last = runs.at(-1);
    if (last?.kind === kind) last.length += 1;
    else runs.push({ kind, start: start + at, length: 1 });
  }
  return runs;
}
