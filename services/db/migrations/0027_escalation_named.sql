-- Escalation tells exactly whom the policy names, nobody twice; documents that a step names are drafted; inspectors' limits are steps.

alter table alert
  -- only these roles are told, whatever else they want to hear of; null: everybody of the audience who wants to
  add column roles text[],
  -- one thing told to several groups of people under this name reaches one address once; null: the alert speaks for itself
  add column told_as text;

-- As in 0011, but for alerts that name their roles. A merchant's chat group or buzzer stands for its owner, a desk's for inspectors.
create or replace function notify_alert(p_alert uuid, p_occurrence integer, p_at timestamptz) returns integer language sql as $$
  with told as (
    insert into notification (target_id, account_id, channel, address_hash, subject, occurrence, topic, about, class,
                              region_id, merchant_id, alert_id, group_key, due_at, created_at)
    select reach.target_id, reach.account_id, reach.channel, reach.address_hash,
           coalesce(alert.told_as, 'alert:' || alert.id), p_occurrence,
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
      left join account on account.id = reach.account_id
      left join notify_duty as duty on duty.merchant_id = alert.merchant_id and duty.account_id = reach.account_id
    where alert.id = p_alert
      and case when alert.roles is null then
          reach.habits -> 'topics' ? what.topic
          and alert.class <= (reach.habits ->> 'leastClass')::integer
          and (duty.account_id is null or (what.topic = any (duty.topics) and duty.step <= p_occurrence))
        else coalesce(account.role, case alert.audience when 'merchant' then 'merchant' else 'inspector' end) = any (alert.roles)
      end
    order by reach.target_id
    on conflict on constraint notification_once do nothing
    returning 1
  )
  select count(*)::integer from told
$$;

-- 文书草稿: made by the system at a step of the chain that names a document; a head issues it or lets it be.
create table document_draft (
  id uuid primary key default gen_random_uuid(),
  task_id uuid not null references task (id),
  -- the step of the chain (task_escalation)
  round integer not null,
  late text not null,
  level integer not null,
  type text not null references document_type (code),
  -- facts for the page; whoever issues it may say more
  reason text not null,
  state text not null default 'waiting' check (state in ('waiting', 'issued', 'discarded')),
  document_id uuid references document (id),
  decided_by uuid references account (id),
  decided_at timestamptz,
  -- why it was let be
  note text not null default '',
  created_at timestamptz not null,
  unique (task_id, round, late, level),
  check ((state = 'issued') = (document_id is not null)),
  check ((state = 'waiting') = (decided_at is null) and (decided_at is null) = (decided_by is null))
);
create index document_draft_waiting on document_draft (created_at desc, id desc) where state = 'waiting';

-- What waits for an inspector has a time now. What the policy of its task says otherwise, the auditor puts right.
update task set next_step_at = review_due, step_scheduled_at = null
  where next_step in ('review', 'decide_appeal') and next_step_at is null
    and review_due is not null and review_reminded_at is null;
