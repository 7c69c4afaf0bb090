-- Telling people: who is reached where, what each was told, and what became of every sending.

-- Where somebody is reached. Kept after its end, because sendings refer to it; its address is then wiped.
create table notify_target (
  id uuid primary key default gen_random_uuid(),
  channel text not null check (channel in ('push', 'wecom', 'dingtalk', 'feishu', 'sms', 'gateway')),
  name text not null default '',
  -- One owner: a person, a merchant (its chat group, its kitchen's buzzer), or a region (a desk's chat group).
  account_id uuid references account (id) on delete cascade,
  merchant_id uuid references merchant (id) on delete cascade,
  region_id uuid references region (id) on delete cascade,
  gateway_id uuid references gateway (id) on delete cascade,
  -- Address and secret as JSON, sealed: a robot's address holds its key, a phone number is personal.
  address_sealed bytea,
  -- SHA-256 over channel and address: one address is never told the same thing twice, whoever wrote it down.
  address_hash text not null,
  -- The browser of a push subscription: subscribing anew replaces the old one.
  device text,
  -- {language, quiet, topics, leastClass} of a group; null: those of the person.
  habits jsonb,
  enabled boolean not null default true,
  -- Times of the last sendings, for the limit of the robot.
  slots timestamptz[] not null default '{}',
  removed_at timestamptz,
  removed_reason text,
  created_at timestamptz not null default now(),
  check (num_nonnulls(account_id, merchant_id, region_id) = 1),
  check ((channel = 'gateway') = (gateway_id is not null)),
  check (channel <> 'gateway' or merchant_id is not null),
  check (channel <> 'push' or account_id is not null),
  check ((account_id is null) = (habits is not null)),
  check (removed_at is not null or channel = 'gateway' or address_sealed is not null)
);
create unique index notify_target_once
  on notify_target (channel, address_hash, account_id, merchant_id, region_id) nulls not distinct
  where removed_at is null;
create unique index notify_target_device on notify_target (account_id, device)
  where device is not null and removed_at is null;
create index notify_target_merchant on notify_target (merchant_id) where removed_at is null;
create index notify_target_region on notify_target (region_id) where removed_at is null;

-- {language, quiet, topics, leastClass} of a person.
create table notify_setting (
  account_id uuid primary key references account (id) on delete cascade,
  habits jsonb not null
);

-- Who of a merchant's people is told what; people without a row are told everything at once.
create table notify_duty (
  merchant_id uuid not null references merchant (id) on delete cascade,
  account_id uuid not null references account (id) on delete cascade,
  topics text[] not null,
  -- 1: at once; n: with the n-th reminder, when nobody has acknowledged.
  step integer not null default 1 check (step between 1 and 5),
  primary key (merchant_id, account_id)
);

-- Policy of a region; region null: everywhere. The deepest region wins.
create table notify_policy (
  id uuid primary key default gen_random_uuid(),
  region_id uuid references region (id) on delete cascade,
  settings jsonb not null
);
create unique index notify_policy_region on notify_policy (region_id) nulls not distinct;

-- A gateway for text messages (SMS by HTTP), for a region and below; region null: everywhere.
create table sms_provider (
  id uuid primary key default gen_random_uuid(),
  region_id uuid references region (id) on delete cascade,
  name text not null,
  -- {url, method, headers, body, contentType, success}, sealed: it holds the account at the provider.
  request_sealed bytea not null,
  enabled boolean not null default true,
  created_at timestamptz not null default now()
);
create unique index sms_provider_region on sms_provider (region_id) nulls not distinct where enabled;

