-- The case file: a hash chain over everything that belongs to a finding, legal holds, removals and their policy.
-- A case is a finding with its task, answers, photos and history. Its id is that of the finding.

-- Where the items of a case come from. A new kind of item is one row here and one trigger case_item_added.
create table case_source (
  source text primary key,
  relation text not null,
  -- the column that leads to the finding: id, finding_id, task_id; entity: as in history
  case_by text not null check (case_by in ('id', 'finding_id', 'task_id', 'entity')),
  -- what the digest covers; null values are left out, so that a column added later (null in older rows) changes no digest
  columns text[] not null
);
insert into case_source (source, relation, case_by, columns) values
  ('finding', 'finding', 'id',
   '{id,fingerprint,camera_id,zone_id,merchant_id,region_id,kind,class,first_seen,rule,models,created_at}'),
  ('evidence', 'evidence', 'finding_id',
   '{id,finding_id,look_id,kind,object_key,sha256,bytes,content_type,captured_at,width,height,detail,created_at}'),
  ('verdict', 'history', 'entity',
   '{id,entity,entity_id,from_state,to_state,actor_id,reason,note,command,content_hash,region_path,merchant_id,at,prev_hash,hash}'),
  ('history', 'history', 'entity',
   '{id,entity,entity_id,from_state,to_state,actor_id,reason,note,command,content_hash,region_path,merchant_id,at,prev_hash,hash}'),
  ('task', 'task', 'finding_id',
   '{id,number,finding_id,merchant_id,region_id,zone_id,kind,class,issued_at,issued_by,acknowledge_due,submit_due,limits,created_at}'),
  ('photo', 'task_photo', 'task_id',
   '{id,task_id,object_key,sha256,bytes,width,height,shown_key,shown_sha256,uploaded_by,uploaded_at}'),
  ('answer', 'task_answer', 'task_id', '{id,task_id,type,text,photos,content_hash,account_id,at}');

-- One row a case: the end of its chain. Whoever cuts links off must lie here too, and time stamps outside still say otherwise.
create table case_chain (
  case_id uuid primary key references finding (id),
  links integer not null default 0 check (links >= 0),
  hash text not null default repeat('0', 64)
);

-- Append-only. `digest`: SHA-256 over case_item_text of the item; `hash` covers the link and the hash before it.
create table case_link (
  case_id uuid not null references case_chain (case_id),
  -- 1, 2, 3 … without gaps
  seq integer not null,
  source text not null references case_source (source),
  item_id text not null,
  digest text not null check (digest ~ '^[0-9a-f]{64}$'),
  -- the database's clock
  recorded_at timestamptz not null,
  prev_hash text not null,
  hash text not null,
  primary key (case_id, seq),
  unique (case_id, source, item_id)
);
create index case_link_item on case_link (source, item_id);

-- The item as the digest covers it: JSON with sorted keys, times in UTC. `p_row` is to_jsonb of the row, made with UTC set.
create function case_item_text(p_source text, p_row jsonb) returns text
  language sql stable parallel safe
  return (
    select jsonb_strip_nulls(jsonb_object_agg(name, p_row -> name))::text
    from case_source, unnest(columns) as name where source = p_source
  );

-- services/domain/case-chain.ts computes the same.
create function case_link_hash(p case_link) returns text
  language sql stable parallel safe
  return encode(sha256(convert_to(
    history_part(p.prev_hash) || history_part(p.case_id::text) || history_part(p.seq::text) || history_part(p.source)
    || history_part(p.item_id) || history_part(p.digest)
    || history_part((extract(epoch from p.recorded_at) * 1000000)::bigint::text), 'UTF8')), 'hex');

-- The case that a row belongs to; null: none.
create function case_of(p_case_by text, p_row jsonb) returns uuid
  language sql stable parallel safe
  return case
    when p_case_by = 'id' then (p_row ->> 'id')::uuid
    when p_case_by = 'finding_id' then (p_row ->> 'finding_id')::uuid
    when p_case_by = 'task_id' then (select finding_id from task where id = (p_row ->> 'task_id')::uuid)
    when p_row ->> 'entity' = 'finding' then (select id from finding where id = (p_row ->> 'entity_id')::uuid)
    when p_row ->> 'entity' = 'task' then (select finding_id from task where id = (p_row ->> 'entity_id')::uuid)
  end;

-- The cases that are told together with this one. Alone as long as nothing links cases.
create function case_members(p_case uuid) returns setof uuid language sql stable as $$ select p_case $$;

