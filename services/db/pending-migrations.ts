import { readdir } from 'node:fs/promises';
import { sql } from 'kysely';
import type { Database } from './database.ts';

const FOLDER = new URL('./migrations/', import.meta.url);

/** Names of the migrations that this checkout has and the database does not. */
export async function pendingMigrations(db: Database): Promise<string[]> {
  const names = (await readdir(FOLDER)).filter((name) => name.endsWith('.sql')).sort();
  const table = await sql<{ there: boolean }>`select to_regclass('migration') is not null as there`.execute(
    db,
  );
  if (table.rows[0]?.there !== true) return names;
  const { rows } = await sql<{ name: string }>`select name from migration`.execute(db);
  const done = new Set(rows.map((row) => row.name));
  return names.filter((name) => !done.has(name));
}
