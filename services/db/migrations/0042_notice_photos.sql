-- Photographs of signs and of staff that was told are kept like others: guarded, swept, and gone when their time is over. What was
-- recorded and its hash stay.

alter table camera_notice
  -- its photo's time was over: the bytes are gone
  add column removed_at timestamptz,
  add constraint camera_notice_removed check (removed_at is null or object_key is not null);
create index camera_notice_kept on camera_notice (recorded_at) where object_key is not null and removed_at is null;
create index camera_notice_object on camera_notice (object_key);
create index camera_notice_shown on camera_notice (shown_key);

create function camera_notice_steps() returns trigger language plpgsql as $$
begin
  if old.removed_at is not null or to_jsonb(new) - 'removed_at' is distinct from to_jsonb(old) - 'removed_at' then
    raise exception 'notices of cameras are append-only' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;
drop trigger camera_notice_append_only on camera_notice;
create trigger camera_notice_append_only before update on camera_notice for each row execute function camera_notice_steps();

alter table retention_policy
  drop constraint retention_policy_item_check,
  drop constraint retention_policy_check,
  add constraint retention_policy_item_check
    check (item in ('clip', 'frame', 'photo', 'document', 'visit_photo', 'notice_photo', 'edge_event', 'event', 'delivery')),
  add constraint retention_policy_check
    check ((item in ('visit_photo', 'notice_photo', 'edge_event', 'event', 'delivery')) = (since = 'written'));
insert into retention_policy (region_id, item, since, keep_days) values (null, 'notice_photo', 'written', 730);

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
  select object_key, null, 'visit_photo', id, null, sha256, bytes from visit_photo where removed_at is null
  union all
  select shown_key, null, 'visit_photo', id, null, shown_sha256, null from visit_photo where removed_at is null
  union all
  select object_key, null, 'notice_photo', id, null, sha256, null from camera_notice
    where object_key is not null and removed_at is null
  union all
  select shown_key, null, 'notice_photo', id, null, shown_sha256, null from camera_notice
    where shown_key is not null and removed_at is null
  union all
  select object_key, null, 'reference', camera_id, null, sha256, null from camera_reference where object_key is not null
  union all
  select d.object_key, t.finding_id, 'document', d.id, 'document', d.sha256, d.bytes
    from document d join task t on t.id = d.task_id where d.object_key is not null
  union all
  select raw_key, finding_id, 'edge_event', id, case when finding_id is not null then 'frame' end, raw_sha256, null from edge_event
    where removed_at is null
  union all
  select picture ->> 'key', finding_id, 'edge_event', id, case when finding_id is not null then 'frame' end, picture ->> 'sha256',
    (picture ->> 'bytes')::integer from edge_event where picture is not null and removed_at is null;
