-- 运行状态: which processes live, and how the disk fills.

-- A row a start of a process, renewed while it lives; one that stops in good order takes it away. What stays without being
-- renewed was killed, or hangs.
create table process_beat (
  id uuid primary key,
  name text not null check (name ~ '^[a-z]{1,20}$'),
  host text not null,
  pid integer not null,
  started_at timestamptz not null default now(),
  seen_at timestamptz not null default now(),
  -- what it says of itself, e.g. the models that a detection worker has loaded
  detail jsonb not null default '{}'
);
create index process_beat_seen on process_beat (seen_at);

-- The disk of the object store, once an hour; null where the store is no folder. Bytes.
create table disk_sample (
  at timestamptz primary key,
  total bigint check (total > 0),
  free bigint check (free >= 0),
  -- what rows of findings, tasks and documents name in the object store
  stored bigint not null check (stored >= 0),
  check ((total is null) = (free is null))
);

-- Dead letters are few among what was delivered.
create index outbox_dead on outbox (id) where state = 'dead';
create index message_dead on message (created_at) where state = 'dead';
