/** Since when a camera shows what it shows: what was seen and judged before says nothing of it. */
import { type RawBuilder, sql } from 'kysely';

/**
 * When its pictures began to come from elsewhere, or a person approved another view of the same source, whichever was later; the
 * beginning of time where neither happened. `camera`: the table's name in a query.
 */
export const viewSince = (camera: string): RawBuilder<Date> =>
  sql`coalesce(greatest(${sql.ref(`${camera}.source_changed_at`)}, ${sql.ref(`${camera}.view_changed_at`)}), '-infinity')`;
