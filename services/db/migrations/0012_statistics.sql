-- Statistics: coverage summed up by local day, week and month, so that a county's year is answered from 31,200 rows
-- and not from 22.8 million.

-- Minutes of a camera by local day of its region: what coverage says, counted. A day of summer time has 23 or 25 hours.
-- '.' (unaccounted) is not kept: it is what a camera owed and nothing accounts for (services/db/statistics/coverage.ts).
create table coverage_day (
  camera_id uuid not null references camera (id) on delete cascade,
  -- local date
  day date not null,
  looked smallint not null,
  unchanged smallint not null,
  dropped smallint not null,
  frozen smallint not null,
  blind smallint not null,
  offline smallint not null,
  closed smallint not null,
  primary key (camera_id, day)
) with (fillfactor = 80);
create index coverage_day_day on coverage_day (day);

-- The same by week (from Monday) and by month; `start` is its first day.
create table coverage_span (
  camera_id uuid not null references camera (id) on delete cascade,
  step text not null check (step in ('week', 'month')),
  start date not null check (start = date_trunc(step, start::timestamp)::date),
  looked integer not null,
  unchanged integer not null,
  dropped integer not null,
  frozen integer not null,
  blind integer not null,
  offline integer not null,
  closed integer not null,
  primary key (camera_id, step, start)
) with (fillfactor = 80);
create index coverage_span_start on coverage_span (step, start);

-- Camera-days (UTC) whose letters changed since they were summed up; services/db/statistics/roll-up.ts takes them away.
create table coverage_changed (
  camera_id uuid not null references camera (id) on delete cascade,
  day date not null,
  at timestamptz not null,
  primary key (camera_id, day)
) with (fillfactor = 50);

-- The row is written each time, not only the first: that locks it, so that whoever sums up takes it away either before this
-- change (then the insert makes a new one) or after it was committed (then the sum has seen it). Nothing falls between.
create function coverage_note_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and new.minutes = old.minutes then return null; end if;
  insert into coverage_changed as c (camera_id, day, at)
  values (new.camera_id, (new.hour at time zone 'UTC')::date, clock_timestamp())
  on conflict (camera_id, day) do update set at = excluded.at;
  return null;
end $$;
create trigger coverage_changed after insert or update of minutes on coverage
  for each row execute function coverage_note_change();

-- A region with another time zone has other days: everything of its cameras is summed up again.
create function coverage_note_time_zone() returns trigger language plpgsql as $$
begin
  delete from coverage_day using camera, merchant
    where coverage_day.camera_id = camera.id and camera.merchant_id = merchant.id and merchant.region_id = new.id;
  delete from coverage_span using camera, merchant
    where coverage_span.camera_id = camera.id and camera.merchant_id = merchant.id and merchant.region_id = new.id;
  insert into coverage_changed (camera_id, day, at)
  select distinct coverage.camera_id, (coverage.hour at time zone 'UTC')::date, clock_timestamp()
  from coverage
  join camera on camera.id = coverage.camera_id
  join merchant on merchant.id = camera.merchant_id and merchant.region_id = new.id
  on conflict do nothing;
  return null;
end $$;
create trigger coverage_time_zone after update of time_zone on region for each row
  when (old.time_zone is distinct from new.time_zone) execute function coverage_note_time_zone();

-- What is there already.
insert into coverage_changed (camera_id, day, at)
select distinct camera_id, (hour at time zone 'UTC')::date, now() from coverage;

-- How often a letter stands in some minutes.
create function coverage_count(minutes text, letter text) returns integer
  language sql immutable parallel safe
  return length(minutes) - length(replace(minutes, letter, ''));

/*
 * Sums up the local days, and their weeks and months, that some camera-days (UTC) lie in; once or ten times, the result is the same.
 * Arrays of one length.
 */
