import { sql } from 'kysely';
import type { JudgedFinding, Proposal, ProposalChange, ProposalType } from '../domain/proposal.ts';
import { changed } from '../domain/proposal.ts';
import type { CameraAreas } from '../domain/rules.ts';
import { type FrameDetections, isViolationKind, type ViolationKind } from '../domain/words.ts';
import { appealUpheld, judgedByPeople } from './appeal-upheld.ts';
import { recordChange } from './audit.ts';
import { viewSince } from './camera-views.ts';
import type { Database, Tx } from './database.ts';
import { placeOfCamera } from './place-of.ts';
import { auditedChangeIn } from './registry-audit.ts';

/** Cameras never hold more areas than the API would take (services/api/schemas/common.ts, Boxes). */
const MOST_AREAS = 50;

/** Cameras and kinds with at least `least` verdicts since a time, of the view that they have now; duplicates do not count. */
export async function judgedCameras(
  db: Database,
  since: Date,
  least: number,
): Promise<{ cameraId: string; kind: ViolationKind }[]> {
  const rows = await db
    .selectFrom('finding')
    .innerJoin('camera', 'camera.id', 'finding.camera_id')
    .select(['camera.id as cameraId', 'finding.kind'])
    .where('camera.removed_at', 'is', null)
    // what people report says nothing of models
    .where('finding.source', '=', 'model')
    .where('finding.verdict_at', '>=', since)
    .where('finding.first_seen', '>', viewSince('camera'))
    .where('finding.state', 'in', ['confirmed', 'dismissed'])
    .where(judgedByPeople())
    .where('finding.verdict_reason', 'is distinct from', 'duplicate')
    .groupBy(['camera.id', 'finding.kind'])
    .having((eb) => eb.fn.countAll<number>(), '>=', least)
    .orderBy('camera.id')
    .orderBy('finding.kind')
    .execute();
  return rows.flatMap(({ cameraId, kind }) => (isViolationKind(kind) ? [{ cameraId, kind }] : []));
}

/**
 * Findings of one camera and kind with a verdict since a time, with what was seen in every frame of their looks, all of the view that
 * it has now; one whose appeal was upheld counts as dismissed.
 */
export async function loadJudged(
  db: Database,
  cameraId: string,
  kind: ViolationKind,
  since: Date,
): Promise<JudgedFinding[]> {
  const rows = await db
    .selectFrom('finding')
    .innerJoin('camera', 'camera.id', 'finding.camera_id')
    .innerJoin('evidence', 'evidence.finding_id', 'finding.id')
    .select([
      'finding.id',
      'finding.state',
      'finding.verdict_at',
      'finding.rule',
      appealUpheld().as('upheld'),
      'evidence.look_id',
      'evidence.captured_at',
      'evidence.detail',
    ])
    .where('finding.camera_id', '=', cameraId)
    .where('finding.source', '=', 'model')
    .where('finding.kind', '=', kind)
    .where('finding.verdict_at', '>=', since)
    .where('finding.first_seen', '>', viewSince('camera'))
    .where('finding.state', 'in', ['confirmed', 'dismissed'])
    .where(judgedByPeople())
    .where('finding.verdict_reason', 'is distinct from', 'duplicate')
    .where('evidence.kind', '=', 'frame')
    .orderBy('finding.id')
    .orderBy('evidence.look_id')
    .orderBy('evidence.captured_at')
    .execute();
  const findings = new Map<string, JudgedFinding & { byLook: Map<string, FrameDetections[]> }>();
  for (const row of rows) {
    let finding = findings.get(row.id);
    if (finding === undefined) {
      const verdict = row.state === 'confirmed' && !row.upheld ? 'confirmed' : 'dismissed';
      const verdictAt = row.verdict_at ?? since;
      finding = { id: row.id, verdict, verdictAt, rule: row.rule, looks: [], byLook: new Map() };
      findings.set(row.id, finding);
    }
    let frames = finding.byLook.get(row.look_id);
    if (frames === undefined) {
      frames = [];
      finding.byLook.set(row.look_id, frames);
      finding.looks.push(frames);
    }
    frames.push({ at: row.captured_at, detections: row.detail.detections ?? [] });
  }
  return [...findings.values()].map(({ byLook: _, ...finding }) => finding);
}

/** When each type was last declined for a camera and kind. */
export async function declinedAt(
  db: Database,
  cameraId: string,
  kind: ViolationKind,
): Promise<Partial<Record<ProposalType, Date>>> {
  const rows = await db
    .selectFrom('rule_proposal')
    .select(['type', (eb) => eb.fn.max('decided_at').as('at')])
    .where('camera_id', '=', cameraId)
    .where('kind', '=', kind)
    .where('state', '=', 'declined')
    .groupBy('type')
    .execute();
  return Object.fromEntries(rows.flatMap(({ type, at }) => (at === null ? [] : [[type, at]])));
}

