-- 搁置: a dead letter that nobody will send, set aside by a person with a reason. It stays, and can be taken up again.

alter table outbox
  drop constraint outbox_state_check,
  add constraint outbox_state_check check (state in ('pending', 'delivered', 'dead', 'set_aside')),
  add column set_aside_reason text check (set_aside_reason ~ '\S' and length(set_aside_reason) <= 500),
  add column set_aside_by uuid references account (id),
  add column set_aside_at timestamptz,
  add constraint outbox_set_aside check (
    num_nulls(set_aside_reason, set_aside_by, set_aside_at) = case when state = 'set_aside' then 0 else 3 end);
create index outbox_set_aside on outbox (id) where state = 'set_aside';

-- What is common to failures of one kind: how the receiver answered, without the words that differ each time. One place, so that
-- what is listed together is set aside together. The texts are those of workers/outbox and services/outbound.
create function delivery_cause(error text) returns text language sql immutable as $$
  select coalesce(substring(error from '^(?:the receiver answered \d{3}|cannot be reached: \w+)'), error, '')
$$;
