-- Cases made by people: kinds as data, findings that people report, merging, one task for several findings, second thoughts.

-- What a finding can be about. Models find those with `modelled`; people report any that is enabled.
create table finding_kind (
  code text primary key check (code ~ '^[a-z][a-z0-9_]{0,31}$'),
  name_zh text not null check (name_zh ~ '\S'),
  name_en text not null check (name_en ~ '\S'),
  -- class of a reported finding when nobody says another
  class integer not null check (class in (1, 2, 3)),
  modelled boolean not null default false,
  enabled boolean not null default true
);
insert into finding_kind (code, name_zh, name_en, class, modelled) values
  ('no_hat', '未戴工作帽', 'No hat', 2, true),
  ('no_mask', '未戴口罩', 'No mask', 2, true),
  ('rodent', '疑似有害生物', 'Pest suspected', 1, true),
  ('smoking', '加工场所吸烟', 'Smoking', 2, false),
  ('phone', '操作中使用手机', 'Phone at work', 3, false),
  ('no_uniform', '未穿工作服', 'No work clothes', 2, false),
  ('bin_open', '垃圾桶未加盖', 'Bin left open', 3, false),
  ('intruder', '无关人员进入', 'Stranger in the kitchen', 2, false),
  ('fire_unattended', '明火无人看管', 'Fire unattended', 1, false),
  ('other', '其他问题', 'Other', 3, false);

alter table finding drop constraint finding_kind_check;
alter table finding
  add constraint finding_kind_known foreign key (kind) references finding_kind (code),
  -- a reported finding may be of a place that no camera sees, and no model gave it a score
  alter column camera_id drop not null,
  alter column score drop not null,
  add column source text not null default 'model'
    check (source in ('model', 'edge', 'online_inspection', 'accompanying_meal', 'tip', 'field_visit', 'cadre')),
  -- what the reporter says, and where in the zone
  add column text text not null default '',
  add column place text not null default '',
  add column reported_by uuid references account (id),
  add column merged_into uuid references finding (id),
  -- confirmed; its task is issued then, unless the verdict is undone before. null: nothing is to be issued
  add column issue_at timestamptz,
  add column reopens integer not null default 0 check (reopens >= 0),
  add constraint finding_merged check ((state = 'merged') = (merged_into is not null)),
  add constraint finding_not_itself check (merged_into <> id),
  add constraint finding_issue check (issue_at is null or state = 'confirmed'),
  add constraint finding_seen_by check (source not in ('model', 'edge') or (camera_id is not null and score is not null));
create index finding_merged_into on finding (merged_into) where merged_into is not null;
create index finding_issue_at on finding (issue_at) where issue_at is not null;

-- One finding became part of another. Evidence and looks stay with the finding they were recorded for and are read with the
-- target's, so that splitting gives back exactly what was merged.
create table finding_merge (
  id uuid primary key default gen_random_uuid(),
  finding_id uuid not null references finding (id),
  into_id uuid not null references finding (id),
  -- what the merged finding brought along: taken off the target's count when it is split off
  count integer not null check (count >= 0),
  -- the target as it was before
  into_last_seen timestamptz not null,
  into_score real,
  merged_by uuid not null references account (id),
  merged_at timestamptz not null,
  split_by uuid references account (id),
  split_at timestamptz
);
create unique index finding_merge_open on finding_merge (finding_id) where split_at is null;
create index finding_merge_into on finding_merge (into_id) where split_at is null;

-- Which findings a task answers. Its first one is task.finding_id too. A link is released when the finding may get another
-- task: after its task was withdrawn.
create table task_finding (
  task_id uuid not null references task (id),
  finding_id uuid not null references finding (id),
  added_by uuid,
  added_at timestamptz not null,
  released_at timestamptz,
  primary key (task_id, finding_id)
);
-- no finding is in two tasks
create unique index task_finding_once on task_finding (finding_id) where released_at is null;
insert into task_finding (task_id, finding_id, added_by, added_at) select id, finding_id, issued_by, issued_at from task;
alter table task drop constraint task_finding_id_key;
create index task_first_finding on task (finding_id);

-- Whoever issues a task need not know of the links.
create function link_first_finding() returns trigger language plpgsql as $$
begin
  update task_finding set released_at = new.issued_at
    from task where task.id = task_finding.task_id and task.state = 'withdrawn'
      and task_finding.finding_id = new.finding_id and task_finding.released_at is null;
  insert into task_finding (task_id, finding_id, added_by, added_at) values (new.id, new.finding_id, new.issued_by, new.issued_at);
  return null;
end $$;
create trigger task_links_finding after insert on task for each row execute function link_first_finding();

-- Reopening, and the inspector's own clock: while an answer waits, the merchant's stands.
alter table task drop constraint task_paused;
update task set paused_at = coalesce(submitted_at, issued_at) where state = 'submitted';
alter table task
  add constraint task_paused check ((state in ('appealed', 'submitted')) = (paused_at is not null)),
  add column reopens integer not null default 0 check (reopens >= 0),
  -- until when the inspector looks at the answer or appeal that waits; null: none waits
  add column review_due timestamptz,
  -- the inspector was told that it is overdue
  add column review_reminded_at timestamptz;
-- a reopened task runs the chain anew
alter table task_escalation add column round integer not null default 0 check (round >= 0);
alter table task_escalation drop constraint task_escalation_pkey;
alter table task_escalation add primary key (task_id, round, late, level);
create index task_review on task (review_due) where review_due is not null;

alter table alert drop constraint alert_about_check;
alter table alert add constraint alert_about_check check (about in ('new', 'submitted', 'appealed', 'appeal_rejected', 'returned',
  'escalated', 'transferred', 'withdrawn', 'closed', 'recheck_due', 'recheck_passed', 'recurred', 'reopened', 'review_overdue',
  'history_broken'));

-- A photograph for a finding that somebody reports: uploaded, or a camera's picture as it was then.
create table report_photo (
  id uuid primary key default gen_random_uuid(),
  object_key text not null,
  -- hex, over the bytes as received
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  bytes integer not null check (bytes > 0),
  width integer not null,
  height integer not null,
  shown_key text not null,
  shown_sha256 text not null check (shown_sha256 ~ '^[0-9a-f]{64}$'),
  -- null: uploaded
  camera_id uuid references camera (id),
  -- of a camera's picture: when it was taken
  taken_at timestamptz,
  uploaded_by uuid not null references account (id),
  uploaded_at timestamptz not null,
  -- the finding that it is evidence of; null: of none yet, and removed after a day
  finding_id uuid references finding (id)
);
create index report_photo_left on report_photo (uploaded_at) where finding_id is null;

-- Requests that are no command of one task: with a key they had before they are answered as then.
create table request_key (
  account_id uuid not null references account (id),
  key text not null check (length(key) between 8 and 200),
  -- one part of a request that asks for several things; empty: the whole
  part text not null default '',
  -- SHA-256 over what was asked
  fingerprint text not null,
  result jsonb not null,
  at timestamptz not null,
  primary key (account_id, key, part)
);
