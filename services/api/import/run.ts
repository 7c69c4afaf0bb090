/** An import from a file's items to the answer: all of it, or nothing. */

import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { type Change, recordChange, snapshots } from '../../db/audit.ts';
import type { Tx } from '../../db/database.ts';
import type { Actor } from '../../domain/access.ts';
import { said } from '../../domain/said.ts';
import type { ApiContext } from '../context.ts';
import { Problem } from '../problem.ts';
import { checkItems } from './check.ts';
import { ImportErrors } from './items.ts';
import { emptyPlan, type Plan, type Planning } from './plan.ts';
import { planCamera } from './plan-cameras.ts';
import { planGateway, planMerchant, planRegions, planZone } from './plan-registry.ts';
import { planRule } from './plan-rules.ts';
import { type ImportFormat, readItems } from './read.ts';
import { loadWorld } from './world.ts';

/** Any constant: imports run one after the other. */
const LOCK = 7_301_996;
/** Rows a statement: far below PostgreSQL's 65,535 parameters. */
const CHUNK = 1000;

export interface ImportResult {
  dryRun: boolean;
  created: number;
  updated: number;
  unchanged: number;
  /** The same by section. */
  sections: Record<string, { created: number; updated: number; unchanged: number }>;
  secrets: Plan['secrets'];
  drawn: Plan['drawn'];
  drawnCount: number;
}

/**
 * Brings the registry to what the file says; what the file does not name stays as it is. Running it again changes nothing.
 * @throws Problem with all errors at once; then nothing was written
 */
export async function runImport(
  context: ApiContext,
  actor: Actor,
  source: { format: ImportFormat; body: unknown; dryRun: boolean },
): Promise<ImportResult> {
  const errors = new ImportErrors();
  const checked = checkItems(readItems(source.format, source.body, errors), errors);
  const plan = await context.db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(${LOCK})`.execute(tx);
    const world = await loadWorld(tx, checked);
    const { sealer } = context;
    const planning: Planning = { actor, sealer, now: context.now(), errors, world, plan: emptyPlan() };
    planRegions(planning, checked.regions);
    for (const item of checked.merchants) planMerchant(planning, item);
    for (const item of checked.zones) planZone(planning, item);
    for (const item of checked.gateways) await planGateway(planning, item);
    for (const item of checked.cameras) planCamera(planning, item);
    for (const item of checked.rules) planRule(planning, item);
    if (errors.count > 0) throw refusal(errors);
    if (!source.dryRun) await writeAudited(tx, planning.plan, context, actor);
    return planning.plan;
  });
  return resultOf(plan, source.dryRun);
}

function refusal(errors: ImportErrors): Problem {
  const [count, shown] = [errors.count, errors.list.length];
  const detail =
    shown < count ? said('import_errors_some', { count, shown }) : said('import_errors', { count });
  return new Problem('invalid-request', detail, {
    errors: errors.list,
    extra: { errorCount: errors.count },
  });
}

const TABLES = ['region', 'merchant', 'zone', 'gateway', 'camera', 'rule'] as const;

/** One row of history for the import, with every row it made or changed under it. */
async function writeAudited(tx: Tx, plan: Plan, context: ApiContext, actor: Actor): Promise<void> {
  const before = new Map<string, Map<string, Record<string, unknown>>>();
  const idsOf = (table: (typeof TABLES)[number], kind: 'insert' | 'update'): string[] =>
    plan[table][kind].map((row) => row.id);
  for (const table of TABLES)
    before.set(table, await snapshots(tx, table, idsOf(table, 'update'), { lock: true }));
  await write(tx, plan);
  const detail: Change[] = [];
  for (const table of TABLES) {
    const ids = [...idsOf(table, 'insert'), ...idsOf(table, 'update')];
    const after = await snapshots(tx, table, ids);
    for (const id of ids) {
      detail.push({
        entity: table,
        entityId: id,
        before: before.get(table)?.get(id) ?? null,
        after: after.get(id) ?? null,
      });
    }
  }
  if (detail.length === 0) return;
  await recordChange(tx, {
    entity: 'import',
    entityId: randomUUID(),
    to: 'imported',
    actorId: actor.accountId,
    at: context.now(),
    place: actor.regionPath === null ? null : { regionPath: actor.regionPath, merchantId: null },
    detail,
  });
}

async function write(tx: Tx, plan: Plan): Promise<void> {
  const chunks = <T>(rows: T[]): T[][] =>
    Array.from({ length: Math.ceil(rows.length / CHUNK) }, (_, i) => rows.slice(i * CHUNK, (i + 1) * CHUNK));
  for (const rows of chunks(plan.region.insert)) await tx.insertInto('region').values(rows).execute();
  for (const rows of chunks(plan.merchant.insert)) await tx.insertInto('merchant').values(rows).execute();
  for (const rows of chunks(plan.zone.insert)) await tx.insertInto('zone').values(rows).execute();
  for (const rows of chunks(plan.gateway.insert)) await tx.insertInto('gateway').values(rows).execute();
  for (const rows of chunks(plan.camera.insert)) await tx.insertInto('camera').values(rows).execute();
  for (const rows of chunks(plan.rule.insert)) await tx.insertInto('rule').values(rows).execute();
  for (const table of TABLES) {
    for (const { id, set } of plan[table].update) {
      await tx.updateTable(table).set(set).where('id', '=', id).execute();
    }
  }
}

function resultOf(plan: Plan, dryRun: boolean): ImportResult {
  const total = { created: 0, updated: 0, unchanged: 0 };
  const sections: ImportResult['sections'] = {};
  for (const table of TABLES) {
    const { insert, update, unchanged } = plan[table];
    const counts = { created: insert.length, updated: update.length, unchanged };
    sections[`${table}s`] = counts;
    total.created += counts.created;
    total.updated += counts.updated;
    total.unchanged += counts.unchanged;
  }
  const { drawn, drawnCount } = plan;
  return { dryRun, ...total, sections, secrets: dryRun ? [] : plan.secrets, drawn, drawnCount };
}
