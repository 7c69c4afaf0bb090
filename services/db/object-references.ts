import { sql } from 'kysely';
import type { Database } from './database.ts';

/** Which row needs the object, in words; undefined: none. */
export async function whyKept(db: Database, key: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('object_reference')
    .select(['source', 'item_id', 'case_id'])
    .where('object_key', '=', key)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return `${row.source} ${row.item_id}${row.case_id === null ? '' : ` of case ${row.case_id}`} needs it`;
}

/** Those of the keys that some row needs. */
export async function referenced(db: Database, keys: readonly string[]): Promise<Set<string>> {
  if (keys.length === 0) return new Set();
  const rows = await db
    .selectFrom('object_reference')
    .select('object_key')
    .where('object_key', 'in', [...keys])
    .execute();
  return new Set(rows.map((row) => row.object_key));
}

/** An object that rows need, and what they say of it. */
export interface NeededObject {
  key: string;
  source: string;
  itemId: string;
  caseId: string | null;
  sha256: string | null;
  bytes: number | null;
  /** When retention removed it; null: it must be there. */
  removedAt: Date | null;
}

/** Every needed object behind `after`, in the order of keys. */
export async function neededObjects(db: Database, after: string, limit: number): Promise<NeededObject[]> {
  const { rows } = await sql<NeededObject>`
    select r.object_key as key, r.source, r.item_id as "itemId", r.case_id as "caseId", r.sha256, r.bytes,
      (select max(done_at) from object_removal x where x.object_key = r.object_key and x.why = 'retention') as "removedAt"
    from object_reference r where r.object_key > ${after}
    order by r.object_key, r.source, r.item_id limit ${limit}
  `.execute(db);
  return rows;
}
