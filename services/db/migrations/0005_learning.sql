-- Learning from inspectors: precision, and changes of rules proposed to the operator.

-- {"no_hat": 0.8}: lowest scores of this camera by kind; they raise a rule's min_score, never lower it.
alter table camera add column min_scores jsonb not null default '{}';

create table rule_proposal (
  id uuid primary key default gen_random_uuid(),
  camera_id uuid not null references camera (id),
  kind text not null check (kind in ('no_hat', 'no_mask', 'rodent')),
  type text not null check (type in ('ignore_area', 'min_score')),
  state text not null default 'open' check (state in ('open', 'accepted', 'declined')),
  -- {"area": [x1, y1, x2, y2]} or {"minScore": 0.8}
  change jsonb not null,
  -- what it rests on and would have done: services/domain/proposal.ts
  evidence jsonb not null,
  created_at timestamptz not null default now(),
  -- when the evidence was counted last
  updated_at timestamptz not null default now(),
  decided_at timestamptz,
  decided_by uuid references account (id),
  note text not null default '',
  check ((state = 'open') = (decided_at is null))
);
-- One open proposal per camera, kind and type: whoever counts again renews it.
create unique index rule_proposal_open on rule_proposal (camera_id, kind, type) where state = 'open';
create index rule_proposal_created on rule_proposal (created_at desc, id desc);

-- Verdicts of a span of time: what precision and proposals are counted from.
create index finding_verdict on finding (verdict_at) where verdict_at is not null;
