import { sql } from 'kysely';
import type { Database, Tx } from './database.ts';

/**
 * The finding that a look really joins: what the known one was merged into, if it was. It is locked until the transaction ends,
 * so that nobody merges it away meanwhile.
 */
export async function lockRoot(tx: Tx, findingId: string): Promise<string> {
  const { merged_into } = await tx
    .selectFrom('finding')
    .select('merged_into')
    .where('id', '=', findingId)
    .forUpdate()
    .executeTakeFirstOrThrow();
  return merged_into === null ? findingId : await lockRoot(tx, merged_into);
}

/** The findings and everything that was merged into them: whose evidence is theirs. */
export async function familyOf(db: Database | Tx, findingIds: readonly string[]): Promise<string[]> {
  if (findingIds.length === 0) return [];
  const { rows } = await sql<{ id: string }>`
    with recursive family as (
      select id from finding where id = any (${[...findingIds]}::uuid[])
      union select finding.id from finding join family on finding.merged_into = family.id
    )
    select id from family
  `.execute(db);
  return rows.map(({ id }) => id);
}
