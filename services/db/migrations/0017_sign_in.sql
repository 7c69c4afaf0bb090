-- Signing in: limits that hold across processes, sessions one can list and end, second factors, tokens of services; and the log
-- of looks at live pictures.

alter table account
  -- made or reset by somebody else: a password of one's own comes first
  add column must_change_password boolean not null default false,
  add column password_changed_at timestamptz;

alter table session
  add column id uuid not null default gen_random_uuid() unique,
  add column last_used_at timestamptz,
  -- where it was begun, as told by the connection and the browser
  add column address text not null default '',
  add column user_agent text not null default '';
create index session_account on session (account_id, created_at);

-- Failed attempts in a running window. The key is a hash: what is typed as a user name may be a password.
create table sign_in_window (
  key text primary key check (length(key) = 43),
  until timestamptz not null,
  count integer not null check (count >= 0)
);

-- RFC 6238. Unconfirmed: shown to the person, not asked for yet.
create table account_totp (
  account_id uuid primary key references account (id) on delete cascade,
  -- AES-256-GCM over the 20 bytes as base32
  secret_sealed bytea not null,
  created_at timestamptz not null,
  confirmed_at timestamptz,
  -- 30-second step of the last code that was taken: none is taken twice
  last_step bigint not null default 0
);

create table recovery_code (
  account_id uuid not null references account (id) on delete cascade,
  -- SHA-256; the codes have 50 random bits
  code_hash bytea not null,
  used_at timestamptz,
  primary key (account_id, code_hash)
);

-- Tokens of a platform's service. Its rights are those of the account (role platform).
create table service_token (
  id uuid primary key default gen_random_uuid(),
  account_id uuid not null references account (id) on delete cascade,
  name text not null,
  -- SHA-256 of the token; the token itself is kept nowhere
  token_hash bytea not null unique,
  created_at timestamptz not null,
  created_by uuid references account (id),
  expires_at timestamptz not null,
  last_used_at timestamptz,
  revoked_at timestamptz
);
create index service_token_account on service_token (account_id, created_at);

-- Looking at live pictures: for what, until when. Never edited; it runs out.
create table live_grant (
  id uuid primary key default gen_random_uuid(),
  account_id uuid not null references account (id),
  purpose text not null check (purpose ~ '^[a-z][a-z_]{0,39}$'),
  note text not null default '',
  -- null: every camera in the account's scope
  camera_id uuid references camera (id),
  granted_at timestamptz not null,
  expires_at timestamptz not null check (expires_at > granted_at)
);
create index live_grant_account on live_grant (account_id, expires_at);
create index live_grant_at on live_grant (granted_at, id);
create trigger live_grant_append_only before update or delete on live_grant for each row execute function refuse_change();

-- Which cameras were truly looked at under it: one row each.
create table live_look (
  grant_id uuid not null references live_grant (id),
  camera_id uuid not null references camera (id),
  first_at timestamptz not null,
  last_at timestamptz not null,
  looks integer not null default 1 check (looks > 0),
  primary key (grant_id, camera_id)
);
create index live_look_camera on live_look (camera_id, last_at);

-- History of findings and tasks says where they lie, whoever writes it.
create or replace function chain_history() returns trigger language plpgsql as $$
begin
  if new.region_path is null and new.merchant_id is null then
    if new.entity = 'finding' then
      select region.path, finding.merchant_id into new.region_path, new.merchant_id
        from finding join region on region.id = finding.region_id where finding.id = new.entity_id;
    elsif new.entity = 'task' then
      select region.path, task.merchant_id into new.region_path, new.merchant_id
        from task join region on region.id = task.region_id where task.id = new.entity_id;
    end if;
  end if;
  perform pg_advisory_xact_lock(hashtextextended(new.entity || new.entity_id::text, 6));
  new.id := nextval(pg_get_serial_sequence('history', 'id'));
  select hash into new.prev_hash from history
    where entity = new.entity and entity_id = new.entity_id order by id desc limit 1;
  new.prev_hash := coalesce(new.prev_hash, repeat('0', 64));
  new.hash := history_hash(new);
  return new;
end $$;
