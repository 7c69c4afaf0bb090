import { sql } from 'kysely';
import type { Database } from './database.ts';
import type { StoredFrame } from './schema-watch.ts';

/** Codes of cameras that are switched off or removed: what they send is refused by another word than unknown ones. */
export async function loadDisabledCameras(
  db: Database,
): Promise<{ code: string; gatewayId: string | null }[]> {
  return await db
    .selectFrom('camera')
    .select(['code', 'gateway_id as gatewayId'])
    .where((eb) => eb.or([eb('enabled', '=', false), eb('removed_at', 'is not', null)]))
    .execute();
}

/** When cameras last sent a picture to any process. */
export async function loadLastFrames(
  db: Database,
  cameraIds: readonly string[],
): Promise<Map<string, Date | null>> {
  if (cameraIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('camera_status')
    .select(['camera_id', 'last_frame_at'])
    .where('camera_id', 'in', [...cameraIds])
    .execute();
  return new Map(rows.map((row) => [row.camera_id, row.last_frame_at]));
}

/** Which of these looks holds a frame with these bytes: how a repeated message is known after a restart. */
export async function findLookWithFrame(
  db: Database,
  lookIds: readonly string[],
  sha256: StoredFrame['sha256'],
): Promise<string | undefined> {
  if (lookIds.length === 0) return undefined;
  const row = await db
    .selectFrom('look')
    .select('id')
    .where('id', 'in', [...lookIds])
    .where(sql<boolean>`frames @> ${JSON.stringify([{ sha256 }])}::jsonb`)
    .executeTakeFirst();
  return row?.id;
}
