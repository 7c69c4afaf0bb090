/** What is over by the policies: the one place that the removal and its dry run ask. */
import { type RawBuilder, sql } from 'kysely';
import { LEAST_KEEP_DAYS, type RetentionItem, type RetentionSince } from '../domain/retention.ts';

/** A relation with the columns of retention_policy. */
export type Policies = RawBuilder<unknown>;

/** The policies as they are. */
export const STORED_POLICIES: Policies = sql`retention_policy`;

/** The policies as they would be with this one. */
export const withPolicy = (change: {
  regionId: string | null;
  item: RetentionItem;
  since: RetentionSince;
  keepDays: number | null;
}): Policies => sql`(
  select region_id, item, since, keep_days from retention_policy
  where (region_id, item, since) is distinct from (${change.regionId}::uuid, ${change.item}, ${change.since})
  union all select ${change.regionId}::uuid, ${change.item}, ${change.since}, ${change.keepDays}::integer)`;

/** Days that the item of a reference is kept, by the deepest region that says so; null: for ever. */
const keepDays = (policies: Policies) => sql`(
  select policy.keep_days from ${policies} as policy
  left join region as at on at.id = policy.region_id
  join region as here on here.id = phase.region_id
  where policy.item = reference.what and policy.since = phase.phase
    and (at.path is null or here.path = at.path or starts_with(here.path, at.path || '.'))
  order by length(at.path) desc nulls last limit 1
)`;

/**
 * `judged`: every object of cases that may be over and is not gone yet. `over`: its time is in every case that needs it; what is of no
 * case, or kept for ever, never is. `held`: of a held case; known where it is over.
 */
export const judgedObjects = (policies: Policies, now: Date): RawBuilder<unknown> => sql`
  candidate as (
    select distinct reference.object_key
    from case_phase as phase join object_reference as reference on reference.case_id = phase.case_id
    where phase.phase <> 'open' and phase.since <= ${now}::timestamptz - make_interval(days => ${LEAST_KEEP_DAYS})
      and ${keepDays(policies)} is not null
      and not exists (
        select from object_removal where object_key = reference.object_key and cancelled_at is null
      )
  ), kept as (
    select reference.object_key as key, reference.sha256, reference.bytes, reference.what, reference.case_id,
      phase.phase, phase.since, phase.region_id, ${keepDays(policies)} as days
    from candidate
    join object_reference as reference using (object_key)
    left join case_phase as phase on phase.case_id = reference.case_id
  ), judged as (
    select key, min(sha256) as sha256, min(bytes) as bytes, min(what) as item, min(phase) as since, max(days) as keep_days,
      min(since) as since_at, (array_agg(region_id))[1] as region_id,
      bool_and(coalesce(phase <> 'open' and since + make_interval(days => days) <= ${now}, false)) as over,
      bool_or(coalesce(case when phase <> 'open' and since + make_interval(days => days) <= ${now}
        then case_held(case_id) end, false)) as held
    from kept group by key
  )`;
