/** Photographs of signs and of staff that was told (告知): they go when their time is over, what was recorded stays. */
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Database } from './database.ts';
import { type OverObject, planOver } from './removals.ts';
import { type Policies, STORED_POLICIES } from './retention-due.ts';

/** `from …` of the photographs whose time is over, those that must be kept nevertheless among them. */
const overNoticePhotos = (policies: Policies, now: Date): RawBuilder<unknown> => sql`
  from camera_notice as notice, ${policies} as policy
  where policy.item = 'notice_photo' and notice.object_key is not null and notice.removed_at is null
    and notice.recorded_at <= ${now}::timestamptz - make_interval(days => policy.keep_days)`;

/**
 * However old: the last one of its kind of a camera in service, which proves that the sign is up now; and all of a camera of a held
 * case, where they say that its pictures were taken in the open.
 */
const KEPT = sql<SqlBool>`(
  exists (select from legal_hold join finding on finding.id = legal_hold.case_id
    where legal_hold.lifted_at is null and finding.camera_id = notice.camera_id)
  or (exists (select from camera where camera.id = notice.camera_id and camera.removed_at is null)
    and not exists (select from camera_notice as later
      where later.camera_id = notice.camera_id and later.kind = notice.kind and later.object_key is not null
        and (later.recorded_at, later.id) > (notice.recorded_at, notice.id))))`;

/** How many would go, and how many are kept although their time is over. */
export async function countOverNotices(
  db: Database,
  policies: Policies,
  now: Date,
): Promise<{ due: number; held: number; oldest: Date | null }> {
  const { rows } = await sql<{ due: number; held: number; oldest: Date | null }>`
    select count(*) filter (where not kept)::int as due, count(*) filter (where kept)::int as held,
      min(recorded_at) filter (where not kept) as oldest
    from (select notice.recorded_at, ${KEPT} as kept ${overNoticePhotos(policies, now)}) as over
  `.execute(db);
  return rows[0] ?? { due: 0, held: 0, oldest: null };
}

/**
 * Photographs whose time is over, one step: they are marked and their objects written down for removal, in one transaction; the same
 * bytes stay while another row needs them. @returns photographs
 */
export async function endNoticePhotos(db: Database, now: Date, limit: number): Promise<number> {
  return await db.transaction().execute(async (tx) => {
    const { rows } = await sql<{
      object_key: string;
      sha256: string;
      shown_key: string;
      shown_sha256: string;
      days: number;
    }>`
      update camera_notice set removed_at = ${now}
      from (
        select notice.id, policy.keep_days ${overNoticePhotos(STORED_POLICIES, now)} and not ${KEPT}
        order by notice.recorded_at limit ${limit} for update of notice skip locked
      ) as due
      where camera_notice.id = due.id
      returning object_key, sha256, shown_key, shown_sha256, due.keep_days as days
    `.execute(tx);
    for (const row of rows) {
      const objects: OverObject[] = [
        { key: row.object_key, sha256: row.sha256, bytes: null },
        { key: row.shown_key, sha256: row.shown_sha256, bytes: null },
      ];
      await planOver(tx, objects, { item: 'notice_photo', keepDays: row.days }, now);
    }
    return rows.length;
  });
}
