/** Months, quarters and years of the calendar. Pure; dates are YYYY-MM-DD and local to the bureau. */

export const SPANS = ['month', 'quarter', 'year'] as const;
export type Span = (typeof SPANS)[number];

const MONTHS: Record<Span, number> = { month: 1, quarter: 3, year: 12 };
const DAY_MS = 86_400_000;

const text = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
const parts = (date: string): { year: number; month: number } => ({
  year: Number(date.slice(0, 4)),
  month: Number(date.slice(5, 7)) - 1,
});

/** @param timeZone in which the account's days begin, as the session says */
export function today(now: number, timeZone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone }).format(now);
}

export function startOf(span: Span, date: string): string {
  const { year, month } = parts(date);
  return text(Date.UTC(year, month - (month % MONTHS[span]), 1));
}

/** First day of the span `by` spans later (or earlier, negative). */
export function moved(span: Span, start: string, by: number): string {
  const { year, month } = parts(start);
  return text(Date.UTC(year, month + by * MONTHS[span], 1));
}

export function endOf(span: Span, start: string): string {
  return addDays(moved(span, start, 1), -1);
}

export function addDays(date: string, days: number): string {
  return text(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS);
}

/** First days of the quarters that a period touches. */
export function quartersOf(from: string, to: string): string[] {
  const starts: string[] = [];
  for (let start = startOf('quarter', from); start <= to; start = moved('quarter', start, 1))
    starts.push(start);
  return starts;
}

/** Figures of a start for its name: `2026`, `10`, `4`. */
export function numbersOf(start: string): { year: number; month: number; quarter: number } {
  const { year, month } = parts(start);
  return { year, month: month + 1, quarter: Math.floor(month / 3) + 1 };
}

export const isDate = (value: string | null): value is string =>
  value !== null && /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(`${value}T00:00:00Z`));
