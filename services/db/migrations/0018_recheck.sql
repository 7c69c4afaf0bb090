-- 回头看: looked at more often after closure, passed only with hours truly observed; class 3 drawn for people.

alter table task
  -- a task of the same camera, zone and kind whose recheck this one ended
  add column recurred_from uuid references task (id),
  -- times that the recheck was prolonged because too little was observed
  add column prolongations integer not null default 0,
  -- minutes truly observed since closure, as counted when the recheck last fell due
  add column observed_min integer,
  -- class 3: drawn for people or not; null: not decided, or not class 3
  add column sampled boolean,
  -- its place in the row of closed class-3 tasks of its county, and the seed: the draw can be repeated with both
  add column sample_no bigint,
  add column sample_seed text;
create index task_recurred_from on task (recurred_from) where recurred_from is not null;
create index task_recheck on task (state, recheck_until) where state = 'recheck_due';

-- How many closed class-3 tasks each county has had.
create table sample_row (
  -- code of the topmost region
  county text primary key,
  n bigint not null
);

-- A camera that is looked at more often while a recheck runs. Gateways read it with the registry.
create table camera_boost (
  task_id uuid primary key references task (id),
  camera_id uuid not null references camera (id) on delete cascade,
  kind text not null,
  look_interval_s integer not null check (look_interval_s between 5 and 60),
  since timestamptz not null
);
create index camera_boost_camera on camera_boost (camera_id);
create trigger registry_notify after insert or update or delete on camera_boost
  for each statement execute function notify_registry();
