import { sql } from 'kysely';
import type { Database } from '../../services/db/database.ts';

/**
 * Empties what looks and findings leave behind, between tests of one file. Evidence and history cannot be deleted: the triggers that
 * see to it are switched off for this transaction, as only a superuser can.
 */
export async function forgetFindings(db: Database): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await sql`set local session_replication_role = replica`.execute(tx);
    const { rows } = await sql<{ name: string }>`
      with recursive hanging (name) as (
        select 'finding'::regclass union select 'look'::regclass union select 'event'::regclass union select 'webhook'::regclass
        union select conrelid::regclass from pg_constraint join hanging on confrelid = hanging.name where contype = 'f'
      ) select name::text from hanging
    `.execute(tx);
    for (const { name } of rows) await sql`delete from ${sql.table(name)}`.execute(tx);
  });
}
