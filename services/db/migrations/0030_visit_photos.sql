-- Photographs of cadres' visits (督导): as received with their EXIF, and a copy for showing without any.

create table visit_photo (
  id uuid primary key default gen_random_uuid(),
  account_id uuid not null references account (id),
  -- null: waits for its visit, and goes after a day without one
  visit_id uuid references cadre_visit (id),
  -- place among the visit's photos
  position smallint check (position >= 0),
  object_key text not null,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  bytes integer not null check (bytes > 0),
  width integer not null check (width > 0),
  height integer not null check (height > 0),
  shown_key text not null,
  shown_sha256 text not null check (shown_sha256 ~ '^[0-9a-f]{64}$'),
  uploaded_at timestamptz not null,
  -- its time was over: the bytes are gone, the row and its hash stay
  removed_at timestamptz,
  unique (visit_id, position),
  check ((visit_id is null) = (position is null)),
  check (removed_at is null or visit_id is not null)
);
create index visit_photo_waits on visit_photo (account_id, uploaded_at) where visit_id is null;
create index visit_photo_kept on visit_photo (uploaded_at) where visit_id is not null and removed_at is null;
create index visit_photo_object on visit_photo (object_key);
create index visit_photo_shown on visit_photo (shown_key);

-- Once it belongs to a visit it stays as it is, but for the end of its time.
create function visit_photo_steps() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    if old.visit_id is not null then
      raise exception 'photographs of visits are append-only' using errcode = 'insufficient_privilege';
    end if;
    return old;
  end if;
  if old.visit_id is not null
    and (old.removed_at is not null or to_jsonb(new) - 'removed_at' is distinct from to_jsonb(old) - 'removed_at')
  then
    raise exception 'photographs of visits are append-only' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;
create trigger visit_photo_append_only before update or delete on visit_photo for each row execute function visit_photo_steps();
create trigger visit_photo_no_truncate before truncate on visit_photo for each statement execute function refuse_change();

alter table retention_policy
  drop constraint retention_policy_item_check,
  drop constraint retention_policy_check,
  add constraint retention_policy_item_check
    check (item in ('clip', 'frame', 'photo', 'document', 'visit_photo', 'event', 'delivery')),
  add constraint retention_policy_check check ((item in ('visit_photo', 'event', 'delivery')) = (since = 'written'));
insert into retention_policy (region_id, item, since, keep_days) values (null, 'visit_photo', 'written', 730);

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
  union all
  select picture ->> 'key', finding_id, 'edge_event', id, case when finding_id is not null then 'frame' end, picture ->> 'sha256',
    (picture ->> 'bytes')::integer from edge_event where picture is not null;