-- One writer a chain at a time: the row of case_chain is the lock.
create function case_append(p_case uuid, p_source text, p_row jsonb) returns void language plpgsql as $$
declare
  link case_link;
begin
  insert into case_chain (case_id) values (p_case) on conflict do nothing;
  select p_case, links + 1, p_source, p_row ->> 'id',
    encode(sha256(convert_to(case_item_text(p_source, p_row), 'UTF8')), 'hex'), clock_timestamp(), hash, ''
    into link from case_chain where case_id = p_case for update;
  link.hash := case_link_hash(link);
  insert into case_link values (link.*);
  update case_chain set links = link.seq, hash = link.hash where case_id = p_case;
end $$;

create function case_item_added() returns trigger language plpgsql set timezone to 'UTC' set extra_float_digits to '1' as $$
declare
  added jsonb := to_jsonb(new);
  belongs uuid := case_of((select case_by from case_source where source = tg_argv[0]), added);
begin
  if belongs is not null then perform case_append(belongs, tg_argv[0], added); end if;
  return null;
end $$;

create trigger finding_in_case after insert on finding for each row execute function case_item_added('finding');
create trigger evidence_in_case after insert on evidence for each row execute function case_item_added('evidence');
create trigger task_in_case after insert on task for each row execute function case_item_added('task');
create trigger task_photo_in_case after insert on task_photo for each row execute function case_item_added('photo');
create trigger task_answer_in_case after insert on task_answer for each row execute function case_item_added('answer');
create trigger history_verdict_in_case after insert on history for each row
  when (new.entity = 'finding' and new.command = '' and new.from_state is not null) execute function case_item_added('verdict');
create trigger history_in_case after insert on history for each row
  when (not (new.entity = 'finding' and new.command = '' and new.from_state is not null)) execute function case_item_added('history');

-- Cases that were there before: chained now, in the order in which things were written.
create function case_backfill() returns void language plpgsql set timezone to 'UTC' set extra_float_digits to '1' as $$
declare
  one record;
begin
  for one in
    select item.* from (
      select id as case_id, created_at as at, 1 as rank, '' as tie, 'finding' as source, to_jsonb(f) as item from finding f
      union all select finding_id, created_at, 2, id::text, 'evidence', to_jsonb(e) from evidence e
      union all select finding_id, created_at, 4, id::text, 'task', to_jsonb(t) from task t
      union all select t.finding_id, p.uploaded_at, 5, p.id::text, 'photo', to_jsonb(p)
        from task_photo p join task t on t.id = p.task_id
      union all select t.finding_id, a.at, 6, a.id::text, 'answer', to_jsonb(a)
        from task_answer a join task t on t.id = a.task_id
      union all select case_of('entity', to_jsonb(h)), h.at, case when entity = 'finding' then 3 else 7 end, lpad(h.id::text, 20, '0'),
        case when entity = 'finding' and command = '' and from_state is not null then 'verdict' else 'history' end, to_jsonb(h)
        from history h
    ) as item
    where item.case_id is not null and exists (select from finding where id = item.case_id)
    order by item.case_id, item.at, item.rank, item.tie
  loop
    perform case_append(one.case_id, one.source, one.item);
  end loop;
end $$;
select case_backfill();
drop function case_backfill();

-- 保全. While one stands, nothing of the case is removed. History of the case says who placed and lifted it, and why.
create table legal_hold (
  id uuid primary key default gen_random_uuid(),
  case_id uuid not null references finding (id),
  reason text not null check (reason ~ '\S'),
  placed_by uuid references account (id),
  placed_at timestamptz not null,
  lifted_by uuid references account (id),
  lifted_at timestamptz,
  lift_reason text,
  check ((lifted_at is null) = (lift_reason is null))
);
create unique index legal_hold_open on legal_hold (case_id) where lifted_at is null;
create index legal_hold_case on legal_hold (case_id, placed_at);

-- How long what is kept, in days; null: for ever. The deepest region wins. `closed`: the case is over, `dismissed`: it was none,
-- `written`: since it was written (logs; of no region).
create table retention_policy (
  id uuid primary key default gen_random_uuid(),
  region_id uuid references region (id),
  item text not null check (item in ('clip', 'frame', 'photo', 'document', 'event', 'delivery')),
  since text not null check (since in ('closed', 'dismissed', 'written')),
  -- logs are kept for half a year at least (Cybersecurity Law art. 21)
  keep_days integer check (keep_days >= 180),
  check ((item in ('event', 'delivery')) = (since = 'written')),
  check (since <> 'written' or region_id is null),
  unique nulls not distinct (region_id, item, since)
);
insert into retention_policy (region_id, item, since, keep_days) values
  (null, 'clip', 'closed', 730),
  (null, 'frame', 'closed', null),
  (null, 'photo', 'closed', null),
  (null, 'document', 'closed', null),
  (null, 'clip', 'dismissed', 180),
  (null, 'frame', 'dismissed', 180),
  (null, 'event', 'written', 400),
  (null, 'delivery', 'written', 400);

