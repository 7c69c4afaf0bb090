-- Escalation documents: types, templates, numbers without gaps, and what was issued. The nightly check of history. What is told together.

create table document_type (
  code text primary key check (code ~ '^[a-z][a-z0-9_]{0,31}$'),
  name text not null check (name ~ '\S'),
  -- 字: stands before year and number
  series text not null check (series ~ '\S'),
  enabled boolean not null default true
);
insert into document_type (code, name, series) values
  ('rectification_order', '责令改正通知书', '食责改'),
  ('interview', '责任约谈通知书', '食约谈'),
  ('reminder', '提醒告知书', '食提醒'),
  ('rectification_notice', '整改通知书', '食整改'),
  ('supervision', '挂牌督办通知书', '食督办'),
  ('urging_letter', '督办函', '食督函'),
  ('lead_transfer', '案件线索移送函', '食移送');

-- One row a version; the newest of the deepest region holds.
create table document_template (
  id uuid primary key default gen_random_uuid(),
  -- null: everywhere
  region_id uuid references region (id),
  type text not null references document_type (code),
  version integer not null check (version >= 1),
  title text not null check (title ~ '\S'),
  -- services/domain/document-template.ts
  body text not null check (body ~ '\S'),
  -- null: comes with Mingzao
  changed_by uuid references account (id),
  changed_at timestamptz not null,
  unique nulls not distinct (region_id, type, version)
);
create trigger document_template_append_only before update or delete on document_template
  for each row execute function refuse_change();

-- A starting point that each region words as its own office does.
insert into document_template (region_id, type, version, title, body, changed_at) values
  (null, 'rectification_order', 1, '责令改正通知书', $body$- {{merchant}}（许可证编号：{{licence}}）：
经查，你单位存在以下问题（整改任务 {{task}}）：
{{findings}}
{{evidence}}
{{reason}}
请于 {{submit_due}} 前改正，并将整改情况通过明灶平台提交。逾期不改正的，将依法处理。
以上线索由视频巡查发现并经人工核查，不能单独作为行政处罚的依据。

> {{region}}市场监督管理局
> {{date}}
- 承办人：{{inspector}}
- 送达人：{{recipient}}
- 签收（签字、日期）：$body$, 'epoch'),
  (null, 'interview', 1, '责任约谈通知书', $body$- {{merchant}}：
你单位整改任务 {{task}}（{{issued}} 下达，期限 {{submit_due}}）已逾期 {{overdue}} 天，被退回 {{returns}} 次。存在的问题如下：
{{findings}}
{{evidence}}
现决定对你单位食品安全主要负责人进行责任约谈。约谈对象：{{recipient}}。
{{reason}}

> {{region}}市场监督管理局
> {{date}}
- 承办人：{{inspector}}$body$, 'epoch'),
  (null, 'reminder', 1, '提醒告知书', $body$- {{merchant}}：
近期巡查发现你单位存在以下问题，特此提醒：
{{findings}}
{{evidence}}
{{reason}}

> {{region}}市场监督管理局
> {{date}}$body$, 'epoch'),
  (null, 'rectification_notice', 1, '整改通知书', $body$- {{merchant}}：
请对以下问题进行整改（整改任务 {{task}}，期限 {{submit_due}}）：
{{findings}}
{{evidence}}
{{reason}}

> {{region}}市场监督管理局
> {{date}}
- 承办人：{{inspector}}$body$, 'epoch'),
  (null, 'supervision', 1, '挂牌督办通知书', $body$- {{recipient}}：
{{merchant}} 的整改任务 {{task}} 已逾期 {{overdue}} 天，被退回 {{returns}} 次，现予挂牌督办。
{{findings}}
{{evidence}}
{{reason}}

> {{region}}市场监督管理局
> {{date}}$body$, 'epoch'),
  (null, 'urging_letter', 1, '督办函', $body$- {{recipient}}：
请督促 {{merchant}} 落实整改任务 {{task}}（期限 {{submit_due}}，已逾期 {{overdue}} 天）。
{{findings}}
{{evidence}}
{{reason}}

> {{region}}市场监督管理局
> {{date}}$body$, 'epoch'),
  (null, 'lead_transfer', 1, '案件线索移送函', $body$- {{recipient}}：
我单位在食品安全视频巡查中发现 {{merchant}}（许可证编号：{{licence}}）涉嫌存在以下问题，现将线索移送贵单位处理：
{{findings}}
{{evidence}}
{{reason}}
请将处理结果函告我单位。

> {{region}}市场监督管理局
> {{date}}
- 承办人：{{inspector}}$body$, 'epoch');

