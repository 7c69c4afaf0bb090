-- Policy per region as versioned documents, calendars, policy frozen onto tasks, and what each task waits for next.

-- 辖区政策: one row a version; what a document does not say is inherited (services/domain/policy.ts).
create table policy (
  id uuid primary key default gen_random_uuid(),
  -- null: everywhere
  region_id uuid references region (id),
  version integer not null check (version >= 1),
  -- in force from then on, until a version with a later time is
  effective_from timestamptz not null,
  document jsonb not null check (jsonb_typeof(document) = 'object'),
  note text not null default '',
  -- null: the upgrade of the database
  changed_by uuid references account (id),
  changed_at timestamptz not null,
  -- taken back before it came into force
  withdrawn_at timestamptz,
  withdrawn_by uuid references account (id),
  unique nulls not distinct (region_id, version),
  -- rodents are confirmed by a person, always
  constraint policy_rodents_by_people check (not coalesce((document -> 'dispatch') ? 'rodent', false)),
  constraint policy_withdrawn check (withdrawn_at is null or withdrawn_at < effective_from)
);
create index policy_region on policy (region_id, effective_from desc, version desc);

create function policy_only_withdrawn() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and old.withdrawn_at is null and new.withdrawn_at is not null
     and (to_jsonb(new) - 'withdrawn_at' - 'withdrawn_by') = (to_jsonb(old) - 'withdrawn_at' - 'withdrawn_by') then
    return new;
  end if;
  raise exception 'policy is append-only' using errcode = 'insufficient_privilege';
end $$;
create trigger policy_append_only before update or delete on policy for each row execute function policy_only_withdrawn();

-- Holidays with make-up working days, and school terms.
create table calendar (
  id uuid primary key default gen_random_uuid(),
  code text not null unique,
  name text not null,
  -- who may change it; null: those who have all regions
  region_id uuid references region (id),
  -- [{"date": "2026-10-01", "type": "off" | "work", "name": "国庆节"}]
  days jsonb not null default '[]',
  -- [{"from": "2026-09-01", "to": "2027-01-22", "name": "秋季学期"}], both days included
  terms jsonb not null default '[]',
  version integer not null default 1,
  changed_by uuid references account (id),
  changed_at timestamptz not null
);

-- The limits that were there, as documents.
insert into policy (region_id, version, effective_from, document, note, changed_at)
select region_id, 1, 'epoch',
  jsonb_build_object('limits', jsonb_object_agg(class::text, jsonb_build_object(
    'acknowledgeMin', acknowledge_min, 'submitMin', submit_min, 'recheckMin', recheck_min))),
  'limits of before', now()
from deadline_policy group by region_id;
drop table deadline_policy;

-- The whole policy as it was when a task was issued, calendar included: kept once, named by its content.
create table frozen_policy (
  -- over the JSON with sorted keys
  sha256 text primary key check (sha256 ~ '^[0-9a-f]{64}$'),
  policy jsonb not null,
  created_at timestamptz not null default now()
);
create trigger frozen_policy_append_only before update or delete on frozen_policy
  for each row execute function refuse_change();

alter table task
  -- null: issued by policy, without a person
  alter column issued_by drop not null,
  add constraint task_rodents_by_people check (kind <> 'rodent' or issued_by is not null),
  -- null: issued before policies were frozen; its limits are in `limits`
  add column policy_sha256 text references frozen_policy (sha256),
  -- e.g. 'huojia@3 huojia.chengguan@1'
  add column policy_version text not null default '',
  -- due times with the pauses that are over: what is compared with a clock
  add column acknowledge_by timestamptz,
  add column submit_by timestamptz,
  add column next_step text check (next_step in ('acknowledge', 'submit', 'escalate', 'decide_appeal', 'review',
    'field_visit', 'begin_recheck', 'recheck', 'sample')),
  -- null: waits for a person
  add column next_step_at timestamptz,
  -- the next_step_at that a delayed job was made for
  add column step_scheduled_at timestamptz,
  -- steps of the chain taken for each late step, and when the last was
  add column acknowledge_level integer not null default 0,
  add column submit_level integer not null default 0,
  add column escalated_at timestamptz,
  -- the overdue field visit was told
  add column visit_told_at timestamptz,
  -- the recheck is done by people: drawn, or not observed enough
  add column by_people boolean not null default false;
alter table task drop constraint task_returns_check;
alter table task add constraint task_returns_check check (returns between 0 and 9);

update task set
  acknowledge_by = acknowledge_due + make_interval(secs => paused_ms / 1000),
  submit_by = submit_due + make_interval(secs => paused_ms / 1000),
  acknowledge_level = (acknowledge_escalated_at is not null)::int,
  submit_level = (submit_escalated_at is not null)::int,
  escalated_at = greatest(acknowledge_escalated_at, submit_escalated_at);
-- Where nothing is said, the due times are as frozen. next_step of such rows is null: the auditor works it out.
create function task_due() returns trigger language plpgsql as $$
begin
  new.acknowledge_by := coalesce(new.acknowledge_by, new.acknowledge_due);
  new.submit_by := coalesce(new.submit_by, new.submit_due);
  return new;
end $$;
create trigger task_due before insert on task for each row execute function task_due();
alter table task alter column acknowledge_by set not null, alter column submit_by set not null;

create index task_step on task (next_step_at) where next_step_at is not null;
create index task_unscheduled on task (next_step_at)
  where next_step_at is not null and step_scheduled_at is distinct from next_step_at;

create function notify_step() returns trigger language plpgsql as $$
begin
  perform pg_notify('mingzao_step', '');
  return null;
end $$;
create trigger step_notify_new after insert on task for each row when (new.next_step_at is not null)
  execute function notify_step();
create trigger step_notify after update of next_step_at on task for each row
  when (new.next_step_at is not null and new.next_step_at is distinct from old.next_step_at)
  execute function notify_step();

-- 升级: one row a step of the chain, for good. Append-only.
create table task_escalation (
  task_id uuid not null references task (id),
  late text not null check (late in ('acknowledge', 'submit')),
  -- 0-based place in the chain
  level integer not null check (level >= 0),
  -- who is told; the cadre learns of every level 0 too
  told text not null,
  -- code of the document that is due now; null: none
  document text,
  -- null: the system
  actor_id uuid,
  at timestamptz not null,
  primary key (task_id, late, level)
);
create trigger task_escalation_append_only before update or delete on task_escalation
  for each row execute function refuse_change();
insert into task_escalation (task_id, late, level, told, at)
  select id, 'acknowledge', 0, 'inspector', acknowledge_escalated_at from task where acknowledge_escalated_at is not null;
insert into task_escalation (task_id, late, level, told, at)
  select id, 'submit', 0, 'inspector', submit_escalated_at from task where submit_escalated_at is not null;

-- What the auditor found wrong with a task's next step, and that it was put right.
create table step_fault (
  id bigint generated always as identity primary key,
  task_id uuid not null references task (id),
  -- wrong_step: the row says something else than the facts; no_job: no job waits; not_done: it was due and nothing happened
  fault text not null check (fault in ('wrong_step', 'no_job', 'not_done')),
  expected_step text,
  expected_at timestamptz,
  found_step text,
  found_at timestamptz,
  -- null: not yet
  repaired_at timestamptz,
  at timestamptz not null
);
create index step_fault_at on step_fault (at desc, id desc);
create index step_fault_task on step_fault (task_id);