/** Writes a proposal, or renews the open one of the same camera, kind and type. @returns whether it is new */
export async function saveProposal(
  db: Database | Tx,
  cameraId: string,
  kind: ViolationKind,
  { type, change, evidence }: Proposal,
  now: Date,
): Promise<boolean> {
  const row = await db
    .insertInto('rule_proposal')
    .values({
      camera_id: cameraId,
      kind,
      type,
      change: JSON.stringify(change),
      evidence: JSON.stringify(evidence),
      created_at: now,
      updated_at: now,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['camera_id', 'kind', 'type'])
        .where('state', '=', 'open')
        .doUpdateSet({ change: JSON.stringify(change), evidence: JSON.stringify(evidence), updated_at: now }),
    )
    .returning(sql<boolean>`xmax = 0`.as('fresh'))
    .executeTakeFirstOrThrow();
  return row.fresh;
}

export interface ProposalDecision {
  proposalId: string;
  actorId: string;
  note: string;
  /** What the operator saw: a proposal that was renewed meanwhile is not applied unseen. */
  updatedAt: Date | undefined;
}

export type DecisionResult =
  | { done: true }
  | {
      done: false;
      why: 'not_found' | 'changed' | 'decided' | 'other_view' | 'too_many_areas';
      state?: string;
    };

/** Applies the proposal to its camera, unless that shows another view since it was counted. Accepting again what was accepted changes nothing. */
export async function acceptProposal(
  db: Database,
  decision: ProposalDecision,
  now: Date,
): Promise<DecisionResult> {
  return await decide(db, decision, 'accepted', now, async (tx, row) => {
    const camera = await tx
      .selectFrom('camera')
      .select([
        'regions_of_interest as regionsOfInterest',
        'ignore_areas as ignoreAreas',
        'min_scores as minScores',
        'min_sizes as minSizes',
        sql<boolean>`${viewSince('camera')} >= ${row.updated_at}`.as('showsAnother'),
      ])
      .where('id', '=', row.camera_id)
      .forUpdate()
      .executeTakeFirstOrThrow();
    if (camera.showsAnother) return 'other_view';
    const after: CameraAreas = changed(camera, row.kind, row.change);
    if (after.ignoreAreas.length > MOST_AREAS) return 'too_many_areas';
    const author = { actorId: decision.actorId, at: now, reason: 'rule_proposal', note: decision.proposalId };
    await auditedChangeIn(tx, 'camera', row.camera_id, author, () =>
      tx
        .updateTable('camera')
        .set({
          ignore_areas: JSON.stringify(after.ignoreAreas),
          min_scores: JSON.stringify(after.minScores ?? {}),
        })
        .where('id', '=', row.camera_id)
        .execute(),
    );
    return undefined;
  });
}

/** The camera stays as it is; verdicts so far do not propose this again. */
export async function declineProposal(
  db: Database,
  decision: ProposalDecision,
  now: Date,
): Promise<DecisionResult> {
  return await decide(db, decision, 'declined', now, async () => undefined);
}

interface Locked {
  camera_id: string;
  kind: ViolationKind;
  change: ProposalChange;
  updated_at: Date;
}

async function decide(
  db: Database,
  { proposalId, actorId, note, updatedAt }: ProposalDecision,
  state: 'accepted' | 'declined',
  now: Date,
  apply: (tx: Tx, row: Locked) => Promise<'other_view' | 'too_many_areas' | undefined>,
): Promise<DecisionResult> {
  return await db.transaction().execute(async (tx): Promise<DecisionResult> => {
    const row = await tx
      .selectFrom('rule_proposal')
      .selectAll()
      .where('id', '=', proposalId)
      .forUpdate()
      .executeTakeFirst();
    if (row === undefined) return { done: false, why: 'not_found' };
    if (row.state === state) return { done: true };
    if (row.state !== 'open') return { done: false, why: 'decided', state: row.state };
    if (updatedAt !== undefined && updatedAt.getTime() !== row.updated_at.getTime()) {
      return { done: false, why: 'changed' };
    }
    const refused = await apply(tx, row);
    if (refused !== undefined) return { done: false, why: refused };
    await tx
      .updateTable('rule_proposal')
      .set({ state, decided_at: now, decided_by: actorId, note })
      .where('id', '=', proposalId)
      .execute();
    await recordChange(tx, {
      entity: 'rule_proposal',
      entityId: proposalId,
      to: state,
      actorId,
      note,
      at: now,
      place: await placeOfCamera(tx, row.camera_id),
    });
    return { done: true };
  });
}