-- Every row that needs an object. `what` is the item of retention_policy; null: kept as long as the row. A photo's shown copy goes
-- with the photo.
create view object_reference as
  select object_key, finding_id as case_id, 'evidence' as source, id as item_id, kind as what, sha256, bytes from evidence
  union all
  select p.object_key, t.finding_id, 'photo', p.id, 'photo', p.sha256, p.bytes from task_photo p join task t on t.id = p.task_id
  union all
  select p.shown_key, t.finding_id, 'photo', p.id, 'photo', p.shown_sha256, null from task_photo p join task t on t.id = p.task_id
  union all
  select object_key, null, 'reference', camera_id, null, sha256, null from camera_reference where object_key is not null;
create index evidence_object on evidence (object_key);
create index task_photo_object on task_photo (object_key);
create index task_photo_shown on task_photo (shown_key);

-- Whether a case is over, and since when. What was handed to others (transferred) or came again (recurred) counts as open.
create view case_phase as
  select finding.id as case_id, finding.region_id,
    case
      when task.state in ('closed', 'recheck_passed', 'withdrawn') then 'closed'
      when task.id is null and finding.state in ('dismissed', 'expired') then 'dismissed'
      else 'open'
    end as phase,
    (select max(at) from history
      where (entity = 'task' and entity_id = task.id) or (task.id is null and entity = 'finding' and entity_id = finding.id))
      as since
  from finding left join task on task.finding_id = finding.id;

-- What was removed from the object store: first written down, then done, so that a crash leaves neither a row that points to nothing
-- unseen nor an object that nobody removes. Append-only but for its own steps.
create table object_removal (
  id uuid primary key default gen_random_uuid(),
  object_key text not null,
  -- of the bytes that were removed, as recorded (retention) or as found (orphans)
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  bytes bigint,
  why text not null check (why in ('retention', 'orphan')),
  -- the policy as it was: {"item": "clip", "since": "closed", "keepDays": 730}
  policy jsonb not null default '{}',
  planned_at timestamptz not null,
  -- claimed by a worker; a claim that is older than its lease is taken over
  started_at timestamptz,
  done_at timestamptz,
  -- a hold came before it was done
  cancelled_at timestamptz,
  check (num_nonnulls(done_at, cancelled_at) < 2)
);
create unique index object_removal_open on object_removal (object_key) where cancelled_at is null and done_at is null;
create index object_removal_key on object_removal (object_key);
create index object_removal_planned on object_removal (planned_at desc, id desc);

insert into case_source (source, relation, case_by, columns) values
  ('removal', 'object_removal', 'id', '{id,object_key,sha256,bytes,why,policy,planned_at,done_at}');

-- The last word, whoever asks: nothing of a case that is open or held is planned or claimed for removal.
create function object_removal_guard() returns trigger language plpgsql as $$
declare
  kept record;
begin
  if new.why <> 'retention' or new.cancelled_at is not null or new.done_at is not null then return new; end if;
  -- Holds take the same lock: a hold and a removal never pass each other.
  perform from case_chain where case_id in (select case_id from object_reference where object_key = new.object_key)
    order by case_id for update;
  select reference.case_id, phase.phase, hold.id as hold into kept
    from object_reference as reference
    left join case_phase as phase on phase.case_id = reference.case_id
    left join legal_hold as hold on hold.case_id = reference.case_id and hold.lifted_at is null
    where reference.object_key = new.object_key
      and (hold.id is not null or coalesce(phase.phase, 'open') = 'open')
    limit 1;
  if found then
    raise exception 'object % belongs to case %, which is %', new.object_key, kept.case_id,
      case when kept.hold is null then 'open' else 'under legal hold' end using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;
create trigger object_removal_guarded before insert or update of started_at on object_removal
  for each row execute function object_removal_guard();

create function object_removal_steps() returns trigger language plpgsql as $$
begin
  if old.done_at is not null or old.cancelled_at is not null
    or (new.id, new.object_key, new.sha256, new.bytes, new.why, new.policy, new.planned_at)
      is distinct from (old.id, old.object_key, old.sha256, old.bytes, old.why, old.policy, old.planned_at)
  then
    raise exception 'object_removal is append-only' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;
