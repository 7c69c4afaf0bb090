import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import {
  type CalendarDays,
  type FrozenPolicy,
  freezePolicy,
  type PolicyDocument,
  type ResolvedPolicy,
  resolvePolicy,
  type ScopedPolicy,
} from '../domain/policy.ts';
import type { Database, Tx } from './database.ts';
import type { CalendarDay, CalendarTerm } from './schema-policy.ts';

/** Where a policy is asked for. */
export interface PolicyPlace {
  regionPath: string;
  timeZone: string;
  merchantType: string;
}

/** Documents in force at a time, of all regions: few rows, since each region has one at most. */
export async function policiesInForce(db: Database | Tx, at: Date): Promise<ScopedPolicy[]> {
  const { rows } = await sql<{ path: string | null; version: number; document: PolicyDocument }>`
    select distinct on (policy.region_id) region.path, policy.version, policy.document
    from policy left join region on region.id = policy.region_id
    where policy.effective_from <= ${at} and policy.withdrawn_at is null
    order by policy.region_id, policy.effective_from desc, policy.version desc
  `.execute(db);
  return rows.map(({ path, version, document }) => ({ regionPath: path, version, document }));
}

/** The newest version that was not taken back, also one that is not in force yet. @param regionId null: everywhere */
export async function newestPolicy(db: Database | Tx, regionId: string | null): Promise<number | null> {
  const row = await db
    .selectFrom('policy')
    .select((eb) => eb.fn.max('version').as('version'))
    .where('region_id', 'is not distinct from', regionId)
    .where('withdrawn_at', 'is', null)
    .executeTakeFirst();
  return row?.version ?? null;
}

export async function loadCalendars(db: Database | Tx): Promise<CalendarDays[]> {
  const rows = await db.selectFrom('calendar').select(['code', 'days', 'terms']).execute();
  return rows.map(({ code, days, terms }) => calendarDays(code, days, terms));
}

export function calendarDays(
  code: string,
  days: readonly CalendarDay[],
  terms: readonly CalendarTerm[],
): CalendarDays {
  return {
    code,
    days: Object.fromEntries(days.map(({ date, type }) => [date, type])),
    terms: terms.map(({ from, to }) => ({ from, to })),
  };
}

/** What holds at a place and time, and as it would be frozen onto a task that is issued then. */
export async function policyAt(
  db: Database | Tx,
  place: PolicyPlace,
  at: Date,
): Promise<ResolvedPolicy & { frozen: FrozenPolicy }> {
  const [documents, calendars] = [await policiesInForce(db, at), await loadCalendars(db)];
  const resolved = resolvePolicy(documents, place.regionPath);
  return { ...resolved, frozen: freezePolicy(resolved, place, calendars, at) };
}

/** JSON with sorted keys: the same content gives the same text, also after a way through jsonb. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** Keeps a policy once, under the hash of its content. @returns the hash, hex */
export async function keepFrozen(tx: Tx, frozen: FrozenPolicy): Promise<string> {
  const text = canonicalJson(frozen);
  const sha256 = createHash('sha256').update(text).digest('hex');
  await tx
    .insertInto('frozen_policy')
    .values({ sha256, policy: text })
    .onConflict((conflict) => conflict.column('sha256').doNothing())
    .execute();
  return sha256;
}
