import { sql } from 'kysely';
import type { CoverageCode } from '../domain/coverage.ts';
import type { Database } from './database.ts';

export interface CoverageMark {
  cameraId: string;
  at: Date;
  code: CoverageCode;
}

/** Marks many camera-minutes in one statement; the stronger letter of a minute stays. */
export async function markCoverage(db: Database, marks: readonly CoverageMark[]): Promise<void> {
  if (marks.length === 0) return;
  await sql`
    select coverage_mark(mark.camera, mark.at, mark.code)
    from unnest(
      ${marks.map((mark) => mark.cameraId)}::uuid[],
      ${marks.map((mark) => mark.at.toISOString())}::timestamptz[],
      ${marks.map((mark) => mark.code)}::text[]
    ) as mark (camera, at, code)
    where exists (select from camera as c where c.id = mark.camera)
    order by mark.camera, mark.at
  `.execute(db);
}
