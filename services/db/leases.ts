import { sql } from 'kysely';
import type { Database } from './database.ts';

/** Seconds a lease lives without being renewed. */
export const LEASE_S = 30;

/**
 * Claims free cameras for a process, and renews those it has. By the database's clock, so that processes on several
 * machines agree. `videoUrl`: where the process hands out their live video.
 * @returns ids of the cameras among `cameraIds` that the process now holds
 */
export async function claimCameras(
  db: Database,
  processId: string,
  cameraIds: readonly string[],
  videoUrl: string | null = null,
): Promise<string[]> {
  if (cameraIds.length === 0) return [];
  const result = await sql<{ camera_id: string }>`
    insert into camera_lease as l (camera_id, process_id, until, video_url)
    select camera.id, ${processId}, now() + make_interval(secs => ${LEASE_S}), ${videoUrl}::text
    from camera where camera.id = any (${[...cameraIds]}::uuid[])
    order by camera.id
    on conflict (camera_id) do update set
      process_id = excluded.process_id, until = excluded.until, video_url = excluded.video_url
      where l.process_id = excluded.process_id or l.until < now()
    returning camera_id
  `.execute(db);
  return result.rows.map((row) => row.camera_id);
}

/** Ids of the cameras that some process holds now. */
export async function leasedCameras(db: Database): Promise<Set<string>> {
  const rows = await db
    .selectFrom('camera_lease')
    .select('camera_id')
    .where('until', '>=', sql<Date>`now()`)
    .execute();
  return new Set(rows.map((row) => row.camera_id));
}

/** Where the live video of a camera is handed out now; undefined when no process has it. */
export async function videoUrlOf(db: Database, cameraId: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('camera_lease')
    .select('video_url')
    .where('camera_id', '=', cameraId)
    .where('until', '>=', sql<Date>`now()`)
    .executeTakeFirst();
  return row?.video_url ?? undefined;
}

/** Gives cameras back at once, so that another process need not wait for the lease to end. */
export async function releaseCameras(
  db: Database,
  processId: string,
  cameraIds: readonly string[],
): Promise<void> {
  if (cameraIds.length === 0) return;
  await db
    .deleteFrom('camera_lease')
    .where('process_id', '=', processId)
    .where('camera_id', 'in', [...cameraIds])
    .execute();
}
