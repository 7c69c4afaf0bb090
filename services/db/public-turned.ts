/** Cameras that look elsewhere than approved: areas drawn for one view hide nothing of another. */
import { type RawBuilder, sql } from 'kysely';
import { STILL_OLD_MS } from '../domain/approval.ts';

/** The camera is known to be turned now: our own eye says so, or its edge box. `camera`: the table's name in a query. */
export const isTurned = (camera: string): RawBuilder<boolean> => sql`exists (
  select from camera_fault as turned where turned.camera_id = ${sql.ref(`${camera}.id`)}
    and turned.kind = 'moved' and turned.closed_at is null)`;

/**
 * Whether a picture of that time shows the view that the camera has now: it was not turned then or since, and its pictures come from
 * where they came from then, and nobody approved another view since. Null where the time is.
 */
export const isOfThisView = (
  camera: string,
  takenAt: RawBuilder<Date | null>,
): RawBuilder<boolean | null> => sql`(
  ${takenAt} > coalesce(${sql.ref(`${camera}.source_changed_at`)} + make_interval(secs => ${STILL_OLD_MS / 1000}), '-infinity')
  and ${takenAt} > coalesce(${sql.ref(`${camera}.view_changed_at`)}, '-infinity')
  and not exists (
    select from camera_fault as turned where turned.camera_id = ${sql.ref(`${camera}.id`)}
      and turned.kind = 'moved' and coalesce(turned.closed_at, 'infinity') >= ${takenAt}))`;
