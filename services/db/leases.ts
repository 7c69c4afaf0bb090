import { sql } from 'kysely';
import type { Database } from './database.ts';

/** Seconds a lease lives without being renewed. */
export const LEASE_S = 30;

/**
 * Claims free cameras for a process, and renews those it has. By the database's clock, so that processes on several
 * machines agree.
 * @returns ids of the cameras among `cameraIds` that the process now holds
 */
export async function claimCameras(
  db: Database,
  processId: string,
  cameraIds: readonly string[],
): Promise<string[]> {
  if (cameraIds.length === 0) return [];
  const result = await sql<{ camera_id: string }>`
    insert into camera_lease as l (camera_id, process_id, until)
    select camera.id, ${processId}, now() + make_interval(secs => ${LEASE_S})
    from camera where camera.id = any (${[...cameraIds]}::uuid[])
    order by camera.id
    on conflict (camera_id) do update set process_id = excluded.process_id, until = excluded.until
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
