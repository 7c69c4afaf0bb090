-- What boxes said and no finding came of: its message and picture are not kept for ever, its row and its hashes are.

alter table edge_event
  add column removed_at timestamptz,
  add constraint edge_event_removed check (removed_at is null or (finding_id is null and outcome in ('refuted', 'kept')));
create index edge_event_kept on edge_event (last_at) where finding_id is null and removed_at is null;

alter table retention_policy
  drop constraint retention_policy_item_check,
  drop constraint retention_policy_check,
  add constraint retention_policy_item_check
    check (item in ('clip', 'frame', 'photo', 'document', 'visit_photo', 'edge_event', 'event', 'delivery')),
  add constraint retention_policy_check
    check ((item in ('visit_photo', 'edge_event', 'event', 'delivery')) = (since = 'written'));
insert into retention_policy (region_id, item, since, keep_days) values (null, 'edge_event', 'written', 180);

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
