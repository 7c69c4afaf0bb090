-- Cases that belong together are held, kept and told together: merged findings, findings of one task, recurrences. Reports of people
-- and the frozen policy enter the chain; logs that were removed are written down.

create or replace function case_members(p_case uuid) returns setof uuid language sql stable as $$
  with recursive member (id) as (
    select p_case
    union
    select linked.id from member cross join lateral (
      select merged_into as id from finding where finding.id = member.id and merged_into is not null
      union all select finding.id from finding where merged_into = member.id
      union all select other.finding_id from task_finding as own join task_finding as other using (task_id)
        where own.finding_id = member.id
      union all select later.finding_id from task as own join task as later on later.recurred_from = own.id
        where own.finding_id = member.id
      union all select earlier.finding_id from task as own join task as earlier on earlier.id = own.recurred_from
        where own.finding_id = member.id
    ) as linked
  )
  select id from member
$$;

-- 保全 of one holds all that belong to it.
create function case_held(p_case uuid) returns boolean language sql stable as $$
  select exists (
    select from legal_hold where lifted_at is null and case_id in (select case_members(p_case))
  )
$$;

-- Open as long as anything of it is: a finding nobody judged or whose task is not issued yet, a task that is neither over nor come
-- again. What was handed to others (transferred) counts as open: they may ask for it.
create or replace view case_phase as
  select finding.id as case_id, finding.region_id,
    case when whole.open then 'open' when whole.tasks then 'closed' else 'dismissed' end as phase,
    whole.since
  from finding cross join lateral (
    select
      bool_or(one.state = 'pending_review' or (one.state = 'confirmed' and task.id is null)
        or coalesce(task.state not in ('closed', 'recheck_passed', 'withdrawn', 'recurred'), false)) as open,
      count(task.id) > 0 as tasks,
      max((select max(at) from history where (entity = 'finding' and entity_id = one.id and command not in ('export', 'hold', 'lift_hold'))
        or (entity = 'task' and entity_id = task.id))) as since
    from case_members(finding.id) as member (id)
    join finding as one on one.id = member.id
    left join task_finding as link on link.finding_id = one.id
    left join task on task.id = link.task_id
  ) as whole;

-- A report's photographs are evidence; those that wait for their report belong to no case.
create or replace view object_reference as
  select object_key, finding_id as case_id, 'evidence' as source, id as item_id, kind as what, sha256, bytes from evidence
  union all
  select p.object_key, t.finding_id, 'photo', p.id, 'photo', p.sha256, p.bytes from task_photo p join task t on t.id = p.task_id
  union all
  select p.shown_key, t.finding_id, 'photo', p.id, 'photo', p.shown_sha256, null from task_photo p join task t on t.id = p.task_id
  union all
  select shown_key, finding_id, 'report_photo', id, 'photo', shown_sha256, null from report_photo
  union all
  select object_key, null, 'report_photo', id, null, sha256, bytes from report_photo where finding_id is null
  union all
  select object_key, null, 'reference', camera_id, null, sha256, null from camera_reference where object_key is not null;
create index report_photo_object on report_photo (object_key);
create index report_photo_shown on report_photo (shown_key);

-- Locks the chains of all cases that an object concerns, in one order for everybody.
create function lock_object_cases(p_key text) returns void language plpgsql as $$
begin
  perform from case_chain where case_id in (
    select member.id from object_reference as reference, case_members(reference.case_id) as member (id)
    where reference.object_key = p_key and reference.case_id is not null
  ) order by case_id for update;
end $$;

create or replace function object_removal_guard() returns trigger language plpgsql as $$
declare
  kept record;
begin
  if new.why <> 'retention' or new.cancelled_at is not null or new.done_at is not null then return new; end if;
  perform lock_object_cases(new.object_key);
  select reference.case_id, case_held(reference.case_id) as held into kept
    from object_reference as reference
    left join case_phase as phase on phase.case_id = reference.case_id
    where reference.object_key = new.object_key
      and (coalesce(phase.phase, 'open') = 'open' or case_held(reference.case_id))
    limit 1;
  if found then
    raise exception 'object % belongs to case %, which is %', new.object_key, kept.case_id,
      case when kept.held then 'under legal hold' else 'open' end using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;

create or replace function legal_hold_placed() returns trigger language plpgsql as $$
begin
  perform from case_chain where case_id in (select case_members(new.case_id)) order by case_id for update;
  update object_removal set cancelled_at = new.placed_at
    where done_at is null and cancelled_at is null and started_at is null
      and object_key in (select object_key from object_reference where case_id in (select case_members(new.case_id)));
  return new;
end $$;

-- The policy that was frozen onto a task is named in its item; tasks from before have none.
update case_source set columns = columns || '{policy_sha256}' where source = 'task';

-- What a person reported stands beside the finding, whose item keeps to what all findings have.
insert into case_source (source, relation, case_by, columns) values
  ('report', 'finding', 'id', '{id,source,text,place,reported_by,created_at}');
create trigger finding_report_in_case after insert on finding for each row
  when (new.reported_by is not null) execute function case_item_added('report');
create function case_backfill() returns void language plpgsql set timezone to 'UTC' set extra_float_digits to '1' as $$
declare
  one finding;
begin
  for one in select * from finding where reported_by is not null order by created_at, id loop
    perform case_append(one.id, 'report', to_jsonb(one));
  end loop;
end $$;
select case_backfill();
drop function case_backfill();

-- Rows of logs that were removed when their time was over. Append-only.
create table log_removal (
  id uuid primary key default gen_random_uuid(),
  item text not null check (item in ('event', 'delivery')),
  first_id bigint not null,
  last_id bigint not null,
  rows integer not null check (rows > 0),
  -- over the rows as JSON, a line each, in the order of their ids
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  keep_days integer not null,
  at timestamptz not null
);
create trigger log_removal_append_only before update or delete on log_removal for each row execute function refuse_change();
