import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { cut, type Period, wholeSteps } from '../../domain/period.ts';
import { type Minutes, NO_MINUTES } from '../../domain/statistics.ts';
import type { Database } from '../database.ts';
import { keyOf, type StatisticsQuery, WITHOUT_CAMERAS } from './query.ts';

/** Minutes of the cameras of one key, over the period or one step of it (`start`). */
export interface CoverageRow {
  key: string;
  start: string | null;
  minutes: Minutes;
  /** Cameras that owed a minute. */
  cameras: number;
}

const KINDS = ['looked', 'unchanged', 'dropped', 'frozen', 'blind', 'offline', 'closed'] as const;

/** Cameras in scope with their key; of findings alone nothing is asked here. */
export function camerasOf(query: StatisticsQuery): RawBuilder<unknown> {
  const asked = WITHOUT_CAMERAS.includes(query.groupBy) ? { ...query, groupBy: 'none' as const } : query;
  const { key, join } = keyOf(asked);
  const zone = query.zone === undefined ? sql<SqlBool>`true` : sql<SqlBool>`zone.kind = ${query.zone}`;
  return sql`
    select camera.id, ${key} as key, region.time_zone, camera.created_at, camera.removed_at
    from camera
    join merchant on merchant.id = camera.merchant_id
    join region on region.id = merchant.region_id
    join zone on zone.id = camera.zone_id
    ${join}
    where ${query.where} and ${zone}`;
}

/** Sums of a period: whole weeks or months from their sums, the rest, and everything by day, from the days. */
export async function sumCoverage(db: Database, query: StatisticsQuery): Promise<CoverageRow[]> {
  const rows = new Map<string, CoverageRow>();
  const rowOf = (key: string, start: string | null): CoverageRow => {
    const id = `${start ?? ''}|${key}`;
    const row = rows.get(id) ?? { key, start, minutes: { ...NO_MINUTES }, cameras: 0 };
    rows.set(id, row);
    return row;
  };
  const [owed, minutes] = await Promise.all([loadOwed(db, query), loadMinutes(db, query)]);
  for (const { key, start, minutes: some, cameras } of owed) {
    const row = rowOf(key, start);
    row.minutes.owed += some;
    row.cameras += cameras;
  }
  for (const { key, start, ...counted } of minutes) {
    // The whole period is the sum of its steps.
    for (const row of start === null ? [rowOf(key, null)] : [rowOf(key, null), rowOf(key, start)]) {
      for (const kind of KINDS) row.minutes[kind] += Number(counted[kind]);
    }
  }
  return [...rows.values()];
}

/** The sums of all keys: every camera has one. */
export function totalCoverage(rows: readonly CoverageRow[]): CoverageRow[] {
  const totals = new Map<string | null, CoverageRow>();
  for (const { start, minutes, cameras } of rows) {
    const total = totals.get(start) ?? { key: '', start, minutes: { ...NO_MINUTES }, cameras: 0 };
    totals.set(start, total);
    total.cameras += cameras;
    total.minutes.owed += minutes.owed;
    for (const kind of KINDS) total.minutes[kind] += minutes[kind];
  }
  return [...totals.values()];
}

type MinutesRow = { key: string; start: string | null } & Record<(typeof KINDS)[number], string>;

async function loadMinutes(db: Database, query: StatisticsQuery): Promise<MinutesRow[]> {
  const span = query.step === 'week' ? 'week' : 'month';
  const { whole, edges } =
    query.step === 'day' ? { whole: null, edges: [query.period] } : wholeSteps(query.period, span);
  const parts: RawBuilder<unknown>[] = [];
  const part = (table: 'coverage_day' | 'coverage_span', { from, to }: Period) => {
    const date = sql.ref(table === 'coverage_day' ? 'sums.day' : 'sums.start');
    const ofSpan = table === 'coverage_span' ? sql`sums.step = ${sql.lit(span)} and` : sql``;
    const start =
      query.step === null
        ? sql`null::date`
        : query.step === 'day'
          ? date
          : sql`date_trunc(${sql.lit(query.step)}, ${date}::timestamp)::date`;
    parts.push(sql`
      select cameras.key, ${start} as start, ${sumsOf('sums')}
      from ${sql.table(table)} as sums join (${camerasOf(query)}) as cameras on cameras.id = sums.camera_id
      where ${ofSpan} ${date} between ${from}::date and ${to}::date
      group by 1, 2`);
  };
  if (whole !== null) part('coverage_span', whole);
  for (const edge of edges) part('coverage_day', edge);
  const { rows } = await sql<MinutesRow>`
    select key, start::text as start, ${sumsOf('part')} from (${sql.join(parts, sql` union all `)}) as part group by key, start
  `.execute(db);
  return rows;
}

const sumsOf = (table: string): RawBuilder<unknown> =>
  sql.join(KINDS.map((kind) => sql`sum(${sql.ref(`${table}.${kind}`)}) as ${sql.ref(kind)}`));

/**
 * Minutes that cameras owed: from when they were added until they were removed, up to now. Cameras that were there all the time,
 * nearly all, are one row a key before they meet the steps.
 */
async function loadOwed(
  db: Database,
  query: StatisticsQuery,
): Promise<{ key: string; start: string | null; minutes: number; cameras: number }[]> {
  const { from, to } = query.period;
  const steps = [{ start: null, from, to }, ...(query.step === null ? [] : cut(query.period, query.step))];
  const { rows } = await sql<{ key: string; start: string | null; minutes: string; cameras: string }>`
    with lives as (
      select key, time_zone, count(*) as cameras,
        greatest(created_at, ${from}::date::timestamp at time zone time_zone) as starts,
        least(removed_at, (${to}::date + 1)::timestamp at time zone time_zone, ${query.now}) as ends
      from (${camerasOf(query)}) as cameras group by key, time_zone, starts, ends
    ), step as (
      select zone.time_zone, step.start, step.first::timestamp at time zone zone.time_zone as starts,
        (step.last + 1)::timestamp at time zone zone.time_zone as ends
      from (select distinct time_zone from lives) as zone cross join unnest(
        ${steps.map((one) => one.start)}::date[], ${steps.map((one) => one.from)}::date[], ${steps.map((one) => one.to)}::date[]
      ) as step (start, first, last)
    ), owed as (
      select lives.key, step.start, lives.cameras,
        floor(extract(epoch from least(lives.ends, step.ends) - greatest(lives.starts, step.starts)) / 60) as minutes
      from lives join step on step.time_zone = lives.time_zone
    )
    select key, start::text as start, sum(cameras * minutes)::text as minutes, sum(cameras)::text as cameras
    from owed where minutes > 0
    group by key, start
  `.execute(db);
  return rows.map((row) => ({ ...row, minutes: Number(row.minutes), cameras: Number(row.cameras) }));
}
