import { sql } from 'kysely';
import { type MeasuredVerdicts, mayDispatch } from '../domain/dispatch.ts';
import { type ResolvedPolicy, versionText } from '../domain/policy.ts';
import type { ModelRef, ViolationKind } from '../domain/words.ts';
import { appealUpheld } from './appeal-upheld.ts';
import type { Database, Tx } from './database.ts';
import { confirmIn } from './verdicts.ts';

const DAY_MS = 86_400_000;

/** Whose verdicts count: one kind, by the very models, in a region and all below it. */
export interface MeasuredQuery {
  kind: ViolationKind;
  models: readonly ModelRef[];
  regionPath: string;
  from: Date;
  to: Date;
}

/**
 * What people said. A finding that a policy confirmed counts only when an appeal took its task back (appeal-upheld.ts): nobody looked at it before,
 * so it must not speak for itself.
 */
export async function measuredVerdicts(db: Database | Tx, query: MeasuredQuery): Promise<MeasuredVerdicts> {
  const { rows } = await sql<MeasuredVerdicts>`
    with judged as (
      select finding.state = 'dismissed' or ${appealUpheld()} as wrong,
        finding.verdict_by is not null as by_person
      from finding
      join region on region.id = finding.region_id
      where finding.kind = ${query.kind} and finding.models = ${JSON.stringify(query.models)}::jsonb
        and finding.verdict_at >= ${query.from} and finding.verdict_at < ${query.to}
        and finding.state in ('confirmed', 'dismissed') and finding.source = 'model'
        and coalesce(finding.verdict_reason, '') <> 'duplicate'
        and (region.path = ${query.regionPath} or starts_with(region.path, ${query.regionPath} || '.'))
    )
    select count(*) filter (where by_person and not wrong)::int as right,
      count(*) filter (where wrong)::int as wrong
    from judged
  `.execute(db);
  return rows[0] ?? { right: 0, wrong: 0 };
}

/** The region in which the precision of a kind is measured: where its terms were said; said for everywhere, the county. */
export function measuredIn(resolved: ResolvedPolicy, kind: ViolationKind, regionPath: string): string {
  return resolved.dispatchFrom[kind] ?? regionPath.split('.')[0] ?? regionPath;
}

/** A finding that was just opened. */
export interface OpenedFinding {
  id: string;
  fingerprint: string;
  kind: ViolationKind;
  models: readonly ModelRef[];
  regionPath: string;
}

/** Issues the task in the finding's own transaction, where the policy allows it. @returns the task's id */
export async function dispatchByPolicy(
  tx: Tx,
  finding: OpenedFinding,
  resolved: ResolvedPolicy,
  now: Date,
): Promise<string | null> {
  const terms = resolved.policy.dispatch[finding.kind];
  if (terms === undefined || terms === null) return null;
  const measured = await measuredVerdicts(tx, {
    kind: finding.kind,
    models: finding.models,
    regionPath: measuredIn(resolved, finding.kind, finding.regionPath),
    from: new Date(now.getTime() - terms.days * DAY_MS),
    to: now,
  });
  const verdict = mayDispatch(resolved.policy, finding.kind, measured, finding.fingerprint);
  if (!verdict.dispatch) return null;
  const note = `${versionText(resolved.sources)}: ${verdict.low.toFixed(3)} / ${verdict.verdicts}`;
  const command = { findingId: finding.id, actorId: null, version: undefined, note };
  const result = await confirmIn(tx, command, now);
  return result.done ? result.taskId : null;
}
