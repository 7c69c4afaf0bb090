/** Periods of statistics: spans of local dates, cut into days, weeks, months, quarters or years. Pure; dates are YYYY-MM-DD. */

export const STEPS = ['day', 'week', 'month', 'quarter', 'year'] as const;
export type Step = (typeof STEPS)[number];

/** Local dates, both included. */
export interface Period {
  from: string;
  to: string;
}

const DAY_MS = 86_400_000;
const PATTERN = /^\d{4}-\d\d-\d\d$/;

const at = (date: string): Date => new Date(`${date}T00:00:00Z`);
const text = (date: Date): string => date.toISOString().slice(0, 10);

// Dates as text sort as they follow each other.
const earlier = (a: string, b: string): string => (b < a ? b : a);
const later = (a: string, b: string): string => (b > a ? b : a);

/** A date that the calendar knows: 2026-02-30 is none. */
export function isDate(date: string): boolean {
  return PATTERN.test(date) && !Number.isNaN(at(date).getTime()) && text(at(date)) === date;
}

export function addDays(date: string, days: number): string {
  return text(new Date(at(date).getTime() + days * DAY_MS));
}

/** Days of a period, both ends included; 0 when it ends before it begins. */
export function daysOf({ from, to }: Period): number {
  return Math.max(0, Math.round((at(to).getTime() - at(from).getTime()) / DAY_MS) + 1);
}

/** First day of the step that holds the date. Weeks begin on Monday (ISO 8601), as in PostgreSQL's date_trunc. */
export function startOf(step: Step, date: string): string {
  const day = at(date);
  const year = day.getUTCFullYear();
  const month = day.getUTCMonth();
  switch (step) {
    case 'day':
      return date;
    case 'week':
      return addDays(date, -((day.getUTCDay() + 6) % 7));
    case 'month':
      return text(new Date(Date.UTC(year, month, 1)));
    case 'quarter':
      return text(new Date(Date.UTC(year, month - (month % 3), 1)));
    case 'year':
      return text(new Date(Date.UTC(year, 0, 1)));
  }
}

/** First day of the step after the one that holds the date. */
export function startOfNext(step: Step, date: string): string {
  const start = startOf(step, date);
  const day = at(start);
  const months = { month: 1, quarter: 3, year: 12 };
  switch (step) {
    case 'day':
      return addDays(start, 1);
    case 'week':
      return addDays(start, 7);
    case 'month':
    case 'quarter':
    case 'year':
      return text(new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + months[step], 1)));
  }
}

/** The steps that a period touches, in order, each clipped to it; `start` is the step's own first day. */
export function cut(period: Period, step: Step): (Period & { start: string })[] {
  const parts: (Period & { start: string })[] = [];
  for (let start = startOf(step, period.from); start <= period.to; start = startOfNext(step, start)) {
    const last = addDays(startOfNext(step, start), -1);
    parts.push({
      start,
      from: later(start, period.from),
      to: earlier(last, period.to),
    });
  }
  return parts;
}

/** Whole weeks or months of a period, and the days before and after them. Null where there are none. */
export function wholeSteps(period: Period, step: Step): { whole: Period | null; edges: Period[] } {
  const first = startOf(step, period.from) === period.from ? period.from : startOfNext(step, period.from);
  const after = startOf(step, addDays(period.to, 1));
  if (first >= after) return { whole: null, edges: [period] };
  const edges: Period[] = [];
  if (period.from < first) edges.push({ from: period.from, to: addDays(first, -1) });
  if (after <= period.to) edges.push({ from: after, to: period.to });
  return { whole: { from: first, to: addDays(after, -1) }, edges };
}

/** The period of the same length just before. */
export function before(period: Period): Period {
  return { from: addDays(period.from, -daysOf(period)), to: addDays(period.from, -1) };
}