-- One sending: what was gathered for one address, as it was written when it was gathered. Columns as in outbox.
create table message (
  id bigint generated always as identity primary key,
  target_id uuid not null references notify_target (id),
  channel text not null,
  group_key text not null,
  class integer not null,
  -- {title, lines, link, language}: frozen, so that every attempt says the same under the same key.
  content jsonb not null,
  count integer not null,
  idempotency_key uuid not null default gen_random_uuid(),
  -- stopped: acknowledged or settled before it got through
  state text not null default 'pending' check (state in ('pending', 'delivered', 'dead', 'stopped')),
  attempts integer not null default 0,
  next_at timestamptz not null,
  expires_at timestamptz,
  claimed_by text,
  claimed_until timestamptz,
  last_status integer,
  last_error text,
  delivered_at timestamptz,
  created_at timestamptz not null
);
create index message_due on message (next_at, id) where state = 'pending';
create index message_group on message (target_id, group_key, created_at desc);
create index message_newest on message (created_at desc, id desc);

-- Every attempt with its result.
create table message_attempt (
  message_id bigint not null references message (id) on delete cascade,
  attempt integer not null,
  at timestamptz not null,
  ok boolean not null,
  status integer,
  error text not null default ''
);
create index message_attempt_message on message_attempt (message_id);

-- What one address is to be told, made in the transaction of its cause.
create table notification (
  id bigint generated always as identity primary key,
  target_id uuid not null references notify_target (id),
  account_id uuid references account (id) on delete set null,
  channel text not null,
  address_hash text not null,
  -- alert:ID, fault:ID:opened, fault:ID:closed, test:ID
  subject text not null,
  -- 1, then one more for each reminder.
  occurrence integer not null default 1 check (occurrence >= 1),
  topic text not null check (topic in ('finding', 'task', 'fault', 'test')),
  about text not null,
  class integer not null,
  region_id uuid not null references region (id),
  merchant_id uuid references merchant (id),
  alert_id uuid references alert (id),
  fault_id uuid references camera_fault (id) on delete set null,
  group_key text not null,
  state text not null default 'waiting' check (state in ('waiting', 'gathered', 'dropped')),
  -- Why it was dropped or waits.
  reason text not null default '',
  due_at timestamptz not null,
  message_id bigint references message (id),
  created_at timestamptz not null,
  constraint notification_once unique (channel, address_hash, subject, occurrence),
  check ((state = 'gathered') = (message_id is not null))
);
create index notification_waiting on notification (due_at) where state = 'waiting';
create index notification_group on notification (target_id, group_key) where state = 'waiting';
create index notification_alert on notification (alert_id);
create index notification_fault on notification (fault_id);
create index notification_message on notification (message_id);
create index notification_newest on notification (created_at desc, id desc);

-- Whom an address belongs to and what it wants: people by their account, groups by the target.
create view notify_reach as
  select target.id as target_id, target.channel, target.address_hash, target.account_id,
         coalesce(target.merchant_id, account.merchant_id) as merchant_id,
         coalesce(owner.path, home.path) as region_path,
         coalesce(target.habits, setting.habits) as habits,
         -- a cadre hears of the merchants that are assigned
         case when account.role = 'cadre' then array(select cadre_merchant.merchant_id from cadre_merchant
           where cadre_merchant.account_id = account.id and cadre_merchant.until is null) end as assigned
  from notify_target as target
    left join account on account.id = target.account_id
    left join notify_setting as setting on setting.account_id = target.account_id
    left join region as home on home.id = account.region_id
    left join region as owner on owner.id = target.region_id
  where target.enabled and target.removed_at is null
    and (target.account_id is null or (not account.disabled and setting.account_id is not null));

