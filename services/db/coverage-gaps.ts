import { sql } from 'kysely';
import type { Database } from './database.ts';

/** 60 letters of one hour of a camera. */
export interface CoverageHour {
  cameraId: string;
  hour: Date;
  minutes: string;
}

/** What is marked of enabled cameras since an hour, and when each camera was made: nobody watched it before. */
export async function loadCoverageSince(
  db: Database,
  since: Date,
): Promise<{ cameraId: string; createdAt: Date; hours: Map<number, string> }[]> {
  const result = await sql<{ id: string; created_at: Date; hour: Date | null; minutes: string | null }>`
    select camera.id, camera.created_at, coverage.hour, coverage.minutes
    from camera left join coverage on coverage.camera_id = camera.id and coverage.hour >= ${since}
    where camera.enabled and camera.removed_at is null
  `.execute(db);
  const cameras = new Map<string, { cameraId: string; createdAt: Date; hours: Map<number, string> }>();
  for (const row of result.rows) {
    const camera = cameras.get(row.id) ?? { cameraId: row.id, createdAt: row.created_at, hours: new Map() };
    if (row.hour !== null && row.minutes !== null) camera.hours.set(row.hour.getTime(), row.minutes);
    cameras.set(row.id, camera);
  }
  return [...cameras.values()];
}

/** Merges whole hours into the table; of each minute the stronger letter stays. */
export async function mergeCoverage(db: Database, hours: readonly CoverageHour[]): Promise<void> {
  if (hours.length === 0) return;
  await sql`
    insert into coverage as c (camera_id, hour, minutes)
    select x."cameraId", x.hour, x.minutes
    from jsonb_to_recordset(${JSON.stringify(hours)}::jsonb) as x ("cameraId" uuid, hour timestamptz, minutes text)
    where exists (select from camera where camera.id = x."cameraId")
    order by x."cameraId", x.hour
    on conflict (camera_id, hour) do update set minutes = (
      select string_agg(coverage_stronger(substr(c.minutes, i, 1), substr(excluded.minutes, i, 1)), '' order by i)
      from generate_series(1, 60) as i
    )
  `.execute(db);
}
