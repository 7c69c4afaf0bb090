-- When a camera's pictures began to come from elsewhere: another address, another gateway. What was approved before does not hold for it.
alter table camera add column source_changed_at timestamptz;
