import { APPEAL_UPHELD, appealUpheld, judgedByPeople } from '../../services/db/appeal-upheld.ts';
import type { Database } from '../../services/db/database.ts';
import { type Detection, isViolationKind, type ModelRef } from '../../services/domain/words.ts';
import type { Verdict } from './labels.ts';
import type { Options } from './usage.ts';

/** One frame of the evidence of a judged finding. */
export interface JudgedFrame extends Verdict {
  findingId: string;
  models: ModelRef[];
  objectKey: string;
  sha256: string;
  /** Pixels. */
  width: number;
  height: number;
  detections: Detection[];
}

const PAGE = 200;

/**
 * Frames of findings with a verdict of people, finding by finding: what a policy confirmed would teach a model its own opinion. Duplicates are left out: their pictures are those of another. What was
 * confirmed and lost its appeal counts as dismissed.
 */
export async function* judgedFrames(
  db: Database,
  { from, to, kind }: Pick<Options, 'from' | 'to' | 'kind'>,
): AsyncGenerator<JudgedFrame> {
  let after = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    let query = db
      .selectFrom('finding')
      .select(['id', 'kind', 'state', 'verdict_reason', 'rule', 'models', appealUpheld().as('upheld')])
      .where('id', '>', after)
      .where('source', '=', 'model')
      .where('state', 'in', ['confirmed', 'dismissed'])
      .where('verdict_at', 'is not', null)
      .where(judgedByPeople())
      .where('verdict_reason', 'is distinct from', 'duplicate')
      .orderBy('id')
      .limit(PAGE);
    if (from !== undefined) query = query.where('verdict_at', '>=', from);
    if (to !== undefined) query = query.where('verdict_at', '<', to);
    if (kind !== undefined) query = query.where('kind', '=', kind);
    const findings = await query.execute();
    const last = findings.at(-1);
    if (last === undefined) return;
    after = last.id;
    const evidence = await db
      .selectFrom('evidence')
      .select(['finding_id', 'object_key', 'sha256', 'width', 'height', 'detail'])
      .where(
        'finding_id',
        'in',
        findings.map(({ id }) => id),
      )
      .where('kind', '=', 'frame')
      .orderBy('finding_id')
      .orderBy('captured_at')
      .execute();
    for (const row of evidence) {
      const finding = findings.find(({ id }) => id === row.finding_id);
      if (finding === undefined || row.width === null || row.height === null) continue;
      if (!isViolationKind(finding.kind)) continue;
      yield {
        findingId: finding.id,
        kind: finding.kind,
        state: finding.state === 'confirmed' && !finding.upheld ? 'confirmed' : 'dismissed',
        reason: finding.upheld ? APPEAL_UPHELD : (finding.verdict_reason ?? ''),
        rule: finding.rule,
        models: finding.models,
        objectKey: row.object_key,
        sha256: row.sha256,
        width: row.width,
        height: row.height,
        detections: row.detail.detections ?? [],
      };
    }
  }
}
