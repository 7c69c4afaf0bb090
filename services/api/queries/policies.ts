import { sql } from 'kysely';
import type { Static } from 'typebox';
import type { Database } from '../../db/database.ts';
import { measuredIn, measuredVerdicts } from '../../db/dispatch.ts';
import { type PolicyPlace, policyAt } from '../../db/policy.ts';
import { mayDispatch } from '../../domain/dispatch.ts';
import { versionText } from '../../domain/policy.ts';
import { wilson } from '../../domain/precision.ts';
import type { ModelRef, ViolationKind } from '../../domain/words.ts';
import type { EffectivePolicy, PolicyVersion } from '../schemas/policy-document.ts';

const DAY_MS = 86_400_000;
/** How the newest models of a kind are looked for: the findings that they made. */
const RECENT_DAYS = 90;

/** True for the one version of each region that holds now. */
export const holdsAt = (now: Date) =>
  sql<boolean>`(policy.withdrawn_at is null and policy.effective_from <= ${now} and not exists (
    select from policy as later where later.region_id is not distinct from policy.region_id
      and later.withdrawn_at is null and later.effective_from <= ${now}
      and (later.effective_from, later.version) > (policy.effective_from, policy.version)))`;

export const selectPolicies = (db: Database, now: Date) =>
  db
    .selectFrom('policy')
    .leftJoin('region', 'region.id', 'policy.region_id')
    .leftJoin('account', 'account.id', 'policy.changed_by')
    .selectAll('policy')
    .select([
      'region.path as region_path',
      'region.code as region_code',
      'region.name as region_name',
      'account.username',
      sql<string>`policy.changed_at::text`.as('changed_at_text'),
      holdsAt(now).as('in_force'),
    ]);

export type PolicyRow = Awaited<ReturnType<ReturnType<typeof selectPolicies>['executeTakeFirstOrThrow']>>;

export function policyItem(row: PolicyRow, now: Date): Static<typeof PolicyVersion> {
  const state = row.effective_from > now ? 'coming' : row.in_force ? 'in_force' : 'past';
  return {
    id: row.id,
    region: regionRef(row),
    version: row.version,
    effectiveFrom: row.effective_from.toISOString(),
    document: row.document,
    note: row.note,
    changedBy: row.username,
    changedAt: row.changed_at.toISOString(),
    withdrawnAt: row.withdrawn_at?.toISOString() ?? null,
    state: row.withdrawn_at === null ? state : 'withdrawn',
  };
}

export function regionRef(row: {
  region_id: string | null;
  region_code: string | null;
  region_path: string | null;
  region_name: string | null;
}) {
  if (row.region_id === null) return null;
  return {
    id: row.region_id,
    code: row.region_code ?? '',
    path: row.region_path ?? '',
    name: row.region_name ?? '',
  };
}

/** What holds at a place, and how far each kind that may be dispatched is measured. */
export async function effectivePolicy(
  db: Database,
  region: { id: string; code: string; path: string; name: string },
  place: PolicyPlace,
  at: Date,
): Promise<Static<typeof EffectivePolicy>> {
  const resolved = await policyAt(db, place, at);
  const measured: Static<typeof EffectivePolicy>['measured'] = [];
  for (const [kind, terms] of Object.entries(resolved.policy.dispatch) as [
    ViolationKind,
    { days: number } | null,
  ][]) {
    if (terms === null) continue;
    const where = measuredIn(resolved, kind, place.regionPath);
    const models = await newestModels(db, kind, where, at);
    const from = new Date(at.getTime() - terms.days * DAY_MS);
    const counts =
      models === undefined
        ? { right: 0, wrong: 0 }
        : await measuredVerdicts(db, { kind, models, regionPath: where, from, to: at });
    const verdict = mayDispatch(resolved.policy, kind, counts, '');
    measured.push({
      kind,
      region: where,
      ...counts,
      low: wilson(counts.right, counts.right + counts.wrong).low,
      dispatches: verdict.dispatch || verdict.why === 'for_review',
    });
  }
  return {
    at: at.toISOString(),
    region,
    version: versionText(resolved.sources),
    sources: resolved.sources.map((one) => ({ region: one.regionPath, version: one.version })),
    policy: resolved.policy,
    measured,
  };
}

async function newestModels(
  db: Database,
  kind: ViolationKind,
  regionPath: string,
  at: Date,
): Promise<ModelRef[] | undefined> {
  const row = await db
    .selectFrom('finding')
    .innerJoin('region', 'region.id', 'finding.region_id')
    .select('finding.models')
    .where('finding.kind', '=', kind)
    .where('finding.created_at', '>=', new Date(at.getTime() - RECENT_DAYS * DAY_MS))
    .where(sql<boolean>`(region.path = ${regionPath} or starts_with(region.path, ${regionPath} || '.'))`)
    .orderBy('finding.created_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.models;
}
