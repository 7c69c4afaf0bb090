/** 试运行: what the next run of retention would remove, and what holds keep back. Reads only. */
import { sql } from 'kysely';
import type { RetentionItem, RetentionSince } from '../domain/retention.ts';
import type { Database } from './database.ts';
import { overEdgeEvents } from './edge-retention.ts';
import { countOverNotices } from './notice-photos.ts';
import { countOverLogs, REMOVABLE_LOGS } from './remove-logs.ts';
import { judgedObjects, type Policies } from './retention-due.ts';
import { overVisitPhotos } from './visit-photos.ts';

/** Of one item. `count`: objects of cases, photographs, messages or rows. */
export interface DueItem {
  item: RetentionItem;
  since: RetentionSince;
  count: number;
  /** null: rows of the database, which have no size of their own. */
  bytes: number | null;
  /** When the oldest of them was over or written; null: none. */
  oldest: Date | null;
  /** Over, and kept: of a held case, not delivered yet, or the last proof of a notice. */
  held: number;
}

/**
 * @param regionPath objects of cases in this region and below; null: everywhere, and then what is of no case, too
 */
export async function dueItems(
  db: Database,
  policies: Policies,
  now: Date,
  regionPath: string | null,
): Promise<DueItem[]> {
  const cases = await sql<DueItem>`
    with ${judgedObjects(policies, now)}
    select judged.item, judged.since, (count(*) filter (where not held))::int as count,
      coalesce(sum(bytes) filter (where not held), 0)::float8 as bytes,
      min(since_at) filter (where not held) as oldest, (count(*) filter (where held))::int as held
    from judged join region on region.id = judged.region_id
    where over and (${regionPath}::text is null or region.path = ${regionPath} or starts_with(region.path, ${regionPath} || '.'))
    group by 1, 2 order by 1, 2
  `.execute(db);
  if (regionPath !== null) return cases.rows;
  const written = { since: 'written', held: 0 } as const;
  const { rows: photos } = await sql<{ count: number; bytes: number; oldest: Date | null }>`
    select count(*)::int as count, coalesce(sum(photo.bytes), 0)::float8 as bytes, min(photo.uploaded_at) as oldest
    ${overVisitPhotos(policies, now)}
  `.execute(db);
  const { rows: said } = await sql<{ count: number; oldest: Date | null }>`
    select count(*)::int as count, min(event.last_at) as oldest ${overEdgeEvents(policies, now)}
  `.execute(db);
  const notices = await countOverNotices(db, policies, now);
  const logs: DueItem[] = [];
  for (const item of REMOVABLE_LOGS) {
    const { due, held, oldest } = await countOverLogs(db, item, policies, now);
    logs.push({ item, since: 'written', count: due, bytes: null, oldest, held });
  }
  return [
    ...cases.rows,
    ...photos.map((row) => ({ ...written, item: 'visit_photo' as const, ...row })),
    {
      item: 'notice_photo',
      since: 'written',
      count: notices.due,
      bytes: null,
      oldest: notices.oldest,
      held: notices.held,
    },
    ...said.map((row) => ({ ...written, item: 'edge_event' as const, bytes: null, ...row })),
    ...logs,
  ];
}

/** What retention removed since then, by item. */
export async function removedSince(
  db: Database,
  since: Date,
): Promise<{ item: RetentionItem; count: number; bytes: number | null; last: Date }[]> {
  const { rows } = await sql<{ item: RetentionItem; count: number; bytes: number | null; last: Date }>`
    select policy ->> 'item' as item, count(*)::int as count, coalesce(sum(bytes), 0)::float8 as bytes, max(done_at) as last
    from object_removal where why = 'retention' and done_at >= ${since} group by 1
    union all
    select item, sum(rows)::int, null, max(at) from log_removal where at >= ${since} group by 1
    order by 1
  `.execute(db);
  return rows;
}
