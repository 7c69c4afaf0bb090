import { type RawBuilder, sql } from 'kysely';
import { type Counts, MEASURES, type Measure, NO_COUNTS } from '../../domain/statistics.ts';
import type { Database } from '../database.ts';
import { DEFINITIONS } from './measures.ts';
import { around, facts, type StatisticsQuery } from './query.ts';

/** Counts of one key, or of all keys (`key` null), over the period or one step of it (`start`). */
export interface CountRow {
  key: string | null;
  /** First day of the step; null: the whole period. */
  start: string | null;
  counts: Counts;
  /** Median hours from issue to closure of what was closed, by the clock on the wall. */
  medianHoursToClose: number | null;
}

/** Key, time zone, hours to close, and a measure with the time that it was: one row for each that is so. */
function moments(query: StatisticsQuery, of: 'finding' | 'task'): RawBuilder<unknown> {
  const mine = MEASURES.filter((measure) => DEFINITIONS[measure].of === of);
  const columns = mine.map((measure) => {
    const { at, when } = DEFINITIONS[measure];
    return sql`case when ${when(query.now)} then ${at} end as ${sql.ref(measure)}`;
  });
  const values = mine.map((measure) => sql`(${sql.lit(measure)}, ${sql.ref(measure)})`);
  const hours =
    of === 'finding' ? sql`null::numeric` : sql`extract(epoch from task.closed_at - task.issued_at) / 3600`;
  return sql`
    select key, time_zone, hours, measure, at
    from (${facts(query, of, sql`${hours} as hours, ${sql.join(columns)}`)} offset 0) as fact
    cross join lateral (values ${sql.join(values)}) as one (measure, at)`;
}

const MEDIAN = 'median';

/**
 * Numbers by key and step and by key, and of all keys together. Keys without anything do not appear. Grouped by model, a finding
 * stands under each of its models: there the rows of all keys are not what is asked for, and are left out.
 */
export async function countFacts(db: Database, query: StatisticsQuery): Promise<CountRow[]> {
  const { from, to } = around(query.period);
  const start =
    query.step === null ? sql`null::date` : sql`date_trunc(${sql.lit(query.step)}, day::timestamp)::date`;
  // Counts add up, so that they are summed below; medians do not.
  const { rows } = await sql<{ key: string | null; start: string | null; measure: string; value: number }>`
    with moment as (
      select key, hours, measure, (at at time zone time_zone)::date as day
      from (${moments(query, 'finding')} union all ${moments(query, 'task')}) as one
      where at >= ${from} and at < ${to}
    ), counted as materialized (
      select key, hours, measure, ${start} as start from moment
      where day between ${query.period.from}::date and ${query.period.to}::date
    )
    select key, start::text as start, measure, count(*)::float8 as value from counted group by key, start, measure
    union all
    select key, start::text, ${sql.lit(MEDIAN)}, percentile_cont(0.5) within group (order by hours)
    from counted where measure = 'closed' group by grouping sets ((key), (key, start), (start), ())
  `.execute(db);
  return rowsOf(rows, query.groupBy !== 'model');
}

function rowsOf(
  values: readonly { key: string | null; start: string | null; measure: string; value: number }[],
  withTotals: boolean,
): CountRow[] {
  const found = new Map<string, CountRow>();
  const rowOf = (key: string | null, start: string | null): CountRow => {
    const id = JSON.stringify([key, start]);
    const row = found.get(id) ?? { key, start, counts: { ...NO_COUNTS }, medianHoursToClose: null };
    found.set(id, row);
    return row;
  };
  for (const { key, start, measure, value } of values) {
    if (key === null && !withTotals) continue;
    if (measure === MEDIAN) {
      rowOf(key, start).medianHoursToClose = value;
      continue;
    }
    const places = new Set([rowOf(key, start), rowOf(key, null)]);
    if (withTotals) places.add(rowOf(null, start)).add(rowOf(null, null));
    for (const row of places) row.counts[measure as Measure] += value;
  }
  return [...found.values()];
}
