import { sql } from 'kysely';
import { FIXED_RETENTION } from '../domain/retention.ts';
import type { Database } from './database.ts';
import type { StoredBoxes } from './schema-onboard.ts';

/** Looks whose boxes are kept of each camera; what a change would do is shown on them. */
const KEPT_LOOKS = FIXED_RETENTION.boxes;

/**
 * Keeps the boxes of a look that break a rule, or might by another score: the last ones of each camera. A look without any leaves none.
 * May run twice.
 */
export async function keepLookBoxes(
  db: Database,
  look: { id: string; cameraId: string; capturedAt: Date },
  frames: readonly StoredBoxes[],
): Promise<void> {
  const kept = frames.map(({ at, detections }) => ({
    at,
    detections: detections.filter(({ verdict }) => verdict === 'yes').slice(0, 40),
  }));
  if (kept.every(({ detections }) => detections.length === 0)) return;
  await sql`
    with added as (
      insert into look_boxes (look_id, camera_id, captured_at, frames)
      values (${look.id}, ${look.cameraId}, ${look.capturedAt}, ${JSON.stringify(kept)}::jsonb)
      on conflict (look_id) do update set frames = excluded.frames
    )
    delete from look_boxes where look_id in (
      select look_id from look_boxes where camera_id = ${look.cameraId} order by captured_at desc offset ${KEPT_LOOKS - 1}
    ) and look_id <> ${look.id}
  `.execute(db);
}

export interface LookBoxes {
  lookId: string;
  capturedAt: Date;
  frames: StoredBoxes[];
}

/** Newest first. */
export async function loadLookBoxes(db: Database, cameraId: string): Promise<LookBoxes[]> {
  return await db
    .selectFrom('look_boxes')
    .select(['look_id as lookId', 'captured_at as capturedAt', 'frames'])
    .where('camera_id', '=', cameraId)
    .orderBy('captured_at', 'desc')
    .limit(KEPT_LOOKS)
    .execute();
}
