-- A photograph that a person reported with is one thing: as it was received (evidence) and as it is shown (its copy without metadata)
-- are kept equally long, as photographs. Until now the one went as a picture of a camera and the other stayed for ever where the
-- report was dismissed.

create or replace view object_reference as
  select object_key, finding_id as case_id, 'evidence' as source, id as item_id,
    -- services/db/finding-reports.ts: of a person's photograph it says which copy is shown
    case when detail ? 'shown' then 'photo' else kind end as what, sha256, bytes from evidence
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

-- As each region keeps the pictures of what was dismissed: 180 days, unless somebody said otherwise.
insert into retention_policy (region_id, item, since, keep_days)
  select region_id, 'photo', 'dismissed', keep_days from retention_policy where item = 'frame' and since = 'dismissed'
  on conflict (region_id, item, since) do nothing;
