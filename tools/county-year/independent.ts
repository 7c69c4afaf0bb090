/**
 * The same figures, counted another way: plain SQL over the raw rows, sharing nothing with services/db/statistics. What an appeal was
 * upheld against is taken from the appeals: the task left "appealed" for "withdrawn". In this year every task answers one finding.
 */
import type pg from 'pg';

export interface Independent {
  town: string;
  confirmed: number;
  dismissed: number;
  due: number;
  rectified: number;
  on_time: number;
  closed: number;
  watched: number;
  recurred: number;
  median: string | null;
}

/** By town code, over local dates [from, to] in China. */
export async function countByTown(
  client: pg.Client | pg.Pool,
  from: string,
  to: string,
  now: Date,
): Promise<Independent[]> {
  const { rows } = await client.query<Independent>(
    `with span as (select ($1 || ' 00:00+08')::timestamptz as a, ($2 || ' 00:00+08')::timestamptz + interval '24 hours' as b),
     of_town as (
       select merchant.id as merchant_id, split_part(region.path, '.', 2) as town
       from merchant join region on region.id = merchant.region_id
     ), won as (
       select task.finding_id as id from history join task on task.id = entity_id
       where entity = 'task' and from_state = 'appealed' and to_state = 'withdrawn'
     ), said as (
       select finding.*, won.id is not null as lost from finding left join won using (id)
     ), f as (
       select town,
         count(*) filter (where state = 'confirmed' and not lost) as confirmed,
         count(*) filter (where lost or state = 'dismissed' and verdict_reason <> 'duplicate') as dismissed
       from said join of_town using (merchant_id), span
       where verdict_at >= a and verdict_at < b group by town
     ), d as (
       select town, count(*) as due,
         sum(case when closed_at is null then 0 else 1 end) as rectified,
         sum(case when closed_at <= submit_by then 1 else 0 end) as on_time
       from task join of_town using (merchant_id), span
       where submit_by >= a and submit_by < b and submit_by <= $3
         and state not in ('withdrawn', 'appealed') and paused_at is null
       group by town
     ), done as (
       select t.*, town, exists (
         select 1 from finding one join said other on other.zone_id = one.zone_id and other.kind = one.kind
         where one.id = t.finding_id and other.id <> one.id and other.state = 'confirmed' and not other.lost
           and other.first_seen > t.closed_at and other.first_seen <= t.closed_at + interval '30 days'
       ) as again
       from task t join of_town using (merchant_id), span where closed_at >= a and closed_at < b
     ), c as (
       select town, count(*) as closed,
         count(*) filter (where closed_at + interval '30 days' <= $3) as watched,
         count(*) filter (where again and closed_at + interval '30 days' <= $3) as recurred,
         percentile_cont(0.5) within group (order by extract(epoch from closed_at - issued_at) / 3600) as median
       from done group by town
     )
     select region.code as town, coalesce(confirmed, 0)::int as confirmed, coalesce(dismissed, 0)::int as dismissed,
       coalesce(due, 0)::int as due, coalesce(rectified, 0)::int as rectified, coalesce(on_time, 0)::int as on_time,
       coalesce(closed, 0)::int as closed, coalesce(watched, 0)::int as watched, coalesce(recurred, 0)::int as recurred,
       median::text as median
     from region
     left join f on f.town = region.code left join d on d.town = region.code left join c on c.town = region.code
     where region.level = 'town' order by region.code`,
    [from, to, now],
  );
  return rows;
}

/** Minutes observed and owed by town, letter by letter. Only for days whose letters are there. */
export async function coverageByTown(
  client: pg.Client | pg.Pool,
  from: string,
  to: string,
): Promise<{ town: string; observed: number; closed: number; offline: number; cameras: number }[]> {
  const { rows } = await client.query<{
    town: string;
    observed: number;
    closed: number;
    offline: number;
    cameras: number;
  }>(
    `select split_part(region.path, '.', 2) as town,
       count(*) filter (where letter in ('L', 'U'))::int as observed, count(*) filter (where letter = 'C')::int as closed,
       count(*) filter (where letter = 'O')::int as offline, count(distinct camera.id)::int as cameras
     from coverage join camera on camera.id = coverage.camera_id
     join merchant on merchant.id = camera.merchant_id join region on region.id = merchant.region_id
     cross join lateral regexp_split_to_table(minutes, '') with ordinality as one (letter, n)
     where hour + (n - 1) * interval '1 minute' >= ($1 || ' 00:00+08')::timestamptz
       and hour + (n - 1) * interval '1 minute' < ($2 || ' 00:00+08')::timestamptz + interval '24 hours'
     group by 1 order by 1`,
    [from, to],
  );
  return rows;
}
