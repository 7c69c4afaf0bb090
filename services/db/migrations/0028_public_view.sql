-- 公众可看的明厨: kitchens that chose to be open, or must be. Redacted, small, late; no redaction, no picture.

create table public_kitchen (
  merchant_id uuid primary key references merchant (id),
  -- chosen: the merchant's own wish. required: a rule of the region (school canteens)
  because text not null check (because in ('chosen', 'required')),
  opened_by uuid references account (id),
  opened_at timestamptz not null
);

-- Which cameras of an open kitchen are shown; and areas that are black in whatever leaves (privacy masks, 0..1 boxes).
create table public_camera (
  camera_id uuid primary key references camera (id) on delete cascade,
  masks jsonb not null default '[]'
);

-- The redacted picture that is shown now, and the one that is shown once it is old enough. Made while somebody looks.
create table public_picture (
  camera_id uuid primary key references camera (id) on delete cascade,
  wanted_until timestamptz not null,
  -- {key, sha256, bytes, takenAt, showFrom} or null
  shown jsonb,
  next jsonb,
  -- why there is none: nothing taken lately, or the redaction was not sure
  withheld text check (withheld in ('no_picture', 'not_redacted', 'unreadable')),
  -- the picture that was looked at last, whatever became of it
  seen_at timestamptz,
  made_at timestamptz,
  claimed_until timestamptz
);
create index public_picture_wanted on public_picture (wanted_until);

-- 红黑榜: entries by a person, of tasks that are closed; a black one names what was confirmed.
create table public_listing (
  id uuid primary key default gen_random_uuid(),
  merchant_id uuid not null references merchant (id),
  list text not null check (list in ('red', 'black')),
  -- a black entry rests on it
  task_id uuid references task (id),
  text text not null check (length(text) between 1 and 500),
  published_by uuid not null references account (id),
  published_at timestamptz not null,
  withdrawn_at timestamptz,
  withdrawn_by uuid references account (id),
  check (list = 'red' or task_id is not null)
);
create function check_listing() returns trigger language plpgsql as $$
begin
  if new.task_id is not null and not exists (
    select from task where id = new.task_id and merchant_id = new.merchant_id
      and state in ('closed', 'recheck_due', 'recheck_passed', 'recurred')
  ) then
    raise exception 'a listing rests on a closed task of the same merchant';
  end if;
  return new;
end $$;
create trigger public_listing_facts before insert on public_listing for each row execute function check_listing();

-- 投诉举报 by anybody. The address is kept only as a keyed hash, for the limits against abuse.
create table tip (
  id uuid primary key default gen_random_uuid(),
  -- for the person who gave it: how to ask what became of it
  code text not null unique,
  merchant_id uuid not null references merchant (id),
  text text not null check (length(text) between 5 and 2000),
  contact text not null default '' check (length(contact) <= 200),
  address_hash text not null,
  given_at timestamptz not null,
  state text not null default 'new' check (state in ('new', 'taken', 'unfounded')),
  finding_id uuid references finding (id),
  decided_by uuid references account (id),
  decided_at timestamptz,
  answer text not null default '' check (length(answer) <= 500)
);
create index tip_new on tip (given_at) where state = 'new';
