import { sql } from 'kysely';
import type { Static } from 'typebox';
import type { Database } from '../../db/database.ts';
import type { ApiContext } from '../context.ts';
import type { RuleProposal } from '../schemas/learning.ts';
import { evidenceItem, loadCovers } from './evidence.ts';

export const selectProposals = (db: Database) =>
  db
    .selectFrom('rule_proposal')
    .innerJoin('camera', 'camera.id', 'rule_proposal.camera_id')
    .innerJoin('zone', 'zone.id', 'camera.zone_id')
    .innerJoin('merchant', 'merchant.id', 'camera.merchant_id')
    .innerJoin('region', 'region.id', 'merchant.region_id')
    .leftJoin('account', 'account.id', 'rule_proposal.decided_by')
    .selectAll('rule_proposal')
    .select([
      // With its microseconds, for cursors.
      sql<string>`rule_proposal.created_at::text`.as('created_at_text'),
      'region.path as regionPath',
      'merchant.id as merchantId',
      'rule_proposal.camera_id as cameraId',
      'merchant.code as merchant_code',
      'merchant.name as merchant_name',
      'zone.id as zone_id',
      'zone.code as zone_code',
      'zone.kind as zone_kind',
      'zone.name as zone_name',
      'camera.code as camera_code',
      'camera.name as camera_name',
      'camera.min_scores',
      'account.username as decided_username',
    ]);

export type ProposalRow = Awaited<ReturnType<ReturnType<typeof selectProposals>['executeTakeFirstOrThrow']>>;

/** Rows as answers, each with a frame to show what it is about. */
export async function proposalItems(
  { db, files }: ApiContext,
  rows: readonly ProposalRow[],
): Promise<Static<typeof RuleProposal>[]> {
  const covers = await loadCovers(
    db,
    rows.flatMap(({ evidence }) => evidence.findingIds.slice(0, 1)),
  );
  return rows.map((row) => {
    const { precision, ...effect } = row.evidence;
    const { share, ...counted } = precision;
    const frame = covers.get(row.evidence.findingIds[0] ?? '')?.frame;
    return {
      id: row.id,
      type: row.type,
      state: row.state,
      kind: row.kind,
      camera: { id: row.camera_id, code: row.camera_code, name: row.camera_name },
      merchant: { id: row.merchantId, code: row.merchant_code, name: row.merchant_name },
      zone: { id: row.zone_id, code: row.zone_code, kind: row.zone_kind, name: row.zone_name },
      area: 'area' in row.change ? [...row.change.area] : null,
      minScore: 'minScore' in row.change ? row.change.minScore : null,
      minScoreNow: row.min_scores[row.kind] ?? null,
      evidence: { ...counted, precision: share, ...effect, boxes: effect.boxes.map((box) => [...box]) },
      frame: frame === undefined ? null : evidenceItem(files, frame),
      createdAt: row.created_at.toISOString(),
      updatedAt: row.updated_at.toISOString(),
      decidedAt: row.decided_at?.toISOString() ?? null,
      decidedBy: row.decided_username,
      note: row.note,
    };
  });
}
