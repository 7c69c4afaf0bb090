/** Which time counts: weekends, holidays, make-up days, terms, hours; in zones with and without daylight saving. */
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { calendarFaults, readCalendarCsv } from '../../services/api/import/calendar-csv.ts';
import {
  addCounted,
  countedMs,
  isWorkingDay,
  type WorkCalendar,
} from '../../services/domain/work-calendar.ts';
import { instantOf } from '../../services/domain/zone-time.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const plain: WorkCalendar = {
  timeZone: 'Asia/Shanghai',
  weekend: ['sat', 'sun'],
  workingHours: null,
  days: {},
  terms: null,
};
const china = async (): Promise<WorkCalendar> => {
  const rows = readCalendarCsv(
    await readFile(new URL('../../docs/examples/calendar-cn-2026.csv', import.meta.url), 'utf8'),
  );
  if ('errors' in rows) throw new Error(JSON.stringify(rows.errors));
  expect(calendarFaults(rows)).toEqual([]);
  return { ...plain, days: Object.fromEntries(rows.days.map(({ date, type }) => [date, type])) };
};
const bureau: [string, string][] = [
  ['08:30', '12:00'],
  ['14:00', '17:30'],
];
/** Local time in China, as an instant. */
const at = (text: string) => new Date(`${text}+08:00`);

describe('working time', () => {
  test('calendar time counts every minute', () => {
    expect(addCounted(plain, 'calendar', at('2026-10-02T23:00'), 3 * HOUR)).toEqual(at('2026-10-03T02:00'));
  });

  test('goes round the weekend, the holidays and takes the make-up days', async () => {
    const calendar = await china();
    // Friday evening: the first counted minute is Monday's.
    expect(addCounted(calendar, 'working', at('2026-11-06T18:00'), 8 * HOUR)).toEqual(at('2026-11-09T02:00'));
    // National Day: 1 to 7 October are off, the 8th and 9th are Thursday and Friday, Saturday the 10th is worked.
    expect(addCounted(calendar, 'working', at('2026-09-30T12:00'), 3 * DAY)).toEqual(at('2026-10-10T12:00'));
    expect(isWorkingDay(calendar, '2026-10-10')).toBe(true);
    expect(isWorkingDay(calendar, '2026-10-11')).toBe(false);
    expect(isWorkingDay(calendar, '2026-02-14')).toBe(true);
    expect(isWorkingDay(calendar, '2026-02-17')).toBe(false);
  });

  test('keeps to office hours', () => {
    const calendar = { ...plain, workingHours: bureau };
    expect(addCounted(calendar, 'working', at('2026-11-06T16:30'), 4 * HOUR)).toEqual(at('2026-11-09T11:30'));
    expect(addCounted(calendar, 'working', at('2026-11-06T12:30'), HOUR)).toEqual(at('2026-11-06T15:00'));
    expect(countedMs(calendar, 'working', at('2026-11-06T16:30'), at('2026-11-09T11:30'))).toBe(4 * HOUR);
  });

  test('stands outside of school terms, but only as far as the terms are known', () => {
    const calendar = {
      ...plain,
      terms: [
        { from: '2026-03-01', to: '2026-07-03' },
        { from: '2026-09-01', to: '2027-01-22' },
      ],
    };
    expect(addCounted(calendar, 'working', at('2026-07-03T12:00'), DAY)).toEqual(at('2026-09-01T12:00'));
    expect(addCounted(calendar, 'working', at('2027-01-22T12:00'), DAY)).toEqual(at('2027-01-25T12:00'));
  });

  test('adding and counting are each other’s inverse, wherever they begin', async () => {
    for (const calendar of [await china(), { ...(await china()), workingHours: bureau }]) {
      for (let i = 0; i < 400; i += 1) {
        const from = new Date(at('2026-01-01T00:00').getTime() + Math.round(i * 21.7 * HOUR));
        const ms = Math.round((1 + (i % 40)) * 1.7 * HOUR);
        const to = addCounted(calendar, 'working', from, ms);
        expect(countedMs(calendar, 'working', from, to)).toBe(ms);
      }
    }
  });
});

