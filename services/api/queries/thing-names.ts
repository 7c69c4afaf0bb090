import { sql } from 'kysely';
import type { Database } from '../../db/database.ts';

/** What people call a thing: the column of its table, by the entity that history names. Things that are gone have no name left. */
const NAMED = {
  account: 'username',
  calendar: 'name',
  camera: 'name',
  document: 'number',
  document_template: 'title',
  document_type: 'name',
  draw: 'number',
  finding_kind: 'name_zh',
  gateway: 'name',
  merchant: 'name',
  notify_target: 'name',
  region: 'name',
  task: 'number',
  webhook: 'name',
  zone: 'name',
} as const;

/** Names by `entity id`. Whoever may read the row of history may read what it is about. */
export async function thingNames(
  db: Database,
  rows: readonly { entity: string; entity_id: string }[],
): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  for (const [table, column] of Object.entries(NAMED)) {
    const ids = rows.flatMap((row) => (row.entity === table ? [row.entity_id] : []));
    if (ids.length === 0) continue;
    const found = await sql<{ id: string; name: string | null }>`
      select id, ${sql.ref(column)} as name from ${sql.table(table)} where id = any (${ids}::uuid[])
    `.execute(db);
    for (const { id, name } of found.rows) if (name) names.set(`${table} ${id}`, name);
  }
  return names;
}
