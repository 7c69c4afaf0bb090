/** A year of coverage: letters for the last days, sums for those before, as if their letters had been summed up. */
import { sql } from 'kysely';
import type { Database } from '../../services/db/database.ts';
import { sumUpAllCoverage } from '../../services/db/statistics/roll-up.ts';

export interface CoverageSpan {
  /** Local dates, the last not included. */
  from: string;
  to: string;
  /** From this day on (UTC) every hour has its letters. */
  lettersFrom: string;
}

/** What a number made of camera, day and hour says of an hour: the same for the same seed. */
const draw = (seed: number, parts: string) =>
  sql`('x' || substr(md5(${sql.lit(String(seed))} || ${sql.raw(parts)}), 1, 7))::bit(28)::int % 1000`;

/** Kitchens are dark from 21 to 8; of the open hours about 2 % are offline, 1 % dropped or frozen, 0.5 % blind. */
export async function seedCoverage(db: Database, seed: number, span: CoverageSpan): Promise<void> {
  await sql`alter table coverage disable trigger coverage_changed`.execute(db);
  // Findings marked their minutes; of the days before there shall be sums alone.
  await sql`delete from coverage where hour < ${span.lettersFrom}::timestamptz`.execute(db);
  await sql`delete from coverage_changed`.execute(db);
  await sql`
    insert into coverage (camera_id, hour, minutes)
    select camera.id, hour, case
      when extract(hour from hour at time zone region.time_zone) not between 8 and 20 then repeat('C', 60)
      when luck < 20 then repeat('O', 60)
      when luck < 26 then repeat('LUUUUF', 10)
      when luck < 31 then repeat('LUD', 20)
      when luck < 36 then repeat('LUUUX', 12)
      when luck < 40 then repeat('.', 20) || repeat('LU', 20)
      when luck < 500 then repeat('LUUUU', 12)
      else repeat('LU', 30) end
    from camera
    join merchant on merchant.id = camera.merchant_id
    join region on region.id = merchant.region_id
    cross join generate_series(${span.lettersFrom}::timestamptz, ${span.to}::timestamptz - interval '1 hour', interval '1 hour') as hour
    cross join lateral (select ${draw(seed, 'camera.code || extract(epoch from hour)::text')} as luck) as drawn
    where hour >= camera.created_at
    order by hour, camera.id
    -- the minutes in which something was found
    on conflict (camera_id, hour) do update set minutes = (
      select string_agg(coverage_stronger(substr(coverage.minutes, i, 1), substr(excluded.minutes, i, 1)), '' order by i)
      from generate_series(1, 60) as i
    )
  `.execute(db);
  await sql`alter table coverage enable trigger coverage_changed`.execute(db);
  await sql`
    insert into coverage_day (camera_id, day, looked, unchanged, dropped, frozen, blind, offline, closed)
    select camera.id, day, 240 - luck % 9 * 3, 500 - offline, 10, 6, luck % 7, offline, 660
    from camera
    cross join generate_series(${span.from}::date, ${span.lettersFrom}::date - 1, interval '1 day') as day
    cross join lateral (select ${draw(seed, 'camera.code || day::date::text')} as luck) as drawn
    cross join lateral (select case when luck < 40 then 300 when luck < 200 then 60 else 0 end as offline) as down
    where day > camera.created_at
    order by day, camera.id
  `.execute(db);
  await sql`
    insert into coverage_span (camera_id, step, start, looked, unchanged, dropped, frozen, blind, offline, closed)
    select camera_id, step, date_trunc(step, day::timestamp)::date, sum(looked), sum(unchanged), sum(dropped), sum(frozen),
      sum(blind), sum(offline), sum(closed)
    from coverage_day cross join (values ('week'), ('month')) as span (step)
    group by 1, 2, 3 order by 2, 3, 1
  `.execute(db);
  await sql`
    insert into coverage_changed (camera_id, day, at)
    select distinct camera_id, (hour at time zone 'UTC')::date, now() from coverage on conflict do nothing
  `.execute(db);
  await sumUpAllCoverage(db);
  await sql`analyze`.execute(db);
}
