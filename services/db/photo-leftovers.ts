import { sql } from 'kysely';
import type { Database } from './database.ts';

/** Objects of a photograph that nothing refers to any more. */
interface Leftover {
  keys: string[];
}

/**
 * Forgets photographs that were uploaded before `before` for a report that was never sent. Those of answers belong to their case
 * and stay; their objects without a row are the retention worker's.
 * @returns keys of the objects that are to be removed; a crash before that leaves objects without a row, which `unknownKeys` finds
 */
export async function forgetLeftPhotos(db: Database, before: Date, limit: number): Promise<string[]> {
  const reports = await sql<Leftover>`
    delete from report_photo where id in (
      select id from report_photo where finding_id is null and uploaded_at < ${before} limit ${limit} for update skip locked
    ) returning array[object_key, shown_key] as keys
  `.execute(db);
  const keys = reports.rows.flatMap((row) => row.keys);
  // The same photograph uploaded twice is one object: it stays while anything names it.
  return await unknownKeys(db, keys);
}

/** Those of the keys that no photograph and no evidence names. */
export async function unknownKeys(db: Database, keys: readonly string[]): Promise<string[]> {
  if (keys.length === 0) return [];
  const { rows } = await sql<{ key: string }>`
    select key from unnest(${[...keys]}::text[]) as key
    where not exists (select from report_photo where object_key = key or shown_key = key)
      and not exists (select from task_photo where object_key = key or shown_key = key)
      and not exists (select from evidence where object_key = key or detail -> 'shown' ->> 'key' = key)
  `.execute(db);
  return rows.map(({ key }) => key);
}
