-- The life of a rectification task: clock, answers, commands that count once, and a history that cannot be altered unseen.

alter table task
  add column acknowledged_at timestamptz,
  add column submitted_at timestamptz,
  add column closed_at timestamptz,
  -- after closure the same place is looked at again until then
  add column recheck_until timestamptz,
  -- since when the clock stands (an appeal waits); null: it runs
  add column paused_at timestamptz,
  -- milliseconds of the pauses that are over; due times are as frozen at issue plus these
  add column paused_ms double precision not null default 0 check (paused_ms >= 0),
  add column returns integer not null default 0 check (returns between 0 and 2),
  add column appeals integer not null default 0 check (appeals >= 0),
  -- the state that a waiting appeal interrupted
  add column interrupted_state text,
  add column escalations integer not null default 0 check (escalations >= 0),
  -- the overdue step was escalated: once each
  add column acknowledge_escalated_at timestamptz,
  add column submit_escalated_at timestamptz,
  add constraint task_paused check ((state = 'appealed') = (paused_at is not null)),
  add constraint task_interrupted check ((state = 'appealed') = (interrupted_state is not null));

-- What deadline workers and the auditor read.
create index task_owed on task (submit_due) where state in ('issued', 'acknowledged', 'returned', 'escalated');

-- A photograph by the merchant. The original keeps its EXIF; the shown copy has none.
create table task_photo (
  id uuid primary key default gen_random_uuid(),
  task_id uuid not null references task (id),
  object_key text not null,
  -- hex, over the bytes as received
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  bytes integer not null check (bytes > 0),
  width integer not null,
  height integer not null,
  shown_key text not null,
  shown_sha256 text not null check (shown_sha256 ~ '^[0-9a-f]{64}$'),
  uploaded_by uuid not null references account (id),
  uploaded_at timestamptz not null,
  -- sent twice, kept once
  unique (task_id, sha256)
);

-- 整改答复: append-only.
create table task_answer (
  id uuid primary key default gen_random_uuid(),
  task_id uuid not null references task (id),
  type text not null check (type in ('submission', 'appeal')),
  text text not null,
  -- [{id, key, sha256, bytes}] of task_photo as they were
  photos jsonb not null default '[]',
  -- over text and photos; the history row of the command carries the same
  content_hash text not null check (content_hash ~ '^[0-9a-f]{64}$'),
  account_id uuid not null references account (id),
  at timestamptz not null
);
create index task_answer_task on task_answer (task_id, at, id);

-- A command with a key it had before is answered as then and does nothing.
create table command_key (
  task_id uuid not null references task (id),
  key text not null check (length(key) between 8 and 200),
  -- SHA-256 over account, command and what it said
  fingerprint text not null,
  -- {"state": "...", "version": 3}
  result jsonb not null,
  at timestamptz not null,
  primary key (task_id, key)
);

-- One alert a thing that happened: what it is about, and which time.
alter table alert
  add column about text not null default 'new'
    check (about in ('new', 'submitted', 'appealed', 'appeal_rejected', 'returned', 'escalated', 'transferred', 'withdrawn', 'closed', 'recheck_due', 'recheck_passed', 'recurred')),
  add column occurrence integer not null default 1 check (occurrence >= 1);
alter table alert drop constraint alert_audience_finding_id_task_id_key;
alter table alert add constraint alert_once unique nulls not distinct (audience, finding_id, task_id, about, occurrence);

-- Each row covers the hash of the row before it of the same finding or task.
alter table history
  add column command text not null default '',
  -- hash of what came with it (an answer); null: nothing
  add column content_hash text,
  add column prev_hash text,
  add column hash text;

-- Length before every value, '-' for null: no two rows give the same text. services/db/history-hash.ts computes the same.
create function history_part(value text) returns text
  language sql immutable parallel safe
  return case when value is null then '-' else octet_length(value)::text || ':' || value end;

create function history_hash(p history) returns text
  language sql stable parallel safe
  return encode(sha256(convert_to(
    history_part(p.prev_hash) || history_part(p.id::text) || history_part(p.entity) || history_part(p.entity_id::text)
    || history_part(p.from_state) || history_part(p.to_state) || history_part(p.actor_id::text) || history_part(p.reason)
    || history_part(p.note) || history_part(p.command) || history_part(p.content_hash)
    || history_part((extract(epoch from p.at) * 1000000)::bigint::text), 'UTF8')), 'hex');

-- Rows that were there before: hashed as they are now.
alter table history disable trigger history_append_only;
do $$
declare
  one history;
  before_it record;
  last_hash text := '';
begin
  before_it := row (null::text, null::uuid);
  for one in select * from history order by entity, entity_id, id loop
    if before_it is distinct from row (one.entity, one.entity_id) then last_hash := repeat('0', 64); end if;
    one.prev_hash := last_hash;
    last_hash := history_hash(one);
    update history set prev_hash = one.prev_hash, hash = last_hash where id = one.id;
    before_it := row (one.entity, one.entity_id);
  end loop;
end $$;
alter table history enable trigger history_append_only;
alter table history
  alter column prev_hash set not null,
  alter column hash set not null,
  add constraint history_chain unique (entity, entity_id, prev_hash);

-- One writer a chain at a time; the id is taken inside, so that ids and chain have the same order.
create function chain_history() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtextextended(new.entity || new.entity_id::text, 6));
  new.id := nextval(pg_get_serial_sequence('history', 'id'));
  select hash into new.prev_hash from history
    where entity = new.entity and entity_id = new.entity_id order by id desc limit 1;
  new.prev_hash := coalesce(new.prev_hash, repeat('0', 64));
  new.hash := history_hash(new);
  return new;
end $$;
create trigger history_chained before insert on history for each row execute function chain_history();

create trigger history_no_truncate before truncate on history for each statement execute function refuse_change();
create trigger task_answer_append_only before update or delete on task_answer for each row execute function refuse_change();
create trigger task_photo_append_only before update on task_photo for each row execute function refuse_change();
