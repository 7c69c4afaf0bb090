import { sql } from 'kysely';
import type { Database } from './database.ts';
import type { HistoryFault } from './history-fault.ts';
import { changesHash } from './history-hash.ts';

/** Rows of history a batch; an import may have thousands of changes under one of them. */
const BATCH = 200;

interface Row {
  id: string;
  entity: string;
  entity_id: string;
  content_hash: string | null;
  changes: { entity: string; entityId: string; before: string | null; after: string | null }[];
}

/** Names the rows of history whose changes (history_change) are not those that their content_hash covers, or are gone. */
export async function verifyChanges(db: Database): Promise<HistoryFault[]> {
  const faults: HistoryFault[] = [];
  let after = '0';
  for (;;) {
    const { rows } = await sql<Row>`
      select h.id::text, h.entity, h.entity_id::text, h.content_hash, coalesce(changes, '[]') as changes
      from history as h left join lateral (
        select json_agg(json_build_object('entity', c.entity, 'entityId', c.entity_id,
          'before', c.before::text, 'after', c.after::text) order by c.position) as changes
        from history_change as c where c.history_id = h.id
      ) as c on true
      where h.id > ${after}::bigint
        and (changes is not null or (h.content_hash is not null and h.command not in ('submit', 'appeal')))
      order by h.id
      limit ${BATCH}
    `.execute(db);
    for (const row of rows) {
      if (row.changes.length > 0 && changesHash(row.changes) === row.content_hash) continue;
      faults.push({
        entity: row.entity,
        entityId: row.entity_id,
        historyId: row.id,
        fault: 'change',
        detail: row.changes.length === 0 ? 'its changes are gone' : 'its changes are not what was written',
      });
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < BATCH) return faults;
    after = last.id;
  }
}
