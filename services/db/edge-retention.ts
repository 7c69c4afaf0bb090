import { type RawBuilder, sql } from 'kysely';
import type { Database } from './database.ts';
import { type OverObject, planOver } from './removals.ts';
import { type Policies, STORED_POLICIES } from './retention-due.ts';
import type { StoredEdgePicture } from './schema-edge.ts';

/** `from …` of the events whose time is over. */
export const overEdgeEvents = (policies: Policies, now: Date): RawBuilder<unknown> => sql`
  from edge_event as event, ${policies} as policy
  where policy.item = 'edge_event' and event.removed_at is null and event.finding_id is null
    and event.outcome in ('refuted', 'kept')
    and event.last_at <= ${now}::timestamptz - make_interval(days => policy.keep_days)`;

/**
 * What boxes said that no finding came of, once its time is over, one step: the rows are marked and their messages and pictures written
 * down for removal, in one transaction. @returns events
 */
export async function endEdgeEvents(db: Database, now: Date, limit: number): Promise<number> {
  return await db.transaction().execute(async (tx) => {
    const { rows } = await sql<{
      raw_key: string;
      raw_sha256: string;
      picture: StoredEdgePicture | null;
      days: number;
    }>`
      update edge_event set removed_at = ${now}
      from (
        select event.id, policy.keep_days ${overEdgeEvents(STORED_POLICIES, now)}
        order by event.last_at limit ${limit} for update of event skip locked
      ) as due
      where edge_event.id = due.id
      returning raw_key, raw_sha256, picture, due.keep_days as days
    `.execute(tx);
    for (const { raw_key: key, raw_sha256: sha256, picture, days } of rows) {
      const objects: OverObject[] = [{ key, sha256, bytes: null }];
      if (picture !== null) objects.push(picture);
      await planOver(tx, objects, { item: 'edge_event', keepDays: days }, now);
    }
    return rows.length;
  });
}
