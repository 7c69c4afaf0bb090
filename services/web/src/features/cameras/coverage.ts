import type { CoverageHour } from '../../api/types.ts';

/** Kinds of a camera-minute with their letter, in the order of the legend. */
export const COVERAGE_KINDS = [
  ['looked', 'L'],
  ['unchanged', 'U'],
  ['dropped', 'D'],
  ['frozen', 'F'],
  ['offline', 'O'],
  ['closed', 'C'],
  ['unaccounted', '.'],
] as const;
export type CoverageKind = (typeof COVERAGE_KINDS)[number][0];

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1440;

/** Neighbouring minutes of one kind: from minute `start` of the day, `length` minutes long. */
export interface Run {
  kind: CoverageKind;
  start: number;
  length: number;
}

export interface Day {
  runs: Run[];
  minutes: Record<CoverageKind, number>;
  /** Minutes of the day that have passed. */
  elapsed: number;
}

const kindOf = (letter: string): CoverageKind =>
  COVERAGE_KINDS.find(([, known]) => known === letter)?.[0] ?? 'unaccounted';

/** Local midnight before `nowMs`. */
export function midnight(nowMs: number): number {
  return new Date(nowMs).setHours(0, 0, 0, 0);
}

/** The day from local midnight until now, minute by minute; hours of the API begin on the UTC hour. */
export function dayOf(hours: readonly CoverageHour[], nowMs: number): Day {
  const startMs = midnight(nowMs);
  const elapsed = Math.min(DAY_MINUTES, Math.floor((nowMs - startMs) / MINUTE_MS));
  const letters: string[] = Array.from({ length: elapsed }, () => '.');
  for (const { hour, minutes } of hours) {
    const offset = Math.round((Date.parse(hour) - startMs) / MINUTE_MS);
    [...minutes].forEach((letter, minute) => {
      const at = offset + minute;
      if (at >= 0 && at < elapsed) letters[at] = letter;
    });
  }
  const runs: Run[] = [];
  const count = Object.fromEntries(COVERAGE_KINDS.map(([kind]) => [kind, 0])) as Record<CoverageKind, number>;
  letters.forEach((letter, at) => {
    const kind = kindOf(letter);
    count[kind] += 1;
    const last = runs.at(-1);
    if (last?.kind === kind) last.length += 1;
    else runs.push({ kind, start: at, length: 1 });
  });
  return { runs, minutes: count, elapsed };
}