-- Last number given out. Locked by the transaction that takes the next one: a number that is rolled back is given out again.
create table document_counter (
  region_id uuid not null references region (id),
  type text not null references document_type (code),
  year integer not null,
  last integer not null check (last >= 1),
  primary key (region_id, type, year)
);

create table document (
  id uuid primary key default gen_random_uuid(),
  -- for people: 食责改〔2026〕12号
  number text not null,
  -- whose numbers they are: the county of the task
  region_id uuid not null references region (id),
  type text not null references document_type (code),
  year integer not null,
  serial integer not null check (serial >= 1),
  task_id uuid not null references task (id),
  merchant_id uuid not null references merchant (id),
  template_id uuid not null references document_template (id),
  title text not null,
  -- all that the page is made of, frozen: the same gives the same bytes (services/documents)
  content jsonb not null,
  -- rendering: it has its number, its bytes are not stored yet
  state text not null default 'rendering' check (state in ('rendering', 'issued', 'void')),
  object_key text,
  sha256 text check (sha256 ~ '^[0-9a-f]{64}$'),
  bytes integer check (bytes > 0),
  issued_by uuid not null references account (id),
  issued_at timestamptz not null,
  voided_by uuid references account (id),
  voided_at timestamptz,
  void_reason text,
  unique (region_id, type, year, serial),
  check ((state = 'rendering') = (object_key is null)),
  check ((object_key is null) = (sha256 is null) and (sha256 is null) = (bytes is null)),
  check ((state = 'void') = (voided_at is not null and voided_by is not null and void_reason is not null))
);
create index document_task on document (task_id, issued_at, id);
create index document_issued on document (issued_at desc, id desc);

-- Issued is issued: its bytes come once, and it can be declared void once. Nothing else changes, nothing goes.
create function document_only_voided() returns trigger language plpgsql as $$
declare
  free text[] := case
    when tg_op <> 'UPDATE' then '{}'::text[]
    when old.state = 'rendering' and new.state = 'issued' then '{state,object_key,sha256,bytes}'
    when old.state = 'issued' and new.state = 'void' then '{state,voided_by,voided_at,void_reason}'
    else '{}'
  end;
begin
  if free <> '{}' and (to_jsonb(new) - free) = (to_jsonb(old) - free) then return new; end if;
  raise exception 'document is immutable once issued' using errcode = 'insufficient_privilege';
end $$;
create trigger document_immutable before update or delete on document for each row execute function document_only_voided();
create trigger document_no_truncate before truncate on document for each statement execute function refuse_change();

-- 历史核验: each night's walk over the hash chains.
create table history_check (
  id bigint generated always as identity primary key,
  started_at timestamptz not null,
  finished_at timestamptz not null,
  rows bigint not null,
  chains bigint not null,
  fault_count integer not null,
  -- [{entity, entityId, historyId, fault, detail}], the first hundred
  faults jsonb not null default '[]'
);
create index history_check_finished on history_check (finished_at desc);
create trigger history_check_append_only before update or delete on history_check
  for each row execute function refuse_change();

-- Cases that are told together: merged into one another, or answered by one task.
create or replace function case_members(p_case uuid) returns setof uuid language sql stable as $$
  with recursive linked as (
    select p_case as id
    union
    select other.id from linked cross join lateral (
      select merged_into as id from finding where finding.id = linked.id and merged_into is not null
      union all select finding.id from finding where finding.merged_into = linked.id
      union all
      select theirs.finding_id from task_finding as mine join task_finding as theirs on theirs.task_id = mine.task_id
        where mine.finding_id = linked.id and mine.released_at is null and theirs.released_at is null
    ) as other
  )
  select id from linked;
$$;
