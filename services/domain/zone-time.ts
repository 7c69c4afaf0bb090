/** Local time ↔ instants in an IANA time zone, also where clocks are moved (daylight saving). Pure. */
import { localTime } from './hours.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Offsets change at quarters of an hour; one entry each, forgotten together when there are many. */
const QUARTER_MS = 15 * MINUTE_MS;
const MOST_OFFSETS = 20_000;
const offsets = new Map<string, number>();

/** Milliseconds that local clocks are ahead of UTC at an instant. @throws RangeError for an unknown zone */
export function offsetMs(atMs: number, timeZone: string): number {
  const quarter = Math.floor(atMs / QUARTER_MS) * QUARTER_MS;
  const key = `${timeZone}|${quarter}`;
  let offset = offsets.get(key);
  if (offset === undefined) {
    const { date, minute } = localTime(new Date(quarter), timeZone);
    offset =
      Date.parse(`${date}T00:00:00Z`) + minute * MINUTE_MS - Math.floor(quarter / MINUTE_MS) * MINUTE_MS;
    if (offsets.size >= MOST_OFFSETS) offsets.clear();
    offsets.set(key, offset);
  }
  return offset;
}

/**
 * The instant of a local time. One that comes twice (clocks put back) is its first; one that never comes (clocks put forward)
 * is the moment of the change, so that later local times are never earlier instants.
 * @param date YYYY-MM-DD @param minute of the day; 1440 is the next midnight
 */
export function instantOf(date: string, minute: number, timeZone: string): number {
  const local = Date.parse(`${date}T00:00:00Z`) + minute * MINUTE_MS;
  const before = local - offsetMs(local - DAY_MS, timeZone);
  const after = local - offsetMs(local + DAY_MS, timeZone);
  if (before === after || offsetMs(before, timeZone) === local - before) return before;
  if (offsetMs(after, timeZone) === local - after) return after;
  // In the gap: the change lies between the two.
  let [low, high] = after < before ? [after, before] : [before, after];
  const old = offsetMs(low, timeZone);
  while (high - low > MINUTE_MS) {
    const middle = Math.floor((low + high) / 2 / MINUTE_MS) * MINUTE_MS;
    if (offsetMs(middle, timeZone) === old) low = middle;
    else high = middle;
  }
  return high;
}

/** Date YYYY-MM-DD of an instant. */
export function localDate(at: Date, timeZone: string): string {
  return localTime(at, timeZone).date;
}

/** The date `days` later. */
export function dateAfter(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** 0 = Monday. */
export function weekdayOf(date: string): number {
  return (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7;
}
