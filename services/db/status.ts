import { sql } from 'kysely';
import type { CameraState } from '../domain/words.ts';
import type { Database } from './database.ts';
import { appendEvent } from './events.ts';

/**
 * Sets a camera's state with its cause in plain words; an event is appended only when the state changes.
 * @returns true when it changed
 */
export async function setCameraState(
  db: Database,
  camera: { id: string; code: string; regionPath: string; merchantId: string },
  state: CameraState,
  cause: string,
  now: Date,
): Promise<boolean> {
  return await db.transaction().execute(async (tx) => {
    const before = await tx
      .selectFrom('camera_status')
      .select(['state', 'cause'])
      .where('camera_id', '=', camera.id)
      .forUpdate()
      .executeTakeFirst();
    if (before?.state === state && before.cause === cause) return false;
    const since = before?.state === state ? {} : { state_since: now };
    await tx
      .insertInto('camera_status')
      .values({ camera_id: camera.id, state, cause, state_since: now, updated_at: now })
      .onConflict((conflict) =>
        conflict.column('camera_id').doUpdateSet({ state, cause, updated_at: now, ...since }),
      )
      .execute();
    if (before?.state === state) return false;
    await appendEvent(tx, {
      type: 'camera.state',
      regionPath: camera.regionPath,
      merchantId: camera.merchantId,
      payload: {
        cameraId: camera.id,
        cameraCode: camera.code,
        from: before?.state ?? 'unknown',
        state,
        cause,
      },
    });
    return true;
  });
}

export interface PictureUpdate {
  cameraId: string;
  frameAt: Date;
  lookAt: Date | null;
  pictureKey: string | null;
  pictureAt: Date | null;
  sourceInfo: { width?: number; height?: number; codec?: string };
}

/** Last frame, look and picture of many cameras in one statement; older news never overwrites newer. */
export async function updatePictures(
  db: Database,
  updates: readonly PictureUpdate[],
  now: Date,
): Promise<void> {
  if (updates.length === 0) return;
  await sql`
    insert into camera_status as s (camera_id, last_frame_at, last_look_at, picture_key, picture_at, source_info, updated_at)
    select u."cameraId", u."frameAt", u."lookAt", u."pictureKey", u."pictureAt", u."sourceInfo", ${now}
    from jsonb_to_recordset(${JSON.stringify(updates)}::jsonb) as u (
      "cameraId" uuid, "frameAt" timestamptz, "lookAt" timestamptz, "pictureKey" text, "pictureAt" timestamptz, "sourceInfo" jsonb
    )
    where exists (select from camera where camera.id = u."cameraId")
    order by u."cameraId"
    on conflict (camera_id) do update set
      last_frame_at = greatest(s.last_frame_at, excluded.last_frame_at),
      last_look_at = greatest(s.last_look_at, excluded.last_look_at),
      picture_key = case when s.picture_at is null or excluded.picture_at >= s.picture_at then excluded.picture_key else s.picture_key end,
      picture_at = greatest(s.picture_at, excluded.picture_at),
      source_info = s.source_info || excluded.source_info,
      updated_at = excluded.updated_at
  `.execute(db);
}

/** Counts a refused message of a gateway by reason. `detail` says which camera and what was wrong, in plain words. */
export async function countRefusal(
  db: Database,
  gatewayId: string,
  reason: string,
  detail: string,
  now: Date,
  times = 1,
): Promise<void> {
  await db
    .insertInto('gateway_refusal')
    .values({ gateway_id: gatewayId, reason, count: times, last_at: now, last_detail: detail.slice(0, 500) })
    .onConflict((conflict) =>
      conflict.columns(['gateway_id', 'reason']).doUpdateSet((eb) => ({
        count: eb('gateway_refusal.count', '+', String(times)),
        last_at: now,
        last_detail: detail.slice(0, 500),
      })),
    )
    .execute();
}

/**
 * Birth: the gateway is there. A birth with a lower sequence than the last one is old news and changes nothing.
 * @returns true when the gateway came online by it
 */
export async function gatewayBorn(
  db: Database,
  gateway: { id: string; code: string; regionPath: string; merchantId: string | null },
  sequence: number,
  now: Date,
): Promise<boolean> {
  return await db.transaction().execute(async (tx) => {
    const row = await tx
      .selectFrom('gateway')
      .select(['state', 'birth_sequence'])
      .where('id', '=', gateway.id)
      .forUpdate()
      .executeTakeFirst();
    if (row === undefined || Number(row.birth_sequence) > sequence) return false;
    const cameOnline = row.state !== 'online';
    await tx
      .updateTable('gateway')
      .set({
        state: 'online',
        birth_sequence: sequence,
        last_seen_at: now,
        ...(cameOnline ? { state_since: now } : {}),
      })
      .where('id', '=', gateway.id)
      .execute();
    if (cameOnline) {
      await appendEvent(tx, {
        type: 'gateway.state',
        regionPath: gateway.regionPath,
        merchantId: gateway.merchantId,
        payload: { gatewayId: gateway.id, gatewayCode: gateway.code, state: 'online' },
      });
    }
    return cameOnline;
  });
}

/** Death (will): counts only for the birth it belongs to; that of an older birth is ignored. @returns true when it went offline */
export async function gatewayDied(
  db: Database,
  gateway: { id: string; code: string; regionPath: string; merchantId: string | null },
  sequence: number,
  now: Date,
): Promise<boolean> {
  return await db.transaction().execute(async (tx) => {
    const row = await tx
      .updateTable('gateway')
      .set({ state: 'offline', state_since: now })
      .where('id', '=', gateway.id)
      .where('birth_sequence', '=', String(sequence))
      .where('state', '<>', 'offline')
      .returning('id')
      .executeTakeFirst();
    if (row === undefined) return false;
    await appendEvent(tx, {
      type: 'gateway.state',
      regionPath: gateway.regionPath,
      merchantId: gateway.merchantId,
      payload: { gatewayId: gateway.id, gatewayCode: gateway.code, state: 'offline' },
    });
    return true;
  });
}
