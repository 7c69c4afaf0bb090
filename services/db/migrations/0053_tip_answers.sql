-- 群众线索 at the desk: a tip that proved right is answered, too; who decides says which version was looked at.

alter table tip
  add column version integer not null default 1,
  drop constraint tip_state_check,
  add constraint tip_state_check check (state in ('new', 'taken', 'answered', 'unfounded'));
