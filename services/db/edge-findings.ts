/** Findings that come from edge boxes. */
import { sql } from 'kysely';
import type { EdgeOpinion, EdgeReason } from '../domain/edge-event.ts';
import type { EdgePlace } from '../domain/edge-place.ts';
import type { Detection, ModelRef, TaskClass } from '../domain/words.ts';
import type { Database } from './database.ts';
import { type EdgeWork, settleEdgeEvent } from './edge-work.ts';
import { type Confirmed, type ConfirmedLook, recordFinding } from './findings.ts';
import { decideLook } from './looks.ts';
import type { CameraRecord } from './registry.ts';
import type { StoredFrame } from './schema-watch.ts';

/** What an alarm without a score counts for: between sure and unsure. */
const UNSAID = 0.5;

/** A kind by its code, if it is one that findings may have. */
export async function loadEdgeKind(
  db: Database,
  code: string,
): Promise<{ code: string; class: TaskClass } | undefined> {
  return await db
    .selectFrom('finding_kind')
    .select(['code', 'class'])
    .where('code', '=', code)
    .where('enabled', '=', true)
    .executeTakeFirst();
}

/** Best score that the box gives, 0..1. */
export function boxScore(event: Pick<EdgeWork, 'boxes'>): number {
  const scores = event.boxes.flatMap(({ score }) => (score === undefined ? [] : [score]));
  return scores.length === 0 ? UNSAID : Math.max(...scores);
}

/** An alarm that no picture came with: a finding that says so. @returns its id; undefined when it was settled before */
export async function recordUncheckedFinding(
  db: Database,
  {
    event,
    camera,
    place,
    reason,
  }: { event: EdgeWork; camera: CameraRecord; place: EdgePlace; reason: EdgeReason },
  now: Date,
): Promise<string | undefined> {
  return await db.transaction().execute(async (tx) => {
    const open = await sql<{ id: string }>`
      select id from edge_event where id = ${event.id} and outcome in ('waiting', 'checking') for update
    `.execute(tx);
    if (open.rows.length === 0) return undefined;
    const look: ConfirmedLook = {
      lookId: event.id,
      camera,
      capturedAt: event.happenedAt,
      frames: [],
      clip: null,
      models: [],
      confirmed: [],
      source: 'edge',
    };
    const { id } = await recordFinding(tx, look, confirmedAt(place, boxScore(event)), now);
    await settleEdgeEvent(tx, event.id, { outcome: 'finding', findingId: id }, 'cannot_tell', reason);
    return id;
  });
}

function confirmedAt({ rule, zoneId, zoneKind }: EdgePlace, score: number): Confirmed {
  return { rule, score, zone: { id: zoneId, kind: zoneKind } };
}

export interface CheckedAlarm {
  event: EdgeWork;
  camera: CameraRecord;
  /** The zone that it is put down to, and its rule. */
  place: EdgePlace;
  opinion: EdgeOpinion;
  frame: { stored: StoredFrame; detections: Detection[] };
  /** Models of ours that looked; none when they cannot tell. */
  models: readonly ModelRef[];
  score: number;
}

/**
 * A look at a box's picture is decided: one transaction for its outcome, its minute of coverage, the finding and the event.
 * @returns undefined when it was decided before
 */
export async function recordCheckedFinding(
  db: Database,
  alarm: CheckedAlarm,
  now: Date,
): Promise<string | undefined> {
  const { event, camera, place, opinion, frame, models, score } = alarm;
  return await db.transaction().execute(async (tx) => {
    if (!(await decideLook(tx, event.id, 'finding', `${place.rule.kind}, ${opinion}`, now))) return undefined;
    await sql`select coverage_mark(${camera.id}, ${event.happenedAt}, 'L')`.execute(tx);
    const look: ConfirmedLook = {
      lookId: event.id,
      camera,
      capturedAt: event.happenedAt,
      frames: [frame],
      clip: null,
      models: [...models],
      confirmed: [],
      source: 'edge',
    };
    const { id } = await recordFinding(tx, look, confirmedAt(place, score), now);
    await settleEdgeEvent(tx, event.id, { outcome: 'finding', findingId: id }, opinion, '');
    return id;
  });
}

/** Our model sees nothing of it: the look is calm, the alarm refuted; both stay to be read. */
export async function recordRefuted(
  db: Database,
  event: EdgeWork,
  outcome: 'calm' | 'failed',
  reason: string,
  now: Date,
): Promise<boolean> {
  return await db.transaction().execute(async (tx) => {
    if (!(await decideLook(tx, event.id, outcome, reason, now))) return false;
    const letter = outcome === 'failed' ? 'D' : 'L';
    await sql`select coverage_mark(${event.cameraId}, ${event.happenedAt}, ${letter})`.execute(tx);
    await settleEdgeEvent(tx, event.id, { outcome: 'refuted' }, 'disagrees', '');
    return true;
  });
}