create function coverage_sum_up(p_cameras uuid[], p_days date[]) returns void language sql as $$
  with zoned as (
    select camera.id as camera_id, region.time_zone
    from camera join merchant on merchant.id = camera.merchant_id join region on region.id = merchant.region_id
    where camera.id = any (p_cameras)
  ), local as (
    -- a UTC day lies in two local days, or in one
    select distinct zoned.camera_id, zoned.time_zone, (edge.at at time zone zoned.time_zone)::date as day
    from unnest(p_cameras, p_days) as changed (camera_id, day)
    join zoned on zoned.camera_id = changed.camera_id
    cross join lateral (values
      (changed.day::timestamp at time zone 'UTC'),
      ((changed.day + 1)::timestamp at time zone 'UTC' - interval '1 minute')
    ) as edge (at)
  ), span as (
    select camera_id, day, day::timestamp at time zone time_zone as starts,
      (day + 1)::timestamp at time zone time_zone as ends
    from local
  ), part as (
    -- a local day may begin within an hour of UTC (India +05:30, Nepal +05:45)
    select span.camera_id, span.day,
      case when coverage.hour >= span.starts and coverage.hour + interval '1 hour' <= span.ends then coverage.minutes
      else substr(
        coverage.minutes,
        (extract(epoch from greatest(span.starts - coverage.hour, interval '0')) / 60)::int + 1,
        (extract(epoch from least(span.ends - coverage.hour, interval '1 hour')
          - greatest(span.starts - coverage.hour, interval '0')) / 60)::int
      ) end as minutes
    from span left join coverage on coverage.camera_id = span.camera_id
      and coverage.hour > span.starts - interval '1 hour' and coverage.hour < span.ends
  )
  insert into coverage_day (camera_id, day, looked, unchanged, dropped, frozen, blind, offline, closed)
  select camera_id, day, coalesce(sum(coverage_count(minutes, 'L')), 0), coalesce(sum(coverage_count(minutes, 'U')), 0),
    coalesce(sum(coverage_count(minutes, 'D')), 0), coalesce(sum(coverage_count(minutes, 'F')), 0),
    coalesce(sum(coverage_count(minutes, 'X')), 0), coalesce(sum(coverage_count(minutes, 'O')), 0),
    coalesce(sum(coverage_count(minutes, 'C')), 0)
  from part group by camera_id, day order by camera_id, day
  on conflict (camera_id, day) do update set looked = excluded.looked, unchanged = excluded.unchanged,
    dropped = excluded.dropped, frozen = excluded.frozen, blind = excluded.blind, offline = excluded.offline,
    closed = excluded.closed;

  insert into coverage_span (camera_id, step, start, looked, unchanged, dropped, frozen, blind, offline, closed)
  select wanted.camera_id, wanted.step, wanted.start, sum(day.looked), sum(day.unchanged), sum(day.dropped),
    sum(day.frozen), sum(day.blind), sum(day.offline), sum(day.closed)
  from (
    select distinct changed.camera_id, span.step, date_trunc(span.step, (changed.day + shift)::timestamp)::date as start
    from unnest(p_cameras, p_days) as changed (camera_id, day)
    -- the local days of a UTC day are at most one away from it
    cross join generate_series(-1, 1) as shift
    cross join (values ('week'), ('month')) as span (step)
  ) as wanted
  join coverage_day as day on day.camera_id = wanted.camera_id and day.day >= wanted.start
    and day.day < (wanted.start + ('1 ' || wanted.step)::interval)::date
  group by wanted.camera_id, wanted.step, wanted.start
  order by 1, 2, 3
  on conflict (camera_id, step, start) do update set looked = excluded.looked, unchanged = excluded.unchanged,
    dropped = excluded.dropped, frozen = excluded.frozen, blind = excluded.blind, offline = excluded.offline,
    closed = excluded.closed;
$$;

-- Recurrence asks for later findings of the same place and kind.
create index finding_place_kind on finding (zone_id, kind, first_seen);
create index finding_verdict_at on finding (verdict_at) where verdict_at is not null;
create index task_closed_at on task (closed_at) where closed_at is not null;
