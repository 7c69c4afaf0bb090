import { sql } from 'kysely';
import type { MeasuredVerdicts } from '../domain/dispatch.ts';
import {
  type FrozenPolicy,
  freezePolicy,
  type ResolvedPolicy,
  resolvePolicy,
  type ScopedPolicy,
} from '../domain/policy.ts';
import { type DryRunRow, dryRun, type PastFinding } from '../domain/policy-dry-run.ts';
import { isWrong } from '../domain/precision.ts';
import { isWithin } from '../domain/rules.ts';
import { isViolationKind, type KindCode, type ModelRef, type TaskClass } from '../domain/words.ts';
import type { Database } from './database.ts';
import { measuredIn, measuredVerdicts } from './dispatch.ts';
import { loadCalendars, policiesInForce } from './policy.ts';
import { policyOf } from './task-record.ts';

const DAY_MS = 86_400_000;
/** Findings that a dry run looks at; more would hold up others. A county has some 1,640 a year. */
export const MOST_FINDINGS = 20_000;

interface PastRow {
  kind: KindCode;
  source: string;
  ruleClass: TaskClass;
  recordedClass: TaskClass;
  verdictClass: TaskClass | null;
  fingerprint: string;
  models: ModelRef[];
  state: string;
  verdictReason: string | null;
  regionPath: string;
  timeZone: string;
  merchantType: string;
  createdAt: Date;
  taskId: string | null;
  class: TaskClass;
  limits: { acknowledgeMin: number; submitMin: number; recheckMin: number };
  frozen: FrozenPolicy | null;
  /** null: no task. */
  issuedAt: Date | null;
  issuedBy: string | null;
  acknowledgedAt: Date | null;
  submittedAt: Date | null;
  endedAt: Date | null;
  pausedMs: number;
}

/** What `changed` would have done in [from, to) in its region: to findings of the period, tasks issued in it, and tasks open in it. */
export async function policyDryRun(
  db: Database,
  changed: ScopedPolicy,
  period: { from: Date; to: Date },
  now: Date,
): Promise<{ findings: number; truncated: boolean; rows: DryRunRow[] }> {
  const [inForce, calendars] = [await policiesInForce(db, now), await loadCalendars(db)];
  const documents = [...inForce.filter((one) => one.regionPath !== changed.regionPath), changed];
  const past = await pastFindings(db, changed.regionPath, period);
  const resolved = new Map<string, ResolvedPolicy>();
  const measured = new Map<string, MeasuredVerdicts>();
  const findings: PastFinding[] = [];
  for (const row of past.slice(0, MOST_FINDINGS)) {
    const policy = resolved.get(row.regionPath) ?? resolvePolicy(documents, row.regionPath);
    resolved.set(row.regionPath, policy);
    const { kind } = row;
    const terms = isViolationKind(kind) ? (policy.policy.dispatch[kind] ?? null) : null;
    const region = isViolationKind(kind) ? measuredIn(policy, kind, row.regionPath) : '';
    const key = `${region}|${kind}|${JSON.stringify(row.models)}`;
    const known =
      measured.get(key) ??
      (terms === null || !isViolationKind(kind)
        ? { right: 0, wrong: 0 }
        : await measuredVerdicts(db, {
            kind,
            models: row.models,
            regionPath: region,
            from: new Date(period.from.getTime() - terms.days * DAY_MS),
            to: period.from,
          }));
    measured.set(key, known);
    findings.push(
      pastFinding(row, freezePolicy(policy, row, calendars, row.issuedAt ?? row.createdAt), known),
    );
  }
  return {
    findings: findings.filter(({ createdAt }) => createdAt >= period.from).length,
    truncated: past.length > MOST_FINDINGS,
    rows: dryRun(findings, period),
  };
}

function pastFinding(row: PastRow, changed: FrozenPolicy, measured: MeasuredVerdicts): PastFinding {
  return {
    createdAt: row.createdAt,
    kind: row.kind,
    byModel: row.source === 'model',
    ruleClass: row.ruleClass,
    recordedClass: row.recordedClass,
    classByPerson: row.verdictClass,
    fingerprint: row.fingerprint,
    dismissedAsWrong: row.state === 'dismissed' && isWrong(row.verdictReason),
    task:
      row.taskId === null || row.issuedAt === null
        ? null
        : {
            class: row.class,
            issuedAt: row.issuedAt,
            acknowledgedAt: row.acknowledgedAt,
            submittedAt: row.submittedAt,
            endedAt: row.endedAt,
            pausedMs: row.pausedMs,
            issuedByPerson: row.issuedBy !== null,
            frozen: policyOf(row),
          },
    changed,
    measured,
  };
}

/** Tasks that were issued before and not over at that moment. */
const stillOpen = (at: Date) => sql`(task.issued_at < ${at} and coalesce(task.closed_at, (
  select min(at) from history where entity = 'task' and entity_id = task.id and to_state in ('withdrawn', 'transferred')
), 'infinity') > ${at})`;

async function pastFindings(
  db: Database,
  regionPath: string | null,
  { from, to }: { from: Date; to: Date },
): Promise<PastRow[]> {
  const { rows } = await sql<PastRow>`
    select finding.kind, finding.source, coalesce((finding.rule ->> 'class')::int, finding.class) as "ruleClass",
      finding.class as "recordedClass", finding.verdict_class as "verdictClass", finding.fingerprint,
      finding.models, finding.state, finding.verdict_reason as "verdictReason", region.path as "regionPath",
      region.time_zone as "timeZone", merchant.type as "merchantType", finding.created_at as "createdAt",
      task.id as "taskId", coalesce(task.class, finding.class) as class, task.limits,
      frozen_policy.policy as frozen, task.issued_at as "issuedAt", task.issued_by as "issuedBy",
      task.acknowledged_at as "acknowledgedAt",
      -- the first answer: what came after a return is another matter
      coalesce((select min(at) from history where entity = 'task' and entity_id = task.id and command = 'submit'),
        task.submitted_at) as "submittedAt",
      coalesce(task.closed_at, (select min(at) from history
        where entity = 'task' and entity_id = task.id and to_state in ('withdrawn', 'transferred'))) as "endedAt",
      task.paused_ms as "pausedMs"
    from finding
    join region on region.id = finding.region_id
    join merchant on merchant.id = finding.merchant_id
    left join task on task.finding_id = finding.id
    left join frozen_policy on frozen_policy.sha256 = task.policy_sha256
    where finding.state <> 'merged' and finding.created_at < ${to}
      and (finding.created_at >= ${from} or task.issued_at >= ${from} or ${stillOpen(from)})
      and (${regionPath}::text is null or region.path = ${regionPath} or starts_with(region.path, ${regionPath} || '.'))
    order by finding.created_at desc
    limit ${MOST_FINDINGS + 1}
  `.execute(db);
  return rows.filter((row) => isWithin(row.regionPath, regionPath));
}
