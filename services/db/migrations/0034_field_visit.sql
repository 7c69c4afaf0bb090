-- 到场核查: where a merchant is, who was there and when, what was seen; photographs of it in parts; drafts that people write.

-- Degrees of WGS 84, as phones and GeoJSON (RFC 7946) have them; not the shifted GCJ-02 of map sites.
alter table merchant
  add column lat double precision check (lat between -90 and 90),
  add column lon double precision check (lon between -180 and 180),
  add column address text not null default '',
  -- of the business, for those who are to visit it
  add column phone text not null default '',
  add constraint merchant_place check ((lat is null) = (lon is null));

-- A photograph for a report has no task yet.
alter table photo_upload
  alter column task_id drop not null,
  drop constraint photo_upload_task_id_account_id_sha256_key,
  add unique nulls not distinct (task_id, account_id, sha256);

-- One visit of a person to a merchant. Times and place as the device stated them: they prove nothing by themselves.
create table field_visit (
  id uuid primary key default gen_random_uuid(),
  merchant_id uuid not null references merchant (id),
  account_id uuid not null references account (id),
  visited_at timestamptz not null,
  lat double precision check (lat between -90 and 90),
  lon double precision check (lon between -180 and 180),
  -- radius in metres in which the device believes itself, 68 %
  accuracy_m double precision check (accuracy_m >= 0),
  -- why the device gave no place
  place_problem text check (place_problem in ('denied', 'unavailable', 'timeout', 'unsupported')),
  -- from the merchant's place as it was then; null: one of the two is not known
  distance_m double precision,
  note text not null default '',
  recorded_at timestamptz not null,
  check ((lat is null) = (lon is null) and (lat is null) = (accuracy_m is null) and (lat is null) = (place_problem is not null))
);
create index field_visit_merchant on field_visit (merchant_id, visited_at desc);
create trigger field_visit_append_only before update or delete on field_visit for each row execute function refuse_change();
create trigger field_visit_no_truncate before truncate on field_visit for each statement execute function refuse_change();

-- What the visit says of one case: an item of its chain, so time and place stand here once more.
create table field_visit_item (
  id uuid primary key default gen_random_uuid(),
  visit_id uuid not null references field_visit (id),
  finding_id uuid not null references finding (id),
  -- null: of a finding without a task
  task_id uuid references task (id),
  -- services/domain/field-visit.ts
  outcome text not null check (outcome in ('put_right', 'not_put_right', 'confirmed', 'not_seen', 'found')),
  -- the command that followed from it; empty: none
  effect text not null default '',
  text text not null default '',
  visited_at timestamptz not null,
  lat double precision,
  lon double precision,
  accuracy_m double precision,
  distance_m double precision,
  place_problem text,
  account_id uuid not null references account (id),
  at timestamptz not null
);
create index field_visit_item_visit on field_visit_item (visit_id);
create index field_visit_item_finding on field_visit_item (finding_id, at);
create index field_visit_item_task on field_visit_item (task_id, at) where task_id is not null;
create trigger field_visit_item_append_only before update or delete on field_visit_item
  for each row execute function refuse_change();
create trigger field_visit_item_no_truncate before truncate on field_visit_item
  for each statement execute function refuse_change();
insert into case_source (source, relation, case_by, columns) values
  ('visit', 'field_visit_item', 'finding_id',
   '{id,visit_id,finding_id,task_id,outcome,effect,text,visited_at,lat,lon,accuracy_m,distance_m,place_problem,account_id,at}');
create trigger field_visit_item_in_case after insert on field_visit_item
  for each row execute function case_item_added('visit');
-- Photographs of a visit: their look is the item that they belong to.
create index evidence_visit on evidence (look_id) where detail ? 'visit';

-- 文书草稿 by those who were there: of no step of the chain.
alter table document_draft
  alter column late drop not null,
  alter column level drop not null,
  add column recipient text not null default '',
  -- null: drafted by a step of the chain
  add column drafted_by uuid references account (id),
  add constraint document_draft_origin check ((late is null) = (level is null) and (late is null) = (drafted_by is not null));
create index document_draft_task on document_draft (task_id, created_at desc);