describe('daylight saving', () => {
  const berlin: WorkCalendar = { ...plain, timeZone: 'Europe/Berlin', weekend: [] };
  test('a day of 23 and one of 25 hours count as long as they are', () => {
    // Clocks go forward on 29 March 2026 at 02:00 and back on 25 October at 03:00.
    const spring = new Date(instantOf('2026-03-29', 0, 'Europe/Berlin'));
    expect(new Date(instantOf('2026-03-30', 0, 'Europe/Berlin')).getTime() - spring.getTime()).toBe(
      23 * HOUR,
    );
    const autumn = new Date(instantOf('2026-10-25', 0, 'Europe/Berlin'));
    expect(new Date(instantOf('2026-10-26', 0, 'Europe/Berlin')).getTime() - autumn.getTime()).toBe(
      25 * HOUR,
    );
    expect(countedMs(berlin, 'working', spring, new Date(spring.getTime() + 23 * HOUR))).toBe(23 * HOUR);
    expect(addCounted(berlin, 'working', autumn, 25 * HOUR)).toEqual(new Date(autumn.getTime() + 25 * HOUR));
  });

  test('a span in the hour that is left out is empty, in the hour that comes twice whole', () => {
    const night = { ...berlin, workingHours: [['02:00', '03:00']] as [string, string][] };
    const day = (date: string) => [
      new Date(instantOf(date, 0, 'Europe/Berlin')),
      new Date(instantOf(date, 1440, 'Europe/Berlin')),
    ];
    const counted = (date: string): number => {
      const [from = new Date(0), to = new Date(0)] = day(date);
      return countedMs(night, 'working', from, to) / HOUR;
    };
    expect([counted('2026-03-28'), counted('2026-03-29'), counted('2026-10-25')]).toEqual([1, 0, 2]);
  });

  test('local times never run backwards', () => {
    let before = 0;
    for (const date of ['2026-03-29', '2026-10-25']) {
      for (let minute = 0; minute <= 1440; minute += 5) {
        const instant = instantOf(date, minute, 'Europe/Berlin');
        expect(instant).toBeGreaterThanOrEqual(before);
        before = instant;
      }
    }
  });
});

describe('terms', () => {
  const faultsOf = (...terms: [string, string][]) =>
    calendarFaults({ days: [], terms: terms.map(([from, to]) => ({ from, to, name: '' })) });

  test('with more than a year between them are a wrong year: no time would count until then', () => {
    // Not in order, as somebody may send them.
    expect(faultsOf(['2062-09-01', '2063-01-22'], ['2026-03-01', '2026-07-03'])).toMatchObject([
      {
        field: 'terms.0.from',
        message: '2062-09-01 is more than 366 days after the term before, which ends on 2026-07-03',
      },
    ]);
    expect(faultsOf(['2026-03-01', '2026-07-03'], ['2027-07-04', '2027-07-05'])).toEqual([]);
    expect(faultsOf(['2026-03-01', '2026-07-03'], ['2027-07-05', '2027-07-05'])).toHaveLength(1);
  });

  test('that overlap or run backwards are told as before', () => {
    expect(
      faultsOf(['2026-03-01', '2026-07-03'], ['2026-07-03', '2026-08-01'], ['2026-09-02', '2026-09-01']),
    ).toMatchObject([
      { field: 'terms', message: '2026-03-01 to 2026-07-03 and the term from 2026-07-03 overlap' },
      { field: 'terms', message: '2026-09-02 to 2026-09-01 runs backwards' },
    ]);
  });
});

describe('a calendar as CSV', () => {
  test('says what is wrong with which row', () => {
    const text =
      'date,type,name,to\n2026-02-30,off,x,\n2026-01-01,holiday,x,\n2026-09-01,term,x,\n2026-01-05,off,x,2026-01-04\n';
    expect(readCalendarCsv(text)).toMatchObject({
      errors: [
        { field: 'row.2.date', message: '"2026-02-30" is not right: a date like 2026-10-01' },
        { field: 'row.3.type', message: '"holiday" is not right: off, work or term' },
        { field: 'row.4.to', message: 'a term needs its last day' },
        { field: 'row.5.to', message: '"2026-01-04" is not right: a date, not before 2026-01-05' },
      ],
    });
  });
});
