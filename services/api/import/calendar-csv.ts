/** Calendars as CSV: `date,type,name,to`; type `off`, `work` or `term`. `to` is the last day: of a term, or of several days. */

import { CsvError, parse } from 'csv-parse/sync';
import type { CalendarDay, CalendarTerm } from '../../db/schema-policy.ts';
import { type Said, said } from '../../domain/said.ts';
import { lostSignLine } from '../../domain/text-bytes.ts';
import { LONGEST_BREAK_DAYS } from '../../domain/work-calendar.ts';
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
  const lost = lostSignLine(text);
  if (lost !== undefined) return { errors: [{ field: `row.${lost}`, ...said('file_signs_lost') }] };
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
    if (error instanceof CsvError)
      return { errors: [{ field: 'body', ...said('csv_unreadable', { why: error.message }) }] };
    throw error;
  }
  const found: CalendarRows = { days: [], terms: [] };
  const errors: FieldError[] = [];
  for (const { record, info } of rows) {
    const { date = '', type = '', name = '', to = '' } = record;
    const wrong = (field: string, why: Said): void => {
      errors.push({ field: `row.${info.lines}.${field}`, ...why });
    };
    if (!isDate(date)) wrong('date', said('date_like', { value: JSON.stringify(date) }));
    else if (to !== '' && (!isDate(to) || to < date))
      wrong('to', said('date_not_before', { value: JSON.stringify(to), date }));
    else if (type === 'term') {
      if (to === '') wrong('to', said('term_needs_end'));
      else found.terms.push({ from: date, to, name });
    } else if (type === 'off' || type === 'work') {
      const last = to === '' ? date : to;
      if (last > dateAfter(date, LONGEST_DAYS)) wrong('to', said('days_after', { days: LONGEST_DAYS, date }));
      else
        for (let day = date; day <= last; day = dateAfter(day, 1)) found.days.push({ date: day, type, name });
    } else wrong('type', said('day_type', { value: JSON.stringify(type) }));
  }
  if (rows.length === 0) errors.push({ field: 'body', ...said('file_has_no_rows') });
  return errors.length > 0 ? { errors: errors.slice(0, MOST_ERRORS) } : found;
}

function isDate(text: string): boolean {
  const ms = DATE.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
}

/** What rows cannot be together: one day twice, terms that overlap, run backwards, or leave more than a year without any. */
export function calendarFaults({ days, terms }: CalendarRows): FieldError[] {
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  for (const [i, { date }] of days.entries()) {
    if (!isDate(date)) errors.push({ field: `days.${i}.date`, ...said('no_such_day', { date }) });
    if (seen.has(date)) errors.push({ field: `days.${i}.date`, ...said('date_twice', { date }) });
    seen.add(date);
  }
  const inOrder = terms.map((term, index) => ({ ...term, index })).sort((a, b) => (a.from < b.from ? -1 : 1));
  for (const [i, { from, to }] of inOrder.entries()) {
    if (to < from) errors.push({ field: 'terms', ...said('runs_backwards', { from, to }) });
    const next = inOrder[i + 1];
    if (next === undefined) continue;
    if (next.from <= to)
      errors.push({ field: 'terms', ...said('overlaps_term', { from, to, next: next.from }) });
    if (next.from > dateAfter(to, LONGEST_BREAK_DAYS)) {
      const values = { from: next.from, days: LONGEST_BREAK_DAYS, to };
      errors.push({ field: `terms.${next.index}.from`, ...said('term_long_after', values) });
    }
  }
  return errors.slice(0, MOST_ERRORS);
}
