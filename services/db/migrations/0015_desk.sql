-- The inspector's desk: who looks at which finding now, the class that an inspector gives, the queue's order.

-- A soft claim: nobody is kept from judging by it, the queue of others only skips it. It ends by itself.
create table finding_claim (
  finding_id uuid primary key references finding (id) on delete cascade,
  account_id uuid not null references account (id),
  -- the window of a browser: one account may be at two desks
  client text not null check (client ~ '^[A-Za-z0-9-]{8,64}$'),
  -- fetched as the next card, not looked at yet: gives way to one who does look
  ahead boolean not null,
  since timestamptz not null,
  until timestamptz not null check (until > since)
);
create index finding_claim_until on finding_claim (until);

-- The class that the inspector who confirmed it gave; null: as rule and policy say.
alter table finding
  add column verdict_class integer check (verdict_class between 1 and 3),
  add constraint finding_verdict_class check (verdict_class is null or state in ('confirmed', 'merged'));

-- Gravest first, then who waits longest.
create index finding_gravest on finding (class, first_seen, id) where state = 'pending_review';
