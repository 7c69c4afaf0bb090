-- Mingzao schema, part 1: registry, looks, findings, tasks, outbox. Units are in the comments.

create table region (
  id uuid primary key default gen_random_uuid(),
  code text not null unique check (code ~ '^[a-z0-9][a-z0-9-]{0,31}$'),
  parent_id uuid references region (id),
  -- dotted codes from the root, e.g. huojia.chengguan.grid-1; the scope of accounts and rules
  path text not null unique,
  level text not null check (level in ('province', 'prefecture', 'county', 'town', 'grid')),
  name text not null,
  time_zone text not null default 'Asia/Shanghai',
  created_at timestamptz not null default now()
);

create table merchant (
  id uuid primary key default gen_random_uuid(),
  code text not null unique check (code ~ '^[a-z0-9][a-z0-9-]{0,63}$'),
  region_id uuid not null references region (id),
  name text not null,
  -- 业态: restaurant, canteen, school_canteen, takeaway, bakery, ...
  type text not null,
  -- guarantor level (包保) A to D
  level text not null default 'C' check (level in ('A', 'B', 'C', 'D')),
  licence_no text,
  -- {"mon": [["09:00", "21:00"]], ...} local time; null: always open
  opening_hours jsonb,
  created_at timestamptz not null default now()
);
create index merchant_region on merchant (region_id);

create table zone (
  id uuid primary key default gen_random_uuid(),
  merchant_id uuid not null references merchant (id),
  code text not null check (code ~ '^[a-z0-9][a-z0-9-]{0,31}$'),
  kind text not null check (kind in ('rough_processing', 'cutting', 'cooking', 'special_room', 'meal_preparation', 'washing', 'storage', 'sample_keeping')),
  name text not null,
  unique (merchant_id, code)
);

