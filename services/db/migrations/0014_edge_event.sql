-- 边缘盒子: what edge boxes and recorders said, kept as it came (services/edge reads it).

create table edge_event (
  id uuid primary key default gen_random_uuid(),
  gateway_id uuid not null references gateway (id),
  -- null: a channel that nobody has assigned to a camera
  camera_id uuid references camera (id),
  format text not null,
  -- the box's own id of the event, or the payload's hash with the record's place and time: delivered twice, kept once. A payload
  -- without id and time (Dahua's lines) has the time when it came; its state tells whether it goes on
  event_key text not null,
  -- in the box's words
  channel text not null,
  type text not null,
  label text not null default '',
  -- ours (services/edge/kinds.ts); null: a type that nobody has mapped
  kind text,
  state text not null check (state in ('pulse', 'active', 'inactive')),
  happened_at timestamptz not null,
  received_at timestamptz not null,
  -- how often an active one was sent again, when last, and when its end was sent
  repeats integer not null default 0,
  last_at timestamptz not null,
  ended_at timestamptz,
  -- [{unit, corners, score, label}] as they came; pixels of `size` {width, height} or of the picture
  boxes jsonb not null default '[]',
  size jsonb,
  -- bytes as received; the payload holds pictures in base64 too
  raw_key text not null,
  raw_sha256 text not null check (raw_sha256 ~ '^[0-9a-f]{64}$'),
  -- an address that expires is fetched at once
  picture_url text,
  picture_state text not null check (picture_state in ('none', 'wanted', 'kept', 'failed')),
  picture_error text,
  -- {key, sha256, bytes, width, height}
  picture jsonb,
  -- waiting: a worker shall go on. checking: our model looks at the picture. finding, refuted: what came of it.
  -- kept: nothing follows (reason says why)
  outcome text not null check (outcome in ('waiting', 'checking', 'finding', 'refuted', 'kept')),
  reason text not null default '',
  -- what our own model says of the picture
  opinion text check (opinion in ('agrees', 'uncertain', 'disagrees', 'cannot_tell')),
  finding_id uuid references finding (id),
  attempts integer not null default 0,
  next_at timestamptz not null,
  claimed_by text,
  claimed_until timestamptz,
  unique (gateway_id, event_key),
  check ((outcome = 'finding') = (finding_id is not null)),
  check ((picture_state = 'kept') = (picture is not null))
);
create index edge_event_waiting on edge_event (next_at) where outcome = 'waiting';
create index edge_event_list on edge_event (received_at desc, id desc);
create index edge_event_open on edge_event (gateway_id, channel, type) where state = 'active' and ended_at is null;

-- What an adapter or the registry did not know: counted, never dropped.
create table edge_unknown (
  gateway_id uuid not null references gateway (id) on delete cascade,
  format text not null,
  what text not null check (what in ('type', 'field', 'channel')),
  name text not null check (length(name) <= 200),
  count bigint not null default 0,
  first_at timestamptz not null,
  last_at timestamptz not null,
  primary key (gateway_id, format, what, name)
);

-- Which camera a box means by a channel.
create table edge_channel (
  gateway_id uuid not null references gateway (id) on delete cascade,
  channel text not null,
  camera_id uuid not null references camera (id) on delete cascade,
  primary key (gateway_id, channel)
);

-- What an operator says a box's type means; goes before the adapter's own knowledge. Null gateway: all.
create table edge_kind (
  id uuid primary key default gen_random_uuid(),
  gateway_id uuid references gateway (id) on delete cascade,
  format text not null,
  type text not null,
  kind text not null,
  unique nulls not distinct (gateway_id, format, type)
);

-- A look that checks an edge event: it neither drops nor is dropped by the camera's own looks.
alter table look add column edge_event_id uuid references edge_event (id) on delete set null;

create function notify_edge() returns trigger language plpgsql as $$
begin
  perform pg_notify('mingzao_edge', '');
  return null;
end $$;
create trigger edge_event_waits after insert or update of outcome, next_at on edge_event
  for each row when (new.outcome = 'waiting') execute function notify_edge();
