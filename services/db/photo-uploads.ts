/** Photos that arrive in parts over a bad line. What has arrived stays; the sender asks where to go on. */
import { sql } from 'kysely';
import type { Database, Tx } from './database.ts';

/** An upload that nobody went on with. */
const FORGOTTEN_MS = 2 * 86_400_000;
/** Photos under way at once for one task (or for reports) and account. */
const MOST_UNDER_WAY = 9;

export interface WantedUpload {
  /** null: for a report. */
  taskId: string | null;
  accountId: string;
  sha256: string;
  bytes: number;
}

/** Begins an upload or finds the one that was begun. @returns undefined when too many are under way */
export async function openUpload(
  db: Database,
  { taskId, accountId, sha256, bytes }: WantedUpload,
  now: Date,
): Promise<{ id: string; offset: number } | undefined> {
  return await db.transaction().execute(async (tx) => {
    await tx
      .deleteFrom('photo_upload')
      .where('created_at', '<', new Date(now.getTime() - FORGOTTEN_MS))
      .execute();
    await sql`select pg_advisory_xact_lock(hashtextextended(${`upload|${taskId}|${accountId}`}, 16))`.execute(
      tx,
    );
    const mine = await tx
      .selectFrom('photo_upload')
      .select(['id', 'sha256', 'bytes'])
      .where('task_id', 'is not distinct from', taskId)
      .where('account_id', '=', accountId)
      .execute();
    const same = mine.find((one) => one.sha256 === sha256);
    if (same !== undefined && same.bytes === bytes)
      return { id: same.id, offset: await received(tx, same.id) };
    // The same name with another length: its sender was wrong before.
    if (same !== undefined) await tx.deleteFrom('photo_upload').where('id', '=', same.id).execute();
    if (mine.length >= MOST_UNDER_WAY && same === undefined) return undefined;
    const { id } = await tx
      .insertInto('photo_upload')
      .values({ task_id: taskId, account_id: accountId, sha256, bytes, created_at: now })
      .returning('id')
      .executeTakeFirstOrThrow();
    return { id, offset: 0 };
  });
}

async function received(tx: Tx, uploadId: string): Promise<number> {
  const { rows } = await sql<{ bytes: number }>`
    select coalesce(sum(length(data)), 0)::integer as bytes from photo_upload_part where upload_id = ${uploadId}
  `.execute(tx);
  return rows[0]?.bytes ?? 0;
}

export type Part =
  | { kind: 'unknown' }
  /** Not where the upload stands, or longer than was said: nothing was kept. */
  | { kind: 'refused'; offset: number; why: 'position' | 'too_long' }
  | { kind: 'more'; offset: number }
  /** The bytes of the whole photo; the upload stays until `closeUpload`, so that a crash loses nothing. */
  | { kind: 'whole'; offset: number; sha256: string; data: Buffer };

/** Keeps one part. */
export async function addPart(
  db: Database,
  upload: { id: string; taskId: string | null; accountId: string },
  position: number,
  data: Buffer,
): Promise<Part> {
  return await db.transaction().execute(async (tx): Promise<Part> => {
    const row = await tx
      .selectFrom('photo_upload')
      .selectAll()
      .where('id', '=', upload.id)
      .where('task_id', 'is not distinct from', upload.taskId)
      .where('account_id', '=', upload.accountId)
      .forUpdate()
      .executeTakeFirst();
    if (row === undefined) return { kind: 'unknown' };
    const before = await received(tx, row.id);
    // A whole photo whose end was not told before: the part with which it is asked again counts for nothing.
    if (before < row.bytes) {
      if (position !== before) return { kind: 'refused', offset: before, why: 'position' };
      if (before + data.length > row.bytes) return { kind: 'refused', offset: before, why: 'too_long' };
      await tx.insertInto('photo_upload_part').values({ upload_id: row.id, position, data }).execute();
    }
    const offset = before < row.bytes ? before + data.length : before;
    if (offset < row.bytes) return { kind: 'more', offset };
    const parts = await tx
      .selectFrom('photo_upload_part')
      .select('data')
      .where('upload_id', '=', row.id)
      .orderBy('position')
      .execute();
    return { kind: 'whole', offset, sha256: row.sha256, data: Buffer.concat(parts.map((one) => one.data)) };
  });
}

export async function closeUpload(db: Database, id: string): Promise<void> {
  await db.deleteFrom('photo_upload').where('id', '=', id).execute();
}