-- Rows for everyone who is to be told of an alert. Called by the alert's own insert, so that no writer can forget it, and for
-- reminders. Whether the person may read it is asked again before sending (domain/access.ts).
create function notify_alert(p_alert uuid, p_occurrence integer, p_at timestamptz) returns integer language sql as $$
  with told as (
    insert into notification (target_id, account_id, channel, address_hash, subject, occurrence, topic, about, class,
                              region_id, merchant_id, alert_id, group_key, due_at, created_at)
    select reach.target_id, reach.account_id, reach.channel, reach.address_hash, 'alert:' || alert.id, p_occurrence,
           what.topic, alert.about, alert.class, alert.region_id, alert.merchant_id, alert.id,
           what.topic || ':' || alert.merchant_id, p_at, p_at
    from alert
      join region on region.id = alert.region_id
      cross join lateral (select case when alert.task_id is null then 'finding' else 'task' end as topic) as what
      join notify_reach as reach on case alert.audience
        when 'merchant' then reach.merchant_id = alert.merchant_id
        else reach.merchant_id is null and (reach.assigned is null or alert.merchant_id = any (reach.assigned))
          and (reach.region_path is null or region.path = reach.region_path or starts_with(region.path, reach.region_path || '.'))
      end
      left join notify_duty as duty on duty.merchant_id = alert.merchant_id and duty.account_id = reach.account_id
    where alert.id = p_alert
      and reach.habits -> 'topics' ? what.topic
      and alert.class <= (reach.habits ->> 'leastClass')::integer
      and (duty.account_id is null or (what.topic = any (duty.topics) and duty.step <= p_occurrence))
    order by reach.target_id
    on conflict on constraint notification_once do nothing
    returning 1
  )
  select count(*)::integer from told
$$;

create function notify_fault(p_fault uuid, p_about text, p_at timestamptz) returns integer language sql as $$
  with place as (
    select fault.id, coalesce(merchant.region_id, gateway.region_id) as region_id,
           coalesce(camera.merchant_id, gateway.merchant_id) as merchant_id
    from camera_fault as fault
      left join camera on camera.id = fault.camera_id
      left join merchant on merchant.id = camera.merchant_id
      left join gateway on gateway.id = fault.gateway_id
    where fault.id = p_fault
  ), told as (
    insert into notification (target_id, account_id, channel, address_hash, subject, topic, about, class,
                              region_id, merchant_id, fault_id, group_key, due_at, created_at)
    select reach.target_id, reach.account_id, reach.channel, reach.address_hash, 'fault:' || place.id || ':' || p_about,
           'fault', p_about, 3, place.region_id, place.merchant_id, place.id,
           'fault:' || coalesce(place.merchant_id, place.region_id), p_at, p_at
    from place
      join region on region.id = place.region_id
      join notify_reach as reach on case
        when reach.merchant_id is not null then reach.merchant_id = place.merchant_id
        else (reach.assigned is null or place.merchant_id = any (reach.assigned))
          and (reach.region_path is null or region.path = reach.region_path or starts_with(region.path, reach.region_path || '.'))
      end
      left join notify_duty as duty on duty.merchant_id = place.merchant_id and duty.account_id = reach.account_id
    where reach.habits -> 'topics' ? 'fault'
      and 3 <= (reach.habits ->> 'leastClass')::integer
      and (duty.account_id is null or 'fault' = any (duty.topics))
    order by reach.target_id
    on conflict on constraint notification_once do nothing
    returning 1
  )
  select count(*)::integer from told
$$;

create function alert_told() returns trigger language plpgsql as $$
begin
  perform notify_alert(new.id, 1, new.created_at);
  return null;
end $$;
create trigger alert_told after insert on alert for each row execute function alert_told();

create function camera_fault_told() returns trigger language plpgsql as $$
begin
  if new.announced_at is not null and (tg_op = 'INSERT' or old.announced_at is null) then
    perform notify_fault(new.id, 'opened', new.announced_at);
  end if;
  if tg_op = 'UPDATE' and new.closed_at is not null and old.closed_at is null and new.announced_at is not null then
    perform notify_fault(new.id, 'closed', new.closed_at);
  end if;
  return null;
end $$;
create trigger camera_fault_told after insert or update of announced_at, closed_at on camera_fault
  for each row execute function camera_fault_told();

create trigger notification_notify after insert on notification for each statement execute function notify_outbox();
create trigger message_notify after insert on message for each statement execute function notify_outbox();
