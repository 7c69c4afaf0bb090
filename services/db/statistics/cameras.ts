import { sql } from 'kysely';
import { type Observation, observationOf } from '../../domain/statistics.ts';
import type { Database } from '../database.ts';
import { camerasOf, sumCoverage } from './coverage.ts';
import { type StatisticsQuery, WITHOUT_CAMERAS } from './query.ts';

/** A camera that owed at least a minute, and how long it was looked at. */
export interface CameraObservation {
  cameraId: string;
  coverage: Observation;
}

/**
 * The cameras behind the hours of one group: as many as it counts.
 * @param key of a group; null: of all
 */
export async function loadCameraObservations(
  db: Database,
  query: StatisticsQuery,
  key: string | null,
): Promise<CameraObservation[]> {
  // Groups that say nothing of cameras show those of the whole scope.
  const ofAll = key === null || WITHOUT_CAMERAS.includes(query.groupBy);
  const inGroup = ofAll
    ? query.where
    : sql<boolean>`${query.where} and camera.id in (select id from (${camerasOf(query)}) as grouped where key = ${key})`;
  const rows = await sumCoverage(db, { ...query, groupBy: 'camera', step: null, where: inGroup });
  return rows
    .filter(({ cameras }) => cameras > 0)
    .map((row) => ({ cameraId: row.key, coverage: observationOf(row.minutes, row.cameras) }));
}
