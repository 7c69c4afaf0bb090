-- Orders of platforms over their own brokers; device tickets that edge boxes report.

alter table webhook
  -- orders are heard on <prefix>/cmd and answered on <prefix>/ack, signed with the webhook's secret
  add column orders boolean not null default false,
  add constraint webhook_orders check (not orders or (channel = 'mqtt' and account_id is not null));

-- One process listens at a platform's broker; another takes over when the lease ends.
create table platform_line (
  webhook_id uuid primary key references webhook (id) on delete cascade,
  holder text not null,
  until timestamptz not null,
  state text not null default 'connecting' check (state in ('connecting', 'listening', 'broken')),
  -- plain words; empty unless it is broken
  error text not null default '',
  since timestamptz not null default now(),
  last_order_at timestamptz,
  check ((state = 'broken') = (error <> ''))
);

-- The box's alarm that a ticket was opened for; null: our own eye saw it.
alter table camera_fault add column edge_event_id uuid references edge_event (id) on delete set null;
-- The ticket that a box's fault belongs to; null: none was opened (not yet, or it did not last).
alter table edge_event add column fault_id uuid references camera_fault (id) on delete set null;
create index edge_event_fault on edge_event (camera_id, kind, last_at) where reason = 'camera_fault';
create index edge_event_fault_id on edge_event (fault_id) where fault_id is not null;
create index camera_fault_edge on camera_fault (edge_event_id) where edge_event_id is not null;
