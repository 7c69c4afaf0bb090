import { type Selectable, sql } from 'kysely';
import type { Static } from 'typebox';
import type { Database } from '../../db/database.ts';
import { familyOf } from '../../db/finding-family.ts';
import type { EvidenceTable } from '../../db/schema-findings.ts';
import type { FileSigner } from '../file-address.ts';
import type { Evidence } from '../schemas/finding.ts';

type EvidenceRow = Selectable<EvidenceTable>;

/** The camera of a finding; null when no camera sees the place. */
export function cameraRef(row: {
  camera_id: string | null;
  camera_code: string | null;
  camera_name: string | null;
}): { id: string; code: string; name: string } | null {
  const { camera_id: id, camera_code: code, camera_name: name } = row;
  return id === null || code === null || name === null ? null : { id, code, name };
}

export function evidenceItem(files: FileSigner, row: EvidenceRow): Static<typeof Evidence> {
  return {
    id: row.id,
    lookId: row.look_id,
    kind: row.kind,
    url: files.address('evidence', row.id),
    contentType: row.content_type,
    bytes: row.bytes,
    sha256: row.sha256,
    capturedAt: row.captured_at.toISOString(),
    width: row.width,
    height: row.height,
    detections: (row.detail.detections ?? []).map((detection) => ({ ...detection, box: [...detection.box] })),
    codec: row.detail.codec ?? null,
    to: row.detail.to ?? null,
  };
}

/** For each look with frames their strip (routes/look-strips.ts), signed for its first frame. */
export function stripItems(
  files: FileSigner,
  evidence: readonly EvidenceRow[],
): { lookId: string; url: string; frames: number }[] {
  const looks = new Map<string, { first: EvidenceRow; frames: number }>();
  for (const row of evidence) {
    if (row.kind !== 'frame') continue;
    const { first = row, frames = 0 } = looks.get(row.look_id) ?? {};
    if (first.finding_id === row.finding_id) looks.set(row.look_id, { first, frames: frames + 1 });
  }
  return [...looks].map(([lookId, { first, frames }]) => ({
    lookId,
    url: files.address('strip', first.id),
    frames,
  }));
}

/** For each finding its first frame with a box of its kind, and its first clip. */
export async function loadCovers(
  db: Database,
  findingIds: string[],
): Promise<Map<string, { frame?: EvidenceRow; clip?: EvidenceRow }>> {
  const covers = new Map<string, { frame?: EvidenceRow; clip?: EvidenceRow }>();
  if (findingIds.length === 0) return covers;
  const rows = await db
    .selectFrom('evidence')
    .innerJoin('finding', 'finding.id', 'evidence.finding_id')
    .selectAll('evidence')
    .where('evidence.finding_id', 'in', findingIds)
    .distinctOn(['evidence.finding_id', 'evidence.kind'])
    .orderBy('evidence.finding_id')
    .orderBy('evidence.kind')
    .orderBy(
      sql`evidence.detail -> 'detections' @> jsonb_build_array(jsonb_build_object('kind', finding.kind, 'verdict', 'yes'))`,
      (order) => order.desc().nullsLast(),
    )
    .orderBy('evidence.captured_at')
    .orderBy('evidence.id')
    .execute();
  for (const row of rows) {
    covers.set(row.finding_id, { ...covers.get(row.finding_id), [row.kind]: row });
  }
  return covers;
}

/** All evidence of findings and of what was merged into them, in the order it was taken. */
export async function loadEvidence(db: Database, findingIds: readonly string[]): Promise<EvidenceRow[]> {
  const ids = await familyOf(db, findingIds);
  if (ids.length === 0) return [];
  return await db
    .selectFrom('evidence')
    .selectAll()
    .where('finding_id', 'in', ids)
    .orderBy('captured_at')
    .orderBy('id')
    .execute();
}

/** Every change of a finding or task: who, when, from, to, why. */
export async function loadHistory(db: Database, entity: 'finding' | 'task' | 'lead_transfer', id: string) {
  const rows = await db
    .selectFrom('history')
    .leftJoin('account', 'account.id', 'history.actor_id')
    .selectAll('history')
    .select('account.username')
    .where('entity', '=', entity)
    .where('entity_id', '=', id)
    .orderBy('history.id')
    .execute();
  return rows.map((row) => ({
    at: row.at.toISOString(),
    from: row.from_state,
    to: row.to_state,
    by: row.username,
    command: row.command,
    reason: row.reason,
    note: row.note,
  }));
}
