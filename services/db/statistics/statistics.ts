import {
  type Counts,
  NO_COUNTS,
  NO_MINUTES,
  type Observation,
  observationOf,
  type Rates,
  ratesOf,
} from '../../domain/statistics.ts';
import type { Database } from '../database.ts';
import { type CountRow, countFacts } from './counts.ts';
import { type CoverageRow, sumCoverage, totalCoverage } from './coverage.ts';
import { type StatisticsQuery, WITHOUT_CAMERAS } from './query.ts';

/** Counts, the rates made of them, and how long was looked. */
export interface Figures {
  counts: Counts;
  rates: Rates;
  medianHoursToClose: number | null;
  coverage: Observation;
}

/** The figures of one key, and of each step in which something was counted or observed. */
export interface GroupFigures extends Figures {
  key: string;
  series: (Figures & { start: string })[];
}

export interface Statistics {
  totals: GroupFigures;
  items: GroupFigures[];
}

/** All that is asked, in one go; no figure comes without what was observed. */
export async function loadStatistics(db: Database, query: StatisticsQuery): Promise<Statistics> {
  const grouped = query.groupBy !== 'none';
  const ownCoverage = !WITHOUT_CAMERAS.includes(query.groupBy);
  const [counts, modelTotals, coverage] = await Promise.all([
    countFacts(db, query),
    query.groupBy === 'model' ? countFacts(db, { ...query, groupBy: 'none' }) : [],
    sumCoverage(db, query),
  ]);
  const totalCounts = [...counts, ...modelTotals].filter(({ key }) => key === null);
  const allCoverage = totalCoverage(coverage);
  const totals = figuresOf('', totalCounts, allCoverage);
  if (!grouped) return { totals, items: [] };
  const countsOf = Map.groupBy(counts, ({ key }) => key);
  const coverageOf = Map.groupBy(coverage, ({ key }) => key);
  const keys = new Set([...countsOf.keys(), ...(ownCoverage ? coverageOf.keys() : [])]);
  const items = [...keys]
    .filter((key) => key !== null)
    .map((key) =>
      figuresOf(key, countsOf.get(key) ?? [], ownCoverage ? (coverageOf.get(key) ?? []) : allCoverage),
    );
  return { totals, items };
}

function figuresOf(key: string, counts: readonly CountRow[], coverage: readonly CoverageRow[]): GroupFigures {
  const countsAt = new Map(counts.map((row) => [row.start, row]));
  const coverageAt = new Map(coverage.map((row) => [row.start, row]));
  const at = (start: string | null): Figures => {
    const counted = countsAt.get(start);
    const observed = coverageAt.get(start);
    const numbers = counted?.counts ?? NO_COUNTS;
    return {
      counts: { ...numbers },
      rates: ratesOf(numbers),
      medianHoursToClose: counted?.medianHoursToClose ?? null,
      coverage: observationOf(observed?.minutes ?? NO_MINUTES, observed?.cameras ?? 0),
    };
  };
  const starts = new Set([...countsAt.keys(), ...coverageAt.keys()]);
  const series = [...starts].filter((start) => start !== null).sort();
  return { key, ...at(null), series: series.map((start) => ({ start, ...at(start) })) };
}
