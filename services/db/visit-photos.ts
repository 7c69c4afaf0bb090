/** Photographs of cadres' visits: they wait for their visit, belong to it, and go when their time is over. */
import { type RawBuilder, sql } from 'kysely';
import type { Database, Tx } from './database.ts';
import { planOver } from './removals.ts';
import { type Policies, STORED_POLICIES } from './retention-due.ts';

/** Locks the photos that a visit names. @returns their hashes in that order; undefined: one is unknown, or belongs elsewhere */
export async function takeVisitPhotos(
  tx: Tx,
  accountId: string,
  ids: readonly string[],
): Promise<string[] | undefined> {
  if (ids.length === 0) return [];
  const rows = await tx
    .selectFrom('visit_photo')
    .select(['id', 'sha256'])
    .where('id', 'in', [...ids])
    .where('account_id', '=', accountId)
    .where('visit_id', 'is', null)
    .orderBy('id')
    .forUpdate()
    .execute();
  const hashes = new Map(rows.map(({ id, sha256 }) => [id, sha256]));
  const found = ids.flatMap((id) => hashes.get(id) ?? []);
  return found.length === ids.length ? found : undefined;
}

export async function giveVisitPhotos(tx: Tx, visitId: string, ids: readonly string[]): Promise<void> {
  for (const [position, id] of ids.entries())
    await tx
      .updateTable('visit_photo')
      .set({ visit_id: visitId, position })
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
}

/** Photos of visits, in their order. */
export async function photosOfVisits(db: Database, visitIds: readonly string[]) {
  if (visitIds.length === 0) return [];
  return await db
    .selectFrom('visit_photo')
    .selectAll()
    .where('visit_id', 'in', [...visitIds])
    .orderBy('visit_id')
    .orderBy('position')
    .execute();
}

/** `from …` of the photos whose time is over. */
export const overVisitPhotos = (policies: Policies, now: Date): RawBuilder<unknown> => sql`
  from visit_photo as photo, ${policies} as policy
  where policy.item = 'visit_photo' and photo.visit_id is not null and photo.removed_at is null
    and photo.uploaded_at <= ${now}::timestamptz - make_interval(days => policy.keep_days)`;

/**
 * Photos whose time is over, one step: they are marked and their objects written down for removal, in one transaction; the same
 * bytes stay while another photo needs them. @returns photos
 */
export async function endVisitPhotos(db: Database, now: Date, limit: number): Promise<number> {
  return await db.transaction().execute(async (tx) => {
    const { rows } = await sql<{
      object_key: string;
      sha256: string;
      bytes: number;
      shown_key: string;
      shown_sha256: string;
      days: number;
    }>`
      update visit_photo set removed_at = ${now}
      from (
        select photo.id, policy.keep_days ${overVisitPhotos(STORED_POLICIES, now)}
        order by photo.uploaded_at limit ${limit} for update of photo skip locked
      ) as due
      where visit_photo.id = due.id
      returning object_key, sha256, bytes, shown_key, shown_sha256, due.keep_days as days
    `.execute(tx);
    for (const row of rows)
      await planOver(
        tx,
        [
          { key: row.object_key, sha256: row.sha256, bytes: row.bytes },
          { key: row.shown_key, sha256: row.shown_sha256, bytes: null },
        ],
        { item: 'visit_photo', keepDays: row.days },
        now,
      );
    return rows.length;
  });
}

/** Forgets photos that waited for a visit since before `before`. @returns rows; their objects are orphans from then on */
export async function forgetWaitingPhotos(db: Database, before: Date, limit: number): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from visit_photo where id in (
      select id from visit_photo where visit_id is null and uploaded_at < ${before} limit ${limit} for update skip locked)
  `.execute(db);
  return Number(numAffectedRows ?? 0n);
}
