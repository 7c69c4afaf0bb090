-- 回头看 of a task with several findings: all their cameras are looked at more often. Which task a recurred one came again as.
-- Class 3 is drawn in a row of its own for each seed and share.

alter table camera_boost drop constraint camera_boost_pkey;
alter table camera_boost add primary key (task_id, camera_id, kind);

-- The new task names the latest it follows (recurred_from); several may have ended by it.
alter table task add column recurred_as uuid references task (id);
update task set recurred_as = again.id from task as again where again.recurred_from = task.id;

-- Blocks of one size can be kept full only where all that share a row share seed and size. Rows that were there were counted
-- with the starting values, unless a region said otherwise.
alter table sample_row
  add column seed text not null default 'mingzao',
  add column share double precision not null default 0.1;
alter table sample_row drop constraint sample_row_pkey;
alter table sample_row add primary key (county, seed, share);
alter table sample_row alter column seed drop default, alter column share drop default;

-- Tasks that one new task ended belong to its case.
create or replace function case_members(p_case uuid) returns setof uuid language sql stable as $$
  with recursive member (id) as (
    select p_case
    union
    select linked.id from member cross join lateral (
      select merged_into as id from finding where finding.id = member.id and merged_into is not null
      union all select finding.id from finding where merged_into = member.id
      union all select other.finding_id from task_finding as own join task_finding as other using (task_id)
        where own.finding_id = member.id
      union all select later.finding_id from task as own join task as later on later.id = own.recurred_as
        where own.finding_id = member.id
      union all select earlier.finding_id from task as own join task as earlier on earlier.recurred_as = own.id
        where own.finding_id = member.id
    ) as linked
  )
  select id from member
$$;
create index task_recurred_as on task (recurred_as) where recurred_as is not null;
