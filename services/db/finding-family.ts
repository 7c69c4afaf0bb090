import { sql } from 'kysely';
import type { Fate } from '../domain/merge.ts';
import { ENDED_STATES } from '../domain/task-life.ts';
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

/** What became of a finding, as far as further looks are concerned. */
export async function fateOf(tx: Tx, findingId: string): Promise<Fate> {
  const { rows } = await sql<{ state: string; endedAt: Date | null }>`
    select finding.state,
      case finding.state
        when 'expired' then (select max(at) from history where entity = 'finding' and entity_id = finding.id and to_state = 'expired')
        when 'confirmed' then (
          select case when bool_and(task.state = any (${[...ENDED_STATES]}::text[])) then max((
            select max(at) from history where entity = 'task' and entity_id = task.id and to_state in ('closed', 'withdrawn', 'transferred'))) end
          from task_finding as link join task on task.id = link.task_id
          where link.finding_id = finding.id and link.released_at is null)
      end as "endedAt"
    from finding where finding.id = ${findingId}
  `.execute(tx);
  const [found] = rows;
  if (found?.state === 'dismissed') return 'dismissed';
  return found === undefined || found.endedAt === null ? 'open' : { endedAt: found.endedAt };
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
