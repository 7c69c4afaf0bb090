/** Calendars as CSV: `date,type,name,to`; type `off`, `work` or `term`. `to` is the last day: of a term, or of several days. */
import { CsvError, parse } from 'csv-parse/sync';
import type { CalendarDay, CalendarTerm } from '../../db/schema-policy.ts';
import { dateAfter } from '../../domain/zone-time.ts';
import type { FieldError } from '../problem.ts';

const MOST_ERRORS = 50;
const LONGEST_DAYS = 60;
const DATE = /^\d{4}-\d\d-\d\d$/;

export interface CalendarRows {
  days: CalendarDay[];
  terms: CalendarTerm[];
}

/** Reads all rows, or says what is wrong with each: `row.3.date`. */
export function readCalendarCsv(text: string): CalendarRows | { errors: FieldError[] } {
  let rows: { record: Record<string, string>; info: { lines: number } }[];
  try {
    rows = parse(text, {
      bom: true,
      columns: (header: string[]) => header.map((name) => name.trim().toLowerCase()),
      skip_empty_lines: true,
      trim: true,
      info: true,
    }) as unknown as typeof rows;
  } catch (error) {
    if (error instanceof CsvError) return { errors: [{ field: 'body', message: error.message }] };
    throw error;
  }
  const found: CalendarRows = { days: [], terms: [] };
  const errors: FieldError[] = [];
  for (const { record, info } of rows) {
    const { date = '', type = '', name = '', to = '' } = record;
    const wrong = (field: string, message: string): void => {
      errors.push({ field: `row.${info.lines}.${field}`, message });
    };
    if (!isDate(date)) wrong('date', `${JSON.stringify(date)} is not right: a date like 2026-10-01`);
    else if (to !== '' && (!isDate(to) || to < date))
      wrong('to', `${JSON.stringify(to)} is not right: a date, not before ${date}`);
    else if (type === 'term') {
      if (to === '') wrong('to', 'a term needs its last day');
      else found.terms.push({ from: date, to, name });
    } else if (type === 'off' || type === 'work') {
      const last = to === '' ? date : to;
      if (last > dateAfter(date, LONGEST_DAYS))
        wrong('to', `is more than ${LONGEST_DAYS} days after ${date}`);
      else
        for (let day = date; day <= last; day = dateAfter(day, 1)) found.days.push({ date: day, type, name });
    } else wrong('type', `${JSON.stringify(type)} is not right: off, work or term`);
  }
  if (rows.length === 0) errors.push({ field: 'body', message: 'the file has no rows' });
  return errors.length > 0 ? { errors: errors.slice(0, MOST_ERRORS) } : found;
}

function isDate(text: string): boolean {
  const ms = DATE.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
}

/** What rows cannot be together: one day twice, terms that overlap or run backwards. */
export function calendarFaults({ days, terms }: CalendarRows): FieldError[] {
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  for (const [i, { date }] of days.entries()) {
    if (!isDate(date)) errors.push({ field: `days.${i}.date`, message: `${date} is no day of the calendar` });
    if (seen.has(date)) errors.push({ field: `days.${i}.date`, message: `${date} is there twice` });
    seen.add(date);
  }
  const inOrder = [...terms].sort((a, b) => (a.from < b.from ? -1 : 1));
  for (const [i, { from, to }] of inOrder.entries()) {
    if (to < from) errors.push({ field: 'terms', message: `${from} to ${to} runs backwards` });
    const next = inOrder[i + 1];
    if (next !== undefined && next.from <= to)
      errors.push({ field: 'terms', message: `${from} to ${to} and the term from ${next.from} overlap` });
  }
  return errors.slice(0, MOST_ERRORS);
}
