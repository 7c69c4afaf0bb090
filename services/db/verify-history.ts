import { sql } from 'kysely';
import type { Database } from './database.ts';
import type { HistoryFault } from './history-fault.ts';
import { answerHash, type ChainRow, FIRST_HASH, historyHash } from './history-hash.ts';
import type { AnswerPhoto } from './schema-tasks.ts';
import { verifyChanges } from './verify-changes.ts';

export type { HistoryFault } from './history-fault.ts';

export interface HistoryReport {
  rows: number;
  chains: number;
  faults: HistoryFault[];
}

const BATCH = 5000;

/** Walks every chain of history and names what was altered. Reads in batches; holds one chain's state at a time. */
export async function verifyHistory(db: Database): Promise<HistoryReport> {
  const report: HistoryReport = { rows: 0, chains: 0, faults: [] };
  let last: ChainRow | undefined;
  for (;;) {
    const rows = await readRows(db, last);
    for (const row of rows) {
      const follows = last?.entity === row.entity && last.entityId === row.entityId ? last : undefined;
      if (follows === undefined) report.chains += 1;
      report.rows += 1;
      report.faults.push(...faultsOf(row, follows));
      last = row;
    }
    if (rows.length < BATCH) break;
  }
  report.faults.push(...(await cutChains(db)), ...(await alteredAnswers(db)), ...(await verifyChanges(db)));
  return report;
}

function faultsOf(row: ChainRow, follows: ChainRow | undefined): HistoryFault[] {
  const about = { entity: row.entity, entityId: row.entityId, historyId: row.id };
  const what = `${row.from ?? 'nothing'} → ${row.to}`;
  if (historyHash(row) !== row.hash)
    return [{ ...about, fault: 'altered', detail: `${what} is not what was written` }];
  if (row.prevHash !== (follows?.hash ?? FIRST_HASH))
    return [{ ...about, fault: 'broken', detail: `${what} does not follow the row before it` }];
  if (!continues(row, follows))
    return [{ ...about, fault: 'broken', detail: `${what} does not begin where the row before it ended` }];
  return [];
}

/**
 * Findings and tasks go from state to state, beginning with none. Of other things a row may also say that something was done to
 * them (`from` null), and their first rows may be younger than they are.
 */
function continues(row: ChainRow, follows: ChainRow | undefined): boolean {
  const strict = row.entity === 'finding' || row.entity === 'task';
  if (!strict && (row.from === null || follows === undefined)) return true;
  return row.from === (follows?.to ?? null);
}

async function readRows(db: Database, after: ChainRow | undefined): Promise<ChainRow[]> {
  const from = after ?? { entity: '', entityId: '00000000-0000-0000-0000-000000000000', id: '0' };
  const result = await sql<ChainRow>`
    select id::text as "id", entity, entity_id::text as "entityId", from_state as "from", to_state as "to",
      actor_id::text as "actorId", reason, note, command, content_hash as "contentHash",
      (extract(epoch from at) * 1000000)::bigint::text as "atUs", prev_hash as "prevHash", hash,
      region_path as "regionPath", merchant_id::text as "merchantId"
    from history
    where (entity, entity_id, id) > (${from.entity}, ${from.entityId}::uuid, ${from.id}::bigint)
    order by entity, entity_id, history.id
    limit ${BATCH}
  `.execute(db);
  return result.rows;
}

/** The end of a chain cannot be missed by the rows before it: the state of the thing itself says where it must end. */
async function cutChains(db: Database): Promise<HistoryFault[]> {
  const result = await sql<{ entity: string; id: string; state: string; last: string | null }>`
    with thing as (
      select 'finding' as entity, id, state from finding
      union all select 'task', id, state from task
    )
    select thing.entity, thing.id, thing.state, ending.to_state as last
    from thing left join lateral (
      select to_state from history
      where entity = thing.entity and entity_id = thing.id order by history.id desc limit 1
    ) as ending on true
    where ending.to_state is distinct from thing.state
    order by thing.entity, thing.id
  `.execute(db);
  return result.rows.map((row) => ({
    entity: row.entity,
    entityId: row.id,
    historyId: null,
    fault: 'cut',
    detail: `is ${row.state}, but its history ends with ${row.last ?? 'nothing'}`,
  }));
}

/** Answers that are not what they hash to, or whose hash no row of history carries, and rows whose answer is gone. */
async function alteredAnswers(db: Database): Promise<HistoryFault[]> {
  const result = await sql<{
    task_id: string;
    answer_id: string | null;
    history_id: string | null;
    type: string | null;
    text: string | null;
    photos: AnswerPhoto[] | null;
    content_hash: string | null;
  }>`
    select coalesce(answer.task_id, h.entity_id) as task_id, answer.id as answer_id, h.id::text as history_id,
      answer.type, answer.text, answer.photos, answer.content_hash
    from task_answer as answer
    full join (
      select * from history where content_hash is not null and command in ('submit', 'appeal')
    ) as h
      on h.entity_id = answer.task_id and h.content_hash = answer.content_hash and h.at = answer.at
    order by 1, answer.at
  `.execute(db);
  return result.rows.flatMap((row): HistoryFault[] => {
    const about = {
      entity: 'task',
      entityId: row.task_id,
      historyId: row.history_id,
      fault: 'answer' as const,
    };
    if (row.answer_id === null || row.type === null || row.text === null)
      return [{ ...about, detail: 'its answer is gone or altered' }];
    const hash = answerHash({ type: row.type, text: row.text, photos: row.photos ?? [] });
    if (hash !== row.content_hash || row.history_id === null)
      return [{ ...about, detail: `answer ${row.answer_id} is not the one that was given` }];
    return [];
  });
}
