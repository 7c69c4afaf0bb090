import type { LedgerPeriod } from '../../api/ledger-types.ts';
import type { Language } from '../../i18n/i18n.ts';

export const isPeriod = (text: string | undefined): text is LedgerPeriod =>
  text === 'day' || text === 'week' || text === 'month';

/** A local date is no instant: formatted in UTC it stays what it is, wherever the phone is. */
function format(date: string, language: Language, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(language, { ...options, timeZone: 'UTC' }).format(
    new Date(`${date}T00:00:00Z`),
  );
}

export const monthName = (month: string, language: Language): string =>
  format(`${month}-01`, language, { year: 'numeric', month: 'long' });

/** What a record covers: one day, a week, a month. */
export function spanName(
  { period, start, end }: { period: LedgerPeriod; start: string; end: string },
  language: Language,
): string {
  const day = { month: 'short', day: 'numeric' } as const;
  if (period === 'month') return monthName(start.slice(0, 7), language);
  if (period === 'week') return `${format(start, language, day)} – ${format(end, language, day)}`;
  return format(start, language, { ...day, weekday: 'short' });
}

/** The month `by` months later. */
export function otherMonth(month: string, by: number): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number - 1 + by, 1)).toISOString().slice(0, 7);
}

/** Days between Monday and the date: 0 to 6. */
export const weekday = (date: string): number => (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7;

export const weekdayName = (date: string, language: Language): string =>
  format(date, language, { weekday: 'narrow' });
