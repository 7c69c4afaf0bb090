/**
 * 有效观察时长: every camera-minute is accounted for by one letter. When several things happened in a minute the one
 * further down this list is kept: a minute with one judged look was looked at, whatever else went wrong in it. Only `blind`
 * is stronger than a look: a look at a black, covered, blurred or moved picture is no observation, so such a minute must not
 * count as one, also when the fault is known only later (the minutes since it began are marked again).
 */
export const COVERAGE_CODES = {
  unaccounted: '.',
  closed: 'C',
  offline: 'O',
  frozen: 'F',
  dropped: 'D',
  unchanged: 'U',
  looked: 'L',
  blind: 'X',
} as const;
export type CoverageKind = keyof typeof COVERAGE_CODES;
export type CoverageCode = (typeof COVERAGE_CODES)[CoverageKind];

/** From weakest to strongest; the SQL function coverage_stronger() holds the same order and a test compares them. */
export const COVERAGE_ORDER = '.COFDULX';

export function stronger(a: string, b: string): string {
  return COVERAGE_ORDER.indexOf(a) >= COVERAGE_ORDER.indexOf(b) ? a : b;
}

/** Start of the hour that holds `at`, and the minute 0..59 within it (UTC). */
export function hourAndMinute(at: Date): { hour: Date; minute: number } {
  const hour = new Date(Math.floor(at.getTime() / 3_600_000) * 3_600_000);
  return { hour, minute: Math.floor((at.getTime() - hour.getTime()) / 60_000) };
}

/** Minutes of each kind in an hour's 60 letters. */
export function tally(minutes: string): Record<CoverageKind, number> {
  const count: Record<CoverageKind, number> = {
    unaccounted: 0,
    closed: 0,
    offline: 0,
    frozen: 0,
    dropped: 0,
    unchanged: 0,
    looked: 0,
    blind: 0,
  };
  for (const letter of minutes) {
    for (const kind of Object.keys(COVERAGE_CODES) as CoverageKind[]) {
      if (COVERAGE_CODES[kind] === letter) count[kind] += 1;
    }
  }
  return count;
}
