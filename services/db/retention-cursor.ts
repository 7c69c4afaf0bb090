import type { Database } from './database.ts';

/** Where work in small steps goes on; undefined: from the beginning. */
export async function readCursor(db: Database, name: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('retention_cursor')
    .select('position')
    .where('name', '=', name)
    .executeTakeFirst();
  return row?.position;
}

/** @param position null: from the beginning */
export async function writeCursor(db: Database, name: string, position: string | null): Promise<void> {
  if (position === null) {
    await db.deleteFrom('retention_cursor').where('name', '=', name).execute();
    return;
  }
  await db
    .insertInto('retention_cursor')
    .values({ name, position })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ position }))
    .execute();
}
