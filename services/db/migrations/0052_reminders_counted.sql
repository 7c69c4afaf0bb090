-- Reminders are counted by the alert: a step that reaches nobody must not hold up the next, nor those asleep those awake.
alter table alert
  -- reminders so far, whether anybody had an address or not
  add column reminders integer not null default 0 check (reminders >= 0),
  -- when one was last due
  add column reminder_tried_at timestamptz;
update alert set reminders = told.sent - 1
  from (select alert_id, max(occurrence) as sent from notification where alert_id is not null
        group by alert_id having max(occurrence) > 1) as told
  where told.alert_id = alert.id;

-- As in 0027, but nobody is reminded of what still waits for the end of their quiet hours.
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
      and not exists (select from notification as other
        where other.channel = reach.channel and other.address_hash = reach.address_hash
          and other.subject = coalesce(alert.told_as, 'alert:' || alert.id) and other.state = 'waiting')
    order by reach.target_id
    on conflict on constraint notification_once do nothing
    returning 1
  )
  select count(*)::integer from told
$$;
