/** What regions let anybody read of their tasks: by the policy of the deepest region that has one; no policy, nothing. */
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { TaskState } from '../domain/words.ts';
import type { Database } from './database.ts';

/** States of a task that was closed, as far as the public goes. Withdrawn and transferred ones are nobody's business. */
const CLOSED: readonly TaskState[] = ['closed', 'recheck_due', 'recheck_passed', 'recurred'];
/** Of open ones: what the merchant has said nothing against. */
const OPEN: readonly TaskState[] = ['issued', 'acknowledged', 'submitted', 'returned', 'escalated'];

/** Jurisdictions that are open now. */
export async function openJurisdictions(db: Database): Promise<string[]> {
  const rows = await db
    .selectFrom('open_data_policy')
    .select('jurisdiction_id')
    .where('enabled', '=', true)
    .orderBy('jurisdiction_id')
    .execute();
  return rows.map((row) => row.jurisdiction_id);
}

export interface OpenService {
  code: string;
  name: string;
}

export async function openServices(db: Database, jurisdiction: string): Promise<OpenService[]> {
  const { rows } = await sql<OpenService>`
    select kind.code, kind.name_zh as name from finding_kind as kind, open_data_policy as policy
    where policy.jurisdiction_id = ${jurisdiction} and policy.enabled
      and (policy.kinds = '{}' or kind.code = any (policy.kinds))
    order by kind.code
  `.execute(db);
  return rows;
}

export interface OpenRequestRow {
  number: string;
  state: TaskState;
  kind: string;
  kindName: string;
  zoneName: string;
  regionName: string;
  /** null: the policy keeps names to itself. */
  merchantName: string | null;
  agency: string;
  issuedAt: Date;
  submitDue: Date;
  closedAt: Date | null;
  updatedAt: Date;
}

export interface OpenQuery {
  jurisdiction: string;
  numbers?: readonly string[];
  kinds?: readonly string[];
  status?: 'open' | 'closed';
  from?: Date;
  to?: Date;
  limit: number;
  offset: number;
}

/** Newest first. */
export async function openRequests(db: Database, query: OpenQuery, now: Date): Promise<OpenRequestRow[]> {
  const { jurisdiction, numbers, kinds, status, from, to, limit, offset } = query;
  const only = (wanted: boolean, condition: RawBuilder<SqlBool>) => (wanted ? condition : sql<SqlBool>`true`);
  const { rows } = await sql<OpenRequestRow>`
    select task.number, task.state, task.kind, kind.name_zh as "kindName", zone.name as "zoneName",
      region.name as "regionName", case when policy.merchant_names then merchant.name end as "merchantName",
      home.name as agency, task.issued_at as "issuedAt", task.submit_by as "submitDue",
      task.closed_at as "closedAt",
      coalesce(task.closed_at, task.submitted_at, task.acknowledged_at, task.issued_at) as "updatedAt"
    from task
      join region on region.id = task.region_id
      join merchant on merchant.id = task.merchant_id
      join zone on zone.id = task.zone_id
      join finding_kind as kind on kind.code = task.kind
      cross join lateral (
        select one.*, place.path from open_data_policy as one join region as place on place.id = one.region_id
        where region.path = place.path or starts_with(region.path, place.path || '.')
        order by length(place.path) desc limit 1
      ) as policy
      join region as home on home.id = policy.region_id
    where policy.enabled and policy.jurisdiction_id = ${jurisdiction}
      and (policy.kinds = '{}' or task.kind = any (policy.kinds))
      and (
        (task.state = any (${[...CLOSED]}) and task.closed_at <= ${now}::timestamptz - make_interval(days => policy.delay_days))
        or (policy.open_tasks and task.state = any (${[...OPEN]}))
      )
      and ${only(numbers !== undefined, sql`task.number = any (${[...(numbers ?? [])]})`)}
      and ${only(kinds !== undefined, sql`task.kind = any (${[...(kinds ?? [])]})`)}
      and ${only(status !== undefined, sql`(task.state = any (${[...CLOSED]})) = ${status === 'closed'}`)}
      and ${only(from !== undefined, sql`task.issued_at >= ${from ?? now}`)}
      and ${only(to !== undefined, sql`task.issued_at <= ${to ?? now}`)}
    order by task.issued_at desc, task.id desc
    limit ${limit} offset ${offset}
  `.execute(db);
  return rows;
}