create trigger object_removal_append_only before update on object_removal for each row execute function object_removal_steps();
create trigger object_removal_no_delete before delete on object_removal for each row execute function refuse_change();

-- Done: it enters the chain of every case that it touched.
create function object_removal_in_case() returns trigger
  language plpgsql set timezone to 'UTC' set extra_float_digits to '1' as $$
declare
  one uuid;
begin
  for one in select distinct case_id from object_reference
    where object_key = new.object_key and case_id is not null order by case_id
  loop
    perform case_append(one, 'removal', to_jsonb(new));
  end loop;
  return null;
end $$;
create trigger object_removal_in_case after update of done_at on object_removal for each row
  when (old.done_at is null and new.done_at is not null) execute function object_removal_in_case();

-- A hold waits for nobody who removes, and takes back what was only planned.
create function legal_hold_placed() returns trigger language plpgsql as $$
begin
  insert into case_chain (case_id) values (new.case_id) on conflict do nothing;
  perform from case_chain where case_id = new.case_id for update;
  update object_removal set cancelled_at = new.placed_at
    where done_at is null and cancelled_at is null and started_at is null
      and object_key in (select object_key from object_reference where case_id = new.case_id);
  return new;
end $$;
create trigger legal_hold_placed before insert on legal_hold for each row execute function legal_hold_placed();

create function legal_hold_steps() returns trigger language plpgsql as $$
begin
  if old.lifted_at is not null or (new.id, new.case_id, new.reason, new.placed_by, new.placed_at)
    is distinct from (old.id, old.case_id, old.reason, old.placed_by, old.placed_at)
  then
    raise exception 'legal_hold is append-only' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;
create trigger legal_hold_append_only before update on legal_hold for each row execute function legal_hold_steps();
create trigger legal_hold_no_delete before delete on legal_hold for each row execute function refuse_change();

-- Objects without a row, since when: removed once they have been so for a day.
create table orphan_object (
  object_key text primary key,
  first_seen timestamptz not null
);

-- Where work in small steps goes on.
create table retention_cursor (
  name text primary key,
  position text not null
);

-- Public keys that manifests were signed with; private ones are in no database.
create table evidence_key (
  -- hex SHA-256 over the public key (SPKI, DER)
  id text primary key check (id ~ '^[0-9a-f]{64}$'),
  -- SPKI, PEM
  public_key text not null,
  created_at timestamptz not null,
  -- when another took its place; what it signed before stays valid
  retired_at timestamptz
);

-- Each export, with what was signed.
create table case_export (
  id uuid primary key default gen_random_uuid(),
  case_id uuid not null references finding (id),
  purpose text not null check (purpose ~ '\S'),
  account_id uuid references account (id),
  at timestamptz not null,
  -- written when the file was whole; null: the receiver broke off
  manifest_sha256 text check (manifest_sha256 ~ '^[0-9a-f]{64}$'),
  key_id text references evidence_key (id),
  finished_at timestamptz
);
create index case_export_case on case_export (case_id, at);

-- RFC 3161 time stamps over ends of chains (the 32 bytes of the link's hash), each asked for until it is there.
create table case_time_stamp (
  id uuid primary key default gen_random_uuid(),
  case_id uuid not null,
  seq integer not null,
  -- hex; the hash of the link
  hash text not null,
  state text not null default 'pending' check (state in ('pending', 'stamped', 'dead')),
  attempts integer not null default 0,
  next_at timestamptz not null,
  last_error text,
  -- TimeStampToken, DER
  token bytea,
  stamped_at timestamptz,
  authority text,
  created_at timestamptz not null,
  unique (case_id, seq),
  foreign key (case_id, seq) references case_link (case_id, seq),
  check ((state = 'stamped') = (token is not null))
);
create index case_time_stamp_due on case_time_stamp (next_at) where state = 'pending';

-- Evidence and what grounds it is removed by nobody; objects go by object_removal, their rows stay.
create trigger evidence_no_delete before delete on evidence for each row execute function refuse_change();
create trigger evidence_no_truncate before truncate on evidence for each statement execute function refuse_change();
create trigger task_photo_no_delete before delete on task_photo for each row execute function refuse_change();
create trigger task_photo_no_truncate before truncate on task_photo for each statement execute function refuse_change();
create trigger task_answer_no_truncate before truncate on task_answer for each statement execute function refuse_change();
create trigger case_link_append_only before update or delete on case_link for each row execute function refuse_change();
create trigger case_link_no_truncate before truncate on case_link for each statement execute function refuse_change();
create trigger case_chain_no_delete before delete on case_chain for each row execute function refuse_change();
