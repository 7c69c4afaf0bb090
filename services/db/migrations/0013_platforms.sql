-- Platforms: events to a platform's own broker, replay, orders and case numbers of platforms, reconciliation, transferred
-- leads (线索移送), and what a region lets the public read.

alter table webhook
  add column channel text not null default 'http' check (channel in ('http', 'mqtt')),
  -- {username, password} at the platform's broker, AES-256-GCM; null: it asks for none
  add column broker_sealed bytea,
  -- events go to <prefix>/event/<type>; orders come over HTTP alone
  add column topic_prefix text check (topic_prefix ~ '^[^/+#\s$][^+#\s]{0,198}[^/+#\s]$'),
  -- the platform's account: its orders and lists belong to this address
  add column account_id uuid references account (id),
  -- where the platform's list of cases is read, with which bearer token, how often; null: it is not read
  add column cases_url text,
  add column cases_token_sealed bytea,
  add column cases_every_min integer not null default 60 check (cases_every_min between 5 and 10080),
  add column cases_due_at timestamptz not null default now(),
  add constraint webhook_topic check ((channel = 'mqtt') = (topic_prefix is not null)),
  add constraint webhook_broker check (channel = 'mqtt' or broker_sealed is null);
create unique index webhook_account on webhook (account_id) where account_id is not null;

-- Events that are delivered once more, in their order, under the keys that they had.
create table delivery_replay (
  id uuid primary key default gen_random_uuid(),
  webhook_id uuid not null references webhook (id),
  -- asked: a period, by a person; reconciliation: events of tasks that the platform has lost
  reason text not null check (reason in ('asked', 'reconciliation')),
  since timestamptz,
  until timestamptz,
  -- empty: all
  types text[] not null default '{}',
  per_minute integer not null check (per_minute between 1 and 1200),
  events integer not null default 0,
  requested_by uuid references account (id),
  at timestamptz not null,
  cancelled_at timestamptz,
  check ((reason = 'asked') = (since is not null and until is not null)),
  check (since < until)
);
create index delivery_replay_webhook on delivery_replay (webhook_id, at desc, id desc);

alter table outbox
  drop constraint outbox_event_id_webhook_id_key,
  drop constraint outbox_idempotency_key_key,
  add column replay_id uuid references delivery_replay (id);
create unique index outbox_once on outbox (event_id, webhook_id, replay_id) nulls not distinct;
create unique index outbox_key on outbox (idempotency_key) where replay_id is null;
create index outbox_replay on outbox (replay_id, id) where replay_id is not null and state = 'pending';
create index event_task on event ((payload ->> 'taskId'), id) where payload ? 'taskId';
create index event_at on event (at, id);

-- What a platform calls one of our tasks, and when it said that it has it.
create table platform_case (
  task_id uuid not null references task (id),
  account_id uuid not null references account (id),
  external_ref text check (external_ref ~ '\S' and length(external_ref) <= 200),
  received_at timestamptz,
  updated_at timestamptz not null,
  primary key (task_id, account_id)
);
create index platform_case_ref on platform_case (account_id, external_ref);

-- Whom a platform put in charge of a task; one of ours, or a unit in its own words. The history keeps those before.
create table task_assignment (
  task_id uuid primary key references task (id),
  assignee_id uuid references account (id),
  unit text,
  assigned_by uuid not null references account (id),
  at timestamptz not null,
  check (num_nonnulls(assignee_id, unit) = 1)
);

-- Every order of a platform with its answer, refused ones too. Append-only.
create table platform_command (
  id bigint generated always as identity primary key,
  account_id uuid not null references account (id),
  via text not null check (via in ('http', 'mqtt')),
  key text not null,
  -- as it was given; there may be no such task
  task_number text not null,
  task_id uuid references task (id),
  command text not null,
  external_ref text,
  done boolean not null,
  -- why it was refused; empty: done
  why text not null default '',
  at timestamptz not null,
  check (done = (why = ''))
);
create index platform_command_account on platform_command (account_id, id);
create trigger platform_command_append_only before update or delete on platform_command
  for each row execute function refuse_change();