create table gateway (
  id uuid primary key default gen_random_uuid(),
  code text not null unique check (code ~ '^[a-z0-9][a-z0-9-]{0,63}$'),
  region_id uuid not null references region (id),
  -- null: serves several merchants of the region; its topics then carry '_' for the merchant
  merchant_id uuid references merchant (id),
  name text not null,
  -- $7$iterations$salt$hash (PBKDF2-SHA512, Mosquitto's format); the password is shown once when made
  secret_hash text not null,
  enabled boolean not null default true,
  state text not null default 'unknown' check (state in ('unknown', 'online', 'offline')),
  -- sequence of the last birth; a death of an older birth is ignored
  birth_sequence bigint not null default 0,
  state_since timestamptz,
  last_seen_at timestamptz,
  created_at timestamptz not null default now()
);

-- Messages that were refused, by reason: visible on the gateway's page.
create table gateway_refusal (
  gateway_id uuid not null references gateway (id) on delete cascade,
  reason text not null,
  count bigint not null default 0,
  last_at timestamptz not null,
  last_detail text not null default '',
  primary key (gateway_id, reason)
);

create table camera (
  id uuid primary key default gen_random_uuid(),
  code text not null unique check (code ~ '^[a-z0-9][a-z0-9-]{0,63}$'),
  merchant_id uuid not null references merchant (id),
  zone_id uuid not null references zone (id),
  name text not null,
  source text not null check (source in ('rtsp', 'mqtt')),
  gateway_id uuid references gateway (id),
  -- AES-256-GCM over the address with its password; never given out
  rtsp_url_sealed bytea,
  enabled boolean not null default true,
  -- seconds between looks, 5 to 60: coverage is kept by the minute
  look_interval_s integer not null default 30 check (look_interval_s between 5 and 60),
  -- boxes [x1, y1, x2, y2] in 0..1: clocks drawn into the picture; areas that count; areas that never count
  timestamp_areas jsonb not null default '[]',
  regions_of_interest jsonb not null default '[]',
  ignore_areas jsonb not null default '[]',
  removed_at timestamptz,
  created_at timestamptz not null default now(),
  check ((source = 'mqtt') = (gateway_id is not null)),
  check ((source = 'rtsp') = (rtsp_url_sealed is not null))
);
create index camera_merchant on camera (merchant_id);
create index camera_gateway on camera (gateway_id);

-- What is known of a camera now. One row a camera, updated in place.
create table camera_status (
  camera_id uuid primary key references camera (id) on delete cascade,
  state text not null default 'unknown' check (state in ('unknown', 'online', 'offline', 'frozen', 'closed')),
  -- plain words: 'wrong user or password', 'no picture for 60 s', ...
  cause text not null default '',
  state_since timestamptz not null default now(),
  last_frame_at timestamptz,
  last_look_at timestamptz,
  -- object key of the last picture and when it was taken
  picture_key text,
  picture_at timestamptz,
  -- width, height in pixels; codec
  source_info jsonb not null default '{}',
  updated_at timestamptz not null default now()
) with (fillfactor = 70);

-- RTSP cameras are spread over gateway processes by lease.
create table camera_lease (
  camera_id uuid primary key references camera (id) on delete cascade,
  process_id text not null,
  until timestamptz not null
) with (fillfactor = 70);

create table rule (
  id uuid primary key default gen_random_uuid(),
  region_id uuid references region (id),
  zone_kind text check (zone_kind in ('rough_processing', 'cutting', 'cooking', 'special_room', 'meal_preparation', 'washing', 'storage', 'sample_keeping')),
  kind text not null check (kind in ('no_hat', 'no_mask', 'rodent')),
  enabled boolean not null,
  k integer not null,
  n integer not null check (n between 1 and 8),
  -- seconds
  min_duration_s real not null check (min_duration_s >= 0),
  -- pixels of the frame as received
  min_size_px integer not null check (min_size_px >= 0),
  min_score real not null check (min_score between 0 and 1),
  -- minutes
  merge_window_min integer not null check (merge_window_min between 1 and 1440),
  daily_cap integer not null check (daily_cap >= 0),
  hours text not null check (hours in ('opening', 'always')),
  class integer not null check (class in (1, 2, 3)),
  check (k between 1 and n),
  unique nulls not distinct (region_id, zone_kind, kind)
);

-- Limits per region and class, in minutes (domain.md). The deepest region wins.
create table deadline_policy (
  id uuid primary key default gen_random_uuid(),
  region_id uuid references region (id),
  class integer not null check (class in (1, 2, 3)),
  acknowledge_min integer not null check (acknowledge_min > 0),
  submit_min integer not null check (submit_min > 0),
  recheck_min integer not null check (recheck_min > 0),
  unique nulls not distinct (region_id, class)
);

-- 巡看. The queue only dispatches; this table says what became of every accepted look.
create table look (
  id uuid primary key,
  camera_id uuid not null references camera (id),
  source text not null check (source in ('rtsp', 'mqtt')),
  captured_at timestamptz not null,
  accepted_at timestamptz not null default now(),
  state text not null check (state in ('gathering', 'queued', 'burst_wanted', 'decided')),
  -- when the state was entered: what the sweeper goes by
  state_at timestamptz not null default now(),
  -- [{key, sha256, bytes, at, width, height}] in time order; bytes as received lie in the object store
  frames jsonb not null,
  -- {key, sha256, bytes, codec, from, to, keyframeMs} or null
  clip jsonb,
  -- the burst could not be had any more: judge with what is there
  burst_given_up boolean not null default false,
  outcome text check (outcome in ('calm', 'finding', 'unconfirmed', 'dropped', 'failed')),
  reason text,
  decided_at timestamptz,
  check ((state = 'decided') = (outcome is not null))
) with (fillfactor = 80);
create index look_open on look (state, state_at) where state <> 'decided';
create index look_camera_open on look (camera_id, captured_at) where state <> 'decided';
create index look_decided on look (decided_at) where state = 'decided';

-- 问题线索
create table finding (
  id uuid primary key default gen_random_uuid(),
  -- camera, zone, kind, merge window: see services/domain/merge.ts
  fingerprint text not null unique,
  camera_id uuid not null references camera (id),
  zone_id uuid not null references zone (id),
  merchant_id uuid not null references merchant (id),
  region_id uuid not null references region (id),
  kind text not null check (kind in ('no_hat', 'no_mask', 'rodent')),
  class integer not null check (class in (1, 2, 3)),
  state text not null default 'pending_review' check (state in ('pending_review', 'confirmed', 'dismissed', 'merged', 'expired')),
  first_seen timestamptz not null,
  last_seen timestamptz not null,
  -- looks that showed it
  count integer not null default 1,
  -- best look's mean score, 0..1
  score real not null,
  -- the rule as it was, and the models: [{name, version, sha256}]
  rule jsonb not null,
  models jsonb not null,
  verdict_by uuid,
  verdict_at timestamptz,
  verdict_reason text,
  verdict_note text,
  created_at timestamptz not null default now(),
  -- rises with every change: commands are guarded by it
  version integer not null default 1
);
create index finding_queue on finding (state, class, first_seen desc, id desc);
create index finding_camera on finding (camera_id, kind, first_seen desc);
create index finding_merchant on finding (merchant_id, first_seen desc, id desc);
create index finding_first_seen on finding (first_seen desc, id desc);

create table finding_look (
  finding_id uuid not null references finding (id),
  look_id uuid not null,
  primary key (finding_id, look_id)
);

-- 证据: append-only.
create table evidence (
  id uuid primary key default gen_random_uuid(),
  finding_id uuid not null references finding (id),
  look_id uuid not null,
  kind text not null check (kind in ('frame', 'clip')),
  object_key text not null,
  -- hex, over the stored bytes
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  bytes integer not null check (bytes > 0),
  content_type text not null,
  captured_at timestamptz not null,
  width integer,
  height integer,
  -- [{kind, verdict, score, box, sizePx}] for frames; {codec, ...} for clips
  detail jsonb not null,
  created_at timestamptz not null default now(),
  unique (finding_id, look_id, object_key)
);

create sequence task_number;

-- 整改任务
create table task (
  id uuid primary key default gen_random_uuid(),
  -- for people: ZG-20261121-000123
  number text not null unique,
  finding_id uuid not null unique references finding (id),
  merchant_id uuid not null references merchant (id),
  region_id uuid not null references region (id),
  zone_id uuid not null references zone (id),
  kind text not null,
  class integer not null check (class in (1, 2, 3)),
  state text not null check (state in ('issued', 'acknowledged', 'submitted', 'returned', 'appealed', 'escalated', 'transferred', 'withdrawn', 'closed', 'recheck_due', 'recheck_passed', 'recurred')),
  issued_at timestamptz not null,
  issued_by uuid not null,
  acknowledge_due timestamptz not null,
  submit_due timestamptz not null,
  -- the limits as they were at issue, minutes
  limits jsonb not null,
  version integer not null default 1,
  created_at timestamptz not null default now()
);
create index task_merchant on task (merchant_id, issued_at desc, id desc);
create index task_issued on task (issued_at desc, id desc);

-- Every change: who, when, from, to, why. Appended, never edited.
create table history (
  id bigint generated always as identity primary key,
  entity text not null check (entity in ('finding', 'task')),
  entity_id uuid not null,
  from_state text,
  to_state text not null,
  -- account id, or null for the system itself
  actor_id uuid,
  reason text not null default '',
  note text not null default '',
  at timestamptz not null default now()
);
create index history_entity on history (entity, entity_id, id);

create table alert (
  id uuid primary key default gen_random_uuid(),
  audience text not null check (audience in ('inspector', 'merchant')),
  region_id uuid not null references region (id),
  merchant_id uuid not null references merchant (id),
  finding_id uuid not null references finding (id),
  task_id uuid references task (id),
  kind text not null,
  class integer not null,
  created_at timestamptz not null default now(),
  acknowledged_at timestamptz,
  acknowledged_by uuid,
  -- nobody gets the same thing twice
  unique nulls not distinct (audience, finding_id, task_id)
);
create index alert_created on alert (created_at desc, id desc);
create index alert_merchant_day on alert (merchant_id, audience, created_at);

-- What happened, for everyone who listens: page (SSE), platforms (outbox). Never edited.
create table event (
  id bigint generated always as identity primary key,
  -- readers stop before the oldest transaction still open, so that none commits behind their back
  xid xid8 not null default pg_current_xact_id(),
  -- finding.created, finding.seen_again, finding.confirmed, finding.dismissed, task.issued, camera.state, gateway.state
  type text not null,
  region_path text not null,
  merchant_id uuid,
  payload jsonb not null,
  at timestamptz not null default now()
);
create index event_order on event (xid, id);

create table webhook (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  url text not null,
  -- AES-256-GCM over the signing secret
  secret_sealed bytea not null,
  -- event types; empty: all
  types text[] not null default '{}',
  region_id uuid references region (id),
  enabled boolean not null default true,
  created_at timestamptz not null default now()
);

create table outbox (
  id bigint generated always as identity primary key,
  event_id bigint not null references event (id),
  webhook_id uuid not null references webhook (id),
  -- the receiver recognises a repeated delivery by it
  idempotency_key uuid not null default gen_random_uuid() unique,
  state text not null default 'pending' check (state in ('pending', 'delivered', 'dead')),
  attempts integer not null default 0,
  next_at timestamptz not null default now(),
  claimed_by text,
  claimed_until timestamptz,
  last_status integer,
  last_error text,
  delivered_at timestamptz,
  created_at timestamptz not null default now(),
  unique (event_id, webhook_id)
);
create index outbox_due on outbox (next_at) where state = 'pending';

create table account (
  id uuid primary key default gen_random_uuid(),
  username text not null unique,
  -- argon2id, PHC string
  password_hash text not null,
  role text not null check (role in ('operator', 'inspector', 'director', 'merchant', 'platform')),
  -- scope: null region = everywhere
  region_id uuid references region (id),
  merchant_id uuid references merchant (id),
  display_name text not null default '',
  disabled boolean not null default false,
  created_at timestamptz not null default now(),
  check ((role = 'merchant') = (merchant_id is not null))
);

create table session (
  -- SHA-256 of the token; the token itself is kept nowhere
  token_hash bytea primary key,
  account_id uuid not null references account (id) on delete cascade,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  revoked_at timestamptz
);

-- 有效观察时长: 60 letters an hour, one a minute (services/domain/coverage.ts).
create table coverage (
  camera_id uuid not null references camera (id) on delete cascade,
  hour timestamptz not null,
  minutes text not null check (length(minutes) = 60),
  primary key (camera_id, hour)
) with (fillfactor = 70);

-- One value a key, e.g. the key that signs evidence addresses.
create table setting (
  key text primary key,
  value jsonb not null
);

create function coverage_stronger(a text, b text) returns text
  language sql immutable parallel safe
  return case when strpos('.COFDUL', a) >= strpos('.COFDUL', b) then a else b end;

-- Letter `code` for the minute of `at`; the stronger one stays.
create function coverage_mark(p_camera uuid, p_at timestamptz, p_code text) returns void
  language sql
  begin atomic
    insert into coverage as c (camera_id, hour, minutes)
    values (
      p_camera,
      date_trunc('hour', p_at, 'UTC'),
      overlay(repeat('.', 60) placing p_code from extract(minute from p_at at time zone 'UTC')::int + 1 for 1)
    )
    on conflict (camera_id, hour) do update
      set minutes = overlay(
        c.minutes placing coverage_stronger(
          substr(c.minutes, extract(minute from p_at at time zone 'UTC')::int + 1, 1),
          p_code
        ) from extract(minute from p_at at time zone 'UTC')::int + 1 for 1
      );
  end;

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'insufficient_privilege';
end $$;
create trigger history_append_only before update or delete on history for each row execute function refuse_change();
create trigger evidence_append_only before update on evidence for each row execute function refuse_change();
create trigger event_append_only before update on event for each row execute function refuse_change();

-- Waking those who wait; whoever misses a call finds the row by reading.
create function notify_event() returns trigger language plpgsql as $$
begin
  perform pg_notify('mingzao_event', '');
  return null;
end $$;
create trigger event_notify after insert on event for each statement execute function notify_event();

create function notify_outbox() returns trigger language plpgsql as $$
begin
  perform pg_notify('mingzao_outbox', '');
  return null;
end $$;
create trigger outbox_notify after insert on outbox for each statement execute function notify_outbox();

create function notify_registry() returns trigger language plpgsql as $$
begin
  perform pg_notify('mingzao_registry', tg_table_name);
  return null;
end $$;
create trigger registry_notify after insert or update or delete on region for each statement execute function notify_registry();
create trigger registry_notify after insert or update or delete on merchant for each statement execute function notify_registry();
create trigger registry_notify after insert or update or delete on zone for each statement execute function notify_registry();
create trigger registry_notify after insert or update or delete on rule for each statement execute function notify_registry();
create trigger registry_notify after insert or update or delete on camera for each statement execute function notify_registry();
-- not on state and last_seen_at, which change all the time
create trigger registry_notify after insert or delete or update of code, region_id, merchant_id, secret_hash, enabled on gateway
  for each statement execute function notify_registry();

create function notify_burst() returns trigger language plpgsql as $$
begin
  perform pg_notify('mingzao_burst', new.camera_id::text);
  return null;
end $$;
create trigger burst_notify after update of state on look for each row
  when (new.state = 'burst_wanted' and old.state is distinct from 'burst_wanted') execute function notify_burst();
