-- 案卷: documents (文书) and what edge boxes sent belong to the case that they are about.

insert into case_source (source, relation, case_by, columns) values
  ('document', 'document', 'task_id', '{id,number,region_id,type,task_id,merchant_id,title,object_key,sha256,bytes,issued_by,issued_at}'),
  ('document_void', 'document', 'task_id', '{id,number,task_id,voided_by,voided_at,void_reason}'),
  ('edge_event', 'edge_event', 'finding_id',
   '{id,gateway_id,camera_id,format,event_key,channel,type,label,kind,happened_at,received_at,boxes,size,raw_key,raw_sha256,picture,finding_id}');

-- A document enters when its bytes are stored, not when its number is given out: the link covers both.
create trigger document_in_case after update of state on document for each row
  when (old.state = 'rendering' and new.state = 'issued') execute function case_item_added('document');
create trigger document_void_in_case after update of state on document for each row
  when (old.state = 'issued' and new.state = 'void') execute function case_item_added('document_void');
-- A box's event enters when it leads to a finding.
create trigger edge_event_in_case after update of finding_id on edge_event for each row
  when (old.finding_id is null and new.finding_id is not null) execute function case_item_added('edge_event');
create trigger edge_event_no_delete before delete on edge_event for each row
  when (old.finding_id is not null) execute function refuse_change();
create trigger edge_event_no_truncate before truncate on edge_event for each statement execute function refuse_change();

create function case_backfill() returns void language plpgsql set timezone to 'UTC' set extra_float_digits to '1' as $$
declare
  one record;
begin
  for one in
    select item.* from (
      select task.finding_id as case_id, document.issued_at as at, document.id, 'document' as source, to_jsonb(document) as item
        from document join task on task.id = document.task_id where document.state <> 'rendering'
      union all
      select task.finding_id, document.voided_at, document.id, 'document_void', to_jsonb(document)
        from document join task on task.id = document.task_id where document.state = 'void'
      union all
      select finding_id, received_at, id, 'edge_event', to_jsonb(edge_event) from edge_event where finding_id is not null
    ) as item
    order by item.case_id, item.at, item.source, item.id
  loop
    perform case_append(one.case_id, one.source, one.item);
  end loop;
end $$;
select case_backfill();
drop function case_backfill();

-- A box's payload holds its picture too: kept as long as frames are. What led to no finding is kept as long as its row.
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
  select object_key, null, 'reference', camera_id, null, sha256, null from camera_reference where object_key is not null
  union all
  select d.object_key, t.finding_id, 'document', d.id, 'document', d.sha256, d.bytes
    from document d join task t on t.id = d.task_id where d.object_key is not null
  union all
  select raw_key, finding_id, 'edge_event', id, case when finding_id is not null then 'frame' end, raw_sha256, null from edge_event
  union all
  select picture ->> 'key', finding_id, 'edge_event', id, case when finding_id is not null then 'frame' end, picture ->> 'sha256',
    (picture ->> 'bytes')::integer from edge_event where picture is not null;
create index document_object on document (object_key);
create index edge_event_raw on edge_event (raw_key);
create index edge_event_picture on edge_event ((picture ->> 'key')) where picture is not null;
create index edge_event_finding on edge_event (finding_id) where finding_id is not null;