-- One comparison of a platform's list of cases with our tasks.
create table reconciliation (
  id uuid primary key default gen_random_uuid(),
  webhook_id uuid references webhook (id),
  account_id uuid references account (id),
  how text not null check (how in ('fetched', 'posted')),
  state text not null check (state in ('running', 'done', 'failed')),
  error text not null default '',
  region_path text not null,
  -- tasks issued since then were compared
  since timestamptz not null,
  -- the list is whole: what is missing in it is missing there
  whole boolean not null,
  cases integer not null default 0,
  same integer not null default 0,
  in_flight integer not null default 0,
  differences integer not null default 0,
  healed integer not null default 0,
  started_at timestamptz not null,
  finished_at timestamptz,
  check (num_nonnulls(webhook_id, account_id) >= 1),
  check ((state = 'running') = (finished_at is null))
);
create index reconciliation_newest on reconciliation (started_at desc, id desc);

create table reconciliation_difference (
  id bigint generated always as identity primary key,
  reconciliation_id uuid not null references reconciliation (id) on delete cascade,
  number text not null,
  task_id uuid references task (id),
  kind text not null check (kind in ('missing_there', 'behind_there', 'ahead_there', 'closed_there', 'unknown_here')),
  state_here text,
  version_here integer,
  state_there text,
  version_there integer,
  external_ref text,
  -- sent_again: its events; notice: a person was told, once; none: nothing can be done from here
  healed text not null check (healed in ('sent_again', 'notice', 'none'))
);
create index reconciliation_difference_run on reconciliation_difference (reconciliation_id, id);
create index reconciliation_difference_task on reconciliation_difference (task_id, kind);

-- 线索移送: a task, or what was seen at a merchant, handed to another authority, and what became of it there.
create sequence lead_number;
create table lead_transfer (
  id uuid primary key default gen_random_uuid(),
  -- for people: XS-20261121-000123
  number text not null unique,
  task_id uuid references task (id),
  merchant_id uuid not null references merchant (id),
  region_id uuid not null references region (id),
  target text not null check (target in ('police', 'market_regulation', 'health', 'education', 'urban_management', 'discipline', 'other')),
  target_name text not null check (target_name ~ '\S'),
  -- the rule that asks for the transfer, e.g. 行刑衔接: 食品安全法 121
  legal_reason text not null check (legal_reason ~ '\S'),
  summary text not null default '',
  -- number of the letter that goes with it
  document_ref text not null default '',
  -- what was handed over: the signed manifest of an export of the case
  export_id uuid references case_export (id),
  evidence_sha256 text check (evidence_sha256 ~ '^[0-9a-f]{64}$'),
  state text not null default 'sent' check (state in ('sent', 'received', 'accepted', 'rejected', 'concluded')),
  -- case number at the authority (立案号)
  case_number text not null default '',
  -- why it was rejected, or how the case ended
  outcome text not null default '',
  sent_by uuid not null references account (id),
  sent_at timestamptz not null,
  received_at timestamptz,
  decided_at timestamptz,
  concluded_at timestamptz,
  version integer not null default 1,
  check ((export_id is null) = (evidence_sha256 is null)),
  check ((state in ('accepted', 'rejected', 'concluded')) = (decided_at is not null)),
  check ((state = 'concluded') = (concluded_at is not null)),
  check (state not in ('accepted', 'concluded') or case_number ~ '\S'),
  check (state not in ('rejected', 'concluded') or outcome ~ '\S')
);
create index lead_transfer_newest on lead_transfer (sent_at desc, id desc);
create index lead_transfer_task on lead_transfer (task_id);
create index lead_transfer_merchant on lead_transfer (merchant_id);

-- What a region and those below it let anybody read (Open311 GeoReport v2). No row: nothing.
create table open_data_policy (
  region_id uuid primary key references region (id),
  jurisdiction_id text not null unique check (jurisdiction_id ~ '^[a-z0-9][a-z0-9.-]{0,99}$'),
  enabled boolean not null default false,
  -- kinds of findings; empty: every kind
  kinds text[] not null default '{}',
  -- tasks that are still open, too; otherwise only confirmed facts whose task was closed
  open_tasks boolean not null default false,
  merchant_names boolean not null default false,
  -- after closure; time for an appeal or a reopening
  delay_days integer not null default 7 check (delay_days between 0 and 3650),
  changed_by uuid references account (id),
  changed_at timestamptz not null
);
