import { sql } from 'kysely';
import type { Database } from './database.ts';

/** An object that no row needs, and since when that is known. */
export interface Orphan {
  key: string;
  firstSeen: Date;
}

/** Writes down orphans that are new. @returns all of them, with when each was first seen */
export async function noteOrphans(db: Database, keys: readonly string[], now: Date): Promise<Orphan[]> {
  if (keys.length === 0) return [];
  const { rows } = await sql<Orphan>`
    insert into orphan_object as o (object_key, first_seen)
    select key, ${now} from unnest(${[...keys]}::text[]) as key
    on conflict (object_key) do update set first_seen = o.first_seen
    returning object_key as key, first_seen as "firstSeen"
  `.execute(db);
  return rows;
}

export async function forgetOrphans(db: Database, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  await db
    .deleteFrom('orphan_object')
    .where('object_key', 'in', [...keys])
    .execute();
}
