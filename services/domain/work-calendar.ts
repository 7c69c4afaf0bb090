/**
 * 工作日历: which time counts. A limit counts either calendar time (every minute) or working time (working days and hours,
 * with holidays, make-up working days 调休 and, for schools, terms). Pure.
 */
import { WEEKDAYS, type Weekday } from './hours.ts';
import { dateAfter, instantOf, localDate, weekdayOf } from './zone-time.ts';

export const COUNTINGS = ['calendar', 'working'] as const;
export type Counting = (typeof COUNTINGS)[number];

/** Days that are not as their weekday says: `off` holiday, `work` make-up working day (调休上班). */
export type DayType = 'off' | 'work';

/** First and last day, YYYY-MM-DD, both included. */
export interface Term {
  from: string;
  to: string;
}

/** All that counting needs, complete in itself: it is frozen onto the task. */
export interface WorkCalendar {
  timeZone: string;
  weekend: Weekday[];
  /** Local spans HH:MM of a working day; null: the whole day. */
  workingHours: [string, string][] | null;
  /** YYYY-MM-DD → what it is. */
  days: Record<string, DayType>;
  /** School terms, where they concern the merchant; null: they do not. */
  terms: Term[] | null;
}

/** Days between two terms at most: a longer break is a wrong year, and no time would count until it is over. */
export const LONGEST_BREAK_DAYS = 366;

/** Days that are searched for working time before giving up: a calendar without any is not let in, but must not hang us. */
const MOST_DAYS = 4000;

/**
 * Whether a date is a working day. Terms bind only as far as they are known: before the first and after the last one days
 * count, so that a calendar that nobody renewed does not stop all clocks.
 */
export function isWorkingDay(calendar: WorkCalendar, date: string): boolean {
  const { terms } = calendar;
  if (terms !== null && terms.length > 0) {
    const first = terms.reduce((a, b) => (a.from < b.from ? a : b)).from;
    const last = terms.reduce((a, b) => (a.to > b.to ? a : b)).to;
    const known = date >= first && date <= last;
    if (known && !terms.some(({ from, to }) => date >= from && date <= to)) return false;
  }
  const special = calendar.days[date];
  if (special !== undefined) return special === 'work';
  return !calendar.weekend.includes(WEEKDAYS[weekdayOf(date)] ?? 'mon');
}

const minuteOf = (text: string): number => {
  const [hours, minutes] = text.split(':');
  return Number(hours) * 60 + Number(minutes);
};

/** Working spans of a date as instants [from, to), in order. */
function spansOf(calendar: WorkCalendar, date: string): [number, number][] {
  if (!isWorkingDay(calendar, date)) return [];
  const spans: [number, number][] = calendar.workingHours?.map(([from, to]) => [
    minuteOf(from),
    minuteOf(to),
  ]) ?? [[0, 1440]];
  return spans.map(([from, to]) => [
    instantOf(date, from, calendar.timeZone),
    instantOf(date, to, calendar.timeZone),
  ]);
}

/** When `ms` milliseconds that count have passed since `from`. @throws RangeError when no time ever counts */
export function addCounted(calendar: WorkCalendar, counting: Counting, from: Date, ms: number): Date {
  if (counting === 'calendar' || ms <= 0) return new Date(from.getTime() + Math.max(0, ms));
  let left = ms;
  let date = localDate(from, calendar.timeZone);
  for (let i = 0; i < MOST_DAYS; i += 1) {
    for (const [start, end] of spansOf(calendar, date)) {
      const begin = Math.max(start, from.getTime());
      if (end <= begin) continue;
      if (left <= end - begin) return new Date(begin + left);
      left -= end - begin;
    }
    date = dateAfter(date, 1);
  }
  throw new RangeError('the calendar has no working time');
}

/** Milliseconds between two instants that count; 0 when `to` is not later. */
export function countedMs(calendar: WorkCalendar, counting: Counting, from: Date, to: Date): number {
  if (to <= from) return 0;
  if (counting === 'calendar') return to.getTime() - from.getTime();
  let sum = 0;
  const last = localDate(to, calendar.timeZone);
  for (let date = localDate(from, calendar.timeZone); date <= last; date = dateAfter(date, 1)) {
    for (const [start, end] of spansOf(calendar, date)) {
      sum += Math.max(0, Math.min(end, to.getTime()) - Math.max(start, from.getTime()));
    }
  }
  return sum;
}
