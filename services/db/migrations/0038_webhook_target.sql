-- People and groups may be told at an address of their own choosing, by signed HTTP.

alter table notify_target
  drop constraint notify_target_channel_check,
  add constraint notify_target_channel_check
    check (channel in ('push', 'wecom', 'dingtalk', 'feishu', 'webhook', 'sms', 'gateway'));
