-- 双随机: draws that are published before they are made, and who must not be sent where.

create table inspector_conflict (
  id uuid primary key default gen_random_uuid(),
  account_id uuid not null references account (id),
  merchant_id uuid not null references merchant (id),
  -- relative, former owner, ...
  reason text not null check (reason ~ '\S'),
  recorded_by uuid not null references account (id),
  recorded_at timestamptz not null,
  ended_at timestamptz check (ended_at >= recorded_at)
);
create unique index inspector_conflict_now on inspector_conflict (account_id, merchant_id) where ended_at is null;

create sequence draw_number;
create table draw (
  id uuid primary key default gen_random_uuid(),
  -- for people: SJ-20261121-000123
  number text not null unique,
  region_id uuid not null references region (id),
  state text not null default 'committed' check (state in ('committed', 'drawn', 'cancelled')),
  -- everything that the result depends on but the seed (services/domain/draw.ts), as it was when it was published
  list json not null,
  list_hash text not null check (list_hash ~ '^[0-9a-f]{64}$'),
  -- SHA-256 of the secret, published with the list
  commitment text not null check (commitment ~ '^[0-9a-f]{64}$'),
  -- AES-256-GCM over the secret until it is revealed
  secret_sealed bytea not null,
  committed_by uuid not null references account (id),
  committed_at timestamptz not null,
  secret text,
  public_value text,
  seed text,
  result json,
  result_hash text,
  ended_by uuid references account (id),
  ended_at timestamptz,
  check ((state = 'committed') = (ended_at is null)),
  check ((state = 'drawn') = (secret is not null and public_value is not null and seed is not null and result is not null and result_hash is not null))
);
create index draw_region on draw (region_id, committed_at desc, id desc);

-- What was published does not change, and a draw ends once.
create function draw_frozen() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and old.state = 'committed' and new.state <> 'committed'
     and row (old.id, old.number, old.region_id, old.list::text, old.list_hash, old.commitment, old.secret_sealed, old.committed_by, old.committed_at)
         = row (new.id, new.number, new.region_id, new.list::text, new.list_hash, new.commitment, new.secret_sealed, new.committed_by, new.committed_at) then
    return new;
  end if;
  raise exception 'a draw does not change once it is published' using errcode = 'insufficient_privilege';
end $$;
create trigger draw_frozen before update or delete on draw for each row execute function draw_frozen();
create trigger draw_no_truncate before truncate on draw for each statement execute function refuse_change();
