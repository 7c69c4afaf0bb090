/** The figures by which regions are compared: in the ranking and on the map. Pure. */
import type { Figures, Measure } from './types.ts';

interface Common {
  /** The order in which the bad ones come first. */
  worst: 'asc' | 'desc';
  of: (figures: Figures) => number | null;
}
export type Figure = Common &
  (
    | { sort: 'confirmed' | 'overdue'; kind: 'count' }
    | { sort: 'medianHoursToClose'; kind: 'hours' }
    | {
        sort: 'rectification' | 'onTime' | 'recurrence' | 'observed' | 'online';
        kind: 'rate';
        /** What is asked of a county, and what is as bad as can be shown. */
        good: number;
        bad: number;
        /** The counts that it is made of; null: hours of cameras. */
        made: readonly [part: Measure, of: Measure] | null;
      }
  );
export type FigureName = Figure['sort'];

export const FIGURES: readonly Figure[] = [
  { sort: 'confirmed', worst: 'desc', kind: 'count', of: ({ counts }) => counts.confirmed },
  { sort: 'overdue', worst: 'desc', kind: 'count', of: ({ counts }) => counts.overdue },
  {
    sort: 'rectification',
    worst: 'asc',
    kind: 'rate',
    good: 1,
    bad: 0.6,
    made: ['rectified', 'due'],
    of: ({ rates }) => rates.rectification,
  },
  {
    sort: 'onTime',
    worst: 'asc',
    kind: 'rate',
    good: 0.95,
    bad: 0.5,
    made: ['onTime', 'due'],
    of: ({ rates }) => rates.onTime,
  },
  {
    sort: 'recurrence',
    worst: 'desc',
    kind: 'rate',
    good: 0,
    bad: 0.3,
    made: ['recurred', 'watched'],
    of: ({ rates }) => rates.recurrence,
  },
  {
    sort: 'medianHoursToClose',
    worst: 'desc',
    kind: 'hours',
    of: ({ medianHoursToClose }) => medianHoursToClose,
  },
  {
    sort: 'observed',
    worst: 'asc',
    kind: 'rate',
    good: 0.95,
    bad: 0.6,
    made: null,
    of: ({ coverage }) => coverage.observed,
  },
  {
    sort: 'online',
    worst: 'asc',
    kind: 'rate',
    good: 0.98,
    bad: 0.7,
    made: null,
    of: ({ coverage }) => coverage.online,
  },
];

export const figureOf = (sort: string): Figure =>
  FIGURES.find((one) => one.sort === sort) ?? (FIGURES[1] as Figure);

/** How bad a rate is, 0 to 1: by how far it lies from what is asked of a county, not from its neighbours. */
export function heat(rate: number | null, good: number, bad: number): number {
  return rate === null ? 0 : Math.min(1, Math.max(0, (good - rate) / (good - bad)));
}

/** 0: as asked, or nothing; 4: worst. */
export type Level = 0 | 1 | 2 | 3 | 4;
export const LEVELS: readonly Level[] = [0, 1, 2, 3, 4];

/** One step of the legend: values from `from` to `to`, both included where they are whole numbers. */
export interface Band {
  level: Level;
  from: number;
  to: number;
}

/**
 * Rates are cut by how far they lie from what is asked, so that a colour means the same in every county; counts and hours, for which
 * nothing is asked, by quarters of the largest one.
 */
export function bandsOf(figure: Figure, values: readonly (number | null)[]): Band[] {
  if (figure.kind === 'rate') {
    const { good, bad } = figure;
    const at = (part: number): number => good + (bad - good) * part;
    const end = bad > good ? 1 : 0;
    return LEVELS.map((level) => ({
      level,
      from: level === 0 ? good : at((level - 1) / 4),
      to: level === 0 ? 1 - end : level === 4 ? end : at(level / 4),
    }));
  }
  const most = Math.ceil(Math.max(0, ...values.map((value) => value ?? 0)));
  const ends = [...new Set([1, 2, 3, 4].map((part) => Math.ceil((most * part) / 4)))].filter(
    (end) => end > 0,
  );
  const bands: Band[] = figure.kind === 'hours' ? [] : [{ level: 0, from: 0, to: 0 }];
  for (const [i, to] of ends.entries()) {
    // Few steps are the strongest ones: the worst always looks worst.
    bands.push({ level: (5 - ends.length + i) as Level, from: (ends[i - 1] ?? 0) + 1, to });
  }
  return bands;
}

export function levelOf(figure: Figure, bands: readonly Band[], value: number | null): Level | null {
  if (value === null) return null;
  if (figure.kind === 'rate') return Math.ceil(heat(value, figure.good, figure.bad) * 4 - 1e-9) as Level;
  return bands.find(({ to }) => value <= to)?.level ?? 4;
}
