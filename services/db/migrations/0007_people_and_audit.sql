-- People: all roles, assignment of cadres, accounts limited to cameras. Audit: history of anything that a person changes.

alter table account drop constraint account_role_check;
alter table account drop constraint account_check;
alter table account
  add constraint account_role_check check (role in ('operator', 'inspector', 'field_inspector', 'station_head', 'director',
    'cadre', 'merchant', 'food_safety_officer', 'platform', 'public')),
  add constraint account_merchant check ((role in ('merchant', 'food_safety_officer')) = (merchant_id is not null)),
  -- only what lies at the cameras of account_camera; a flag, so that removing the last one does not open everything
  add column camera_limited boolean not null default false;

create table account_camera (
  account_id uuid not null references account (id) on delete cascade,
  camera_id uuid not null references camera (id),
  primary key (account_id, camera_id)
);

-- 包保: which cadre answers for which merchant. Ended ones stay, for the quarters that they were in.
create table cadre_merchant (
  id uuid primary key default gen_random_uuid(),
  account_id uuid not null references account (id),
  merchant_id uuid not null references merchant (id),
  -- 包保等级 at which the merchant was assigned
  level text not null check (level in ('A', 'B', 'C', 'D')),
  -- 督导 due in each quarter
  visits_per_quarter integer not null default 1 check (visits_per_quarter between 1 and 92),
  since timestamptz not null default now(),
  until timestamptz check (until >= since),
  assigned_by uuid references account (id)
);
create unique index cadre_merchant_now on cadre_merchant (account_id, merchant_id) where until is null;
create index cadre_merchant_merchant on cadre_merchant (merchant_id);

-- 督导: a visit of a cadre. Append-only.
create table cadre_visit (
  id uuid primary key default gen_random_uuid(),
  account_id uuid not null references account (id),
  merchant_id uuid not null references merchant (id),
  visited_at timestamptz not null,
  -- what was seen; problems enter as findings of their own
  note text not null default '',
  recorded_at timestamptz not null
);
create index cadre_visit_merchant on cadre_visit (merchant_id, visited_at);
create trigger cadre_visit_append_only before update or delete on cadre_visit for each row execute function refuse_change();

-- Anything may have a history now, with the place that decides who may read it.
alter table history drop constraint history_entity_check;
alter table history
  add constraint history_entity_check check (entity ~ '^[a-z][a-z_]{0,39}$'),
  add column region_path text,
  add column merchant_id uuid;
create index history_actor on history (actor_id, id);
create index history_at on history (at, id);

-- The place is covered where there is one; rows without it hash as before.
create or replace function history_hash(p history) returns text
  language sql stable parallel safe
  return encode(sha256(convert_to(
    history_part(p.prev_hash) || history_part(p.id::text) || history_part(p.entity) || history_part(p.entity_id::text)
    || history_part(p.from_state) || history_part(p.to_state) || history_part(p.actor_id::text) || history_part(p.reason)
    || history_part(p.note) || history_part(p.command) || history_part(p.content_hash)
    || history_part((extract(epoch from p.at) * 1000000)::bigint::text)
    || case when p.region_path is null and p.merchant_id is null then ''
       else history_part(p.region_path) || history_part(p.merchant_id::text) end, 'UTF8')), 'hex');

-- What a row of history changed: the fields before and after. history.content_hash covers all rows of one history row, in
-- order (services/db/audit.ts). One import is one row of history with many of these.
create table history_change (
  -- history.id; without a foreign key, so that truncating history stays a matter of its own trigger
  history_id bigint not null,
  position integer not null check (position >= 0),
  entity text not null check (entity ~ '^[a-z][a-z_]{0,39}$'),
  entity_id uuid not null,
  -- JSON as written, only the fields that differ; before null: made, after null: removed. Secrets are never in it
  before json,
  after json,
  primary key (history_id, position)
);
create index history_change_entity on history_change (entity, entity_id, history_id);
create trigger history_change_append_only before update or delete on history_change for each row execute function refuse_change();
create trigger history_change_no_truncate before truncate on history_change for each statement execute function refuse_change();
