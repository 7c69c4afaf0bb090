-- A camera that is known to be turned: areas drawn for the old view hide nothing of the new one, so no picture of it is public.
alter table public_picture drop constraint public_picture_withheld_check;
alter table public_picture add constraint public_picture_withheld_check
  check (withheld in ('no_picture', 'not_redacted', 'unreadable', 'moved'));

-- When a person approved another view of the same source: the camera had been turned, and stays so.
alter table camera add column view_changed_at timestamptz;

-- Proposals that were counted in another view, and that nobody had answered, are over: decided_by is null.
alter table rule_proposal drop constraint rule_proposal_state_check;
alter table rule_proposal add constraint rule_proposal_state_check
  check (state in ('open', 'accepted', 'declined', 'outdated'));
