import { type Selectable, sql } from 'kysely';
import type { Static } from 'typebox';
import type { Database } from '../../db/database.ts';
import { familyOf } from '../../db/finding-family.ts';
import { heldAmong } from '../../db/holds.ts';
import type { FindingTable } from '../../db/schema-findings.ts';
import { undoUntil } from '../../db/second-thoughts.ts';
import type { Actor } from '../../domain/access.ts';
import type { ApiContext } from '../context.ts';
import type { Finding, Sibling } from '../schemas/finding.ts';
import { cameraRef, evidenceItem, loadCovers } from './evidence.ts';

const DAY_MS = 86_400_000;
const MOST_SIBLINGS = 20;

export const selectFindings = (db: Database) =>
  db
    .selectFrom('finding')
    .leftJoin('camera', 'camera.id', 'finding.camera_id')
    .innerJoin('zone', 'zone.id', 'finding.zone_id')
    .innerJoin('merchant', 'merchant.id', 'finding.merchant_id')
    .innerJoin('region', 'region.id', 'finding.region_id')
    .leftJoin('task_finding', (join) =>
      join.onRef('task_finding.finding_id', '=', 'finding.id').on('task_finding.released_at', 'is', null),
    )
    .leftJoin('task', 'task.id', 'task_finding.task_id')
    .leftJoin('account', 'account.id', 'finding.verdict_by')
    .leftJoin('account as reporter', 'reporter.id', 'finding.reported_by')
    .selectAll('finding')
    .select([
      // With its microseconds, for cursors.
      sql<string>`finding.first_seen::text`.as('first_seen_text'),
      'finding.merchant_id as merchantId',
      'finding.camera_id as cameraId',
      'region.path as regionPath',
      'region.code as region_code',
      'region.name as region_name',
      'merchant.code as merchant_code',
      'merchant.name as merchant_name',
      'zone.code as zone_code',
      'zone.kind as zone_kind',
      'zone.name as zone_name',
      'camera.code as camera_code',
      'camera.name as camera_name',
      'task.id as task_id',
      'task.number as task_number',
      'task.state as task_state',
      'account.username as verdict_username',
      'reporter.username as reporter_username',
    ]);

export type FindingRow = Awaited<ReturnType<ReturnType<typeof selectFindings>['executeTakeFirstOrThrow']>>;

/** Rows as answers, with their first frame and clip. */
export async function findingItems(
  context: ApiContext,
  rows: readonly FindingRow[],
  actor: Actor,
): Promise<Static<typeof Finding>[]> {
  const ids = rows.map((row) => row.id);
  const [covers, held] = await Promise.all([loadCovers(context.db, ids), heldAmong(context.db, ids)]);
  return rows.map((row) => {
    const { frame, clip } = covers.get(row.id) ?? {};
    return {
      id: row.id,
      kind: row.kind,
      class: row.class,
      state: row.state,
      firstSeen: row.first_seen.toISOString(),
      lastSeen: row.last_seen.toISOString(),
      count: row.count,
      score: row.score,
      models: row.models,
      region: { id: row.region_id, code: row.region_code, path: row.regionPath, name: row.region_name },
      merchant: { id: row.merchant_id, code: row.merchant_code, name: row.merchant_name },
      zone: { id: row.zone_id, code: row.zone_code, kind: row.zone_kind, name: row.zone_name },
      camera: cameraRef(row),
      frame: frame === undefined ? null : evidenceItem(context.files, frame),
      clip: clip === undefined ? null : evidenceItem(context.files, clip),
      verdict:
        row.verdict_at === null
          ? null
          : {
              at: row.verdict_at.toISOString(),
              by: row.verdict_username,
              reason: row.verdict_reason ?? '',
              note: row.verdict_note ?? '',
              class: row.verdict_class,
            },
      task:
        row.task_id === null || row.task_state === null
          ? null
          : { id: row.task_id, number: row.task_number ?? '', state: row.task_state },
      source: row.source,
      text: row.text,
      place: row.place,
      reportedBy: row.reporter_username,
      mergedInto: row.merged_into,
      issuesAt: row.issue_at?.toISOString() ?? null,
      undoUntil: undoFor(actor, row, context),
      reopens: row.reopens,
      held: held.has(row.id),
      createdAt: row.created_at.toISOString(),
      version: row.version,
    };
  });
}

/** Until when the account can undo the verdict that it gave itself. */
function undoFor(actor: Actor, row: FindingRow, { undoMs, now }: ApiContext): string | null {
  if (row.verdict_by !== actor.accountId) return null;
  const until = undoUntil(row, undoMs);
  return until !== null && until > now() ? until.toISOString() : null;
}

/** Other findings of the merchant within a day, nearest first. */
export async function loadSiblings(db: Database, finding: FindingRow): Promise<Static<typeof Sibling>[]> {
  const rows = await db
    .selectFrom('finding')
    .leftJoin('camera', 'camera.id', 'finding.camera_id')
    .selectAll('finding')
    .select(['camera.code as camera_code', 'camera.name as camera_name'])
    .where('finding.merchant_id', '=', finding.merchant_id)
    .where('finding.id', '<>', finding.id)
    .where('finding.first_seen', '>', new Date(finding.first_seen.getTime() - DAY_MS))
    .where('finding.first_seen', '<', new Date(finding.first_seen.getTime() + DAY_MS))
    .orderBy(sql`abs(extract(epoch from finding.first_seen - ${finding.first_seen}::timestamptz))`)
    .orderBy('finding.id')
    .limit(MOST_SIBLINGS)
    .execute();
  return rows.map(siblingItem);
}

/** Findings that were merged into this one, and into those. */
export async function loadMerged(db: Database, findingId: string): Promise<Static<typeof Sibling>[]> {
  const ids = (await familyOf(db, [findingId])).filter((id) => id !== findingId);
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom('finding')
    .leftJoin('camera', 'camera.id', 'finding.camera_id')
    .selectAll('finding')
    .select(['camera.code as camera_code', 'camera.name as camera_name'])
    .where('finding.id', 'in', ids)
    .orderBy('finding.first_seen')
    .orderBy('finding.id')
    .execute();
  return rows.map(siblingItem);
}

/** A finding beside another, in short. */
export function siblingItem(
  row: Selectable<FindingTable> & { camera_code: string | null; camera_name: string | null },
): Static<typeof Sibling> {
  return {
    id: row.id,
    kind: row.kind,
    state: row.state,
    firstSeen: row.first_seen.toISOString(),
    lastSeen: row.last_seen.toISOString(),
    count: row.count,
    camera: cameraRef(row),
    version: row.version,
  };
}
