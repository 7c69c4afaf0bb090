import { sql } from 'kysely';
import type { Database, Tx } from './database.ts';
import { appendEvent } from './events.ts';
import { type HistoryFault, verifyHistory } from './verify-history.ts';

/** Faults that are kept with a check and told; a thousand altered rows need no thousand messages. */
const MOST_KEPT = 100;

export interface HistoryCheck {
  id: string;
  rows: number;
  chains: number;
  faults: HistoryFault[];
}

/** Walks all chains and keeps what was found, with an event and an alert for the inspectors' desk a broken chain, told once. */
export async function checkHistory(db: Database, now: () => Date): Promise<HistoryCheck> {
  const startedAt = now();
  const report = await verifyHistory(db);
  const kept = report.faults.slice(0, MOST_KEPT);
  const id = await db.transaction().execute(async (tx) => {
    const row = await tx
      .insertInto('history_check')
      .values({
        started_at: startedAt,
        finished_at: now(),
        rows: report.rows,
        chains: report.chains,
        fault_count: report.faults.length,
        faults: JSON.stringify(kept),
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    const chains = new Map(kept.map((fault) => [`${fault.entity}|${fault.entityId}`, fault]));
    for (const fault of chains.values()) await tell(tx, fault, row.id, now());
    return row.id;
  });
  return { id, rows: report.rows, chains: report.chains, faults: report.faults };
}

async function tell(tx: Tx, fault: HistoryFault, checkId: string, now: Date): Promise<void> {
  const about = await placeOf(tx, fault);
  const known = await tx
    .selectFrom('event')
    .select('id')
    .where('type', '=', 'history.broken')
    .where(
      sql<boolean>`payload ->> 'entity' = ${fault.entity} and payload ->> 'entityId' = ${fault.entityId}`,
    )
    .executeTakeFirst();
  if (known !== undefined) return;
  await appendEvent(tx, {
    type: 'history.broken',
    regionPath: about?.region_path ?? '',
    merchantId: null,
    payload: { checkId, ...fault },
  });
  if (about === undefined) return;
  await tx
    .insertInto('alert')
    .values({
      audience: 'inspector',
      region_id: about.region_id,
      merchant_id: about.merchant_id,
      finding_id: about.finding_id,
      task_id: about.task_id,
      kind: about.kind,
      class: 1,
      about: 'history_broken',
      created_at: now,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Where a broken chain belongs; undefined when what it is about is gone or is no finding or task. */
async function placeOf(tx: Tx, { entity, entityId }: HistoryFault) {
  const { rows } = await sql<{
    region_id: string;
    merchant_id: string;
    finding_id: string;
    task_id: string | null;
    kind: string;
    region_path: string;
  }>`
    select thing.*, region.path as region_path from (
      select region_id, merchant_id, id as finding_id, null::uuid as task_id, kind from finding
        where ${entity} = 'finding' and id::text = ${entityId}
      union all
      select region_id, merchant_id, finding_id, id, kind from task where ${entity} = 'task' and id::text = ${entityId}
    ) as thing join region on region.id = thing.region_id
  `.execute(tx);
  return rows[0];
}

/** When the last check ended; null: there was none. */
export async function lastHistoryCheck(db: Database): Promise<Date | null> {
  const row = await db
    .selectFrom('history_check')
    .select((eb) => eb.fn.max('finished_at').as('at'))
    .executeTakeFirst();
  return row?.at ?? null;
}

/** Zone of the first county: one chain of checks serves all of them. */
export async function firstTimeZone(db: Database): Promise<string> {
  const row = await db
    .selectFrom('region')
    .select('time_zone')
    .where('parent_id', 'is', null)
    .orderBy('path')
    .executeTakeFirst();
  return row?.time_zone ?? 'Asia/Shanghai';
}

/** Runs `work` unless another process does; the lock ends with the connection. */
export async function alone(db: Database, work: () => Promise<void>): Promise<boolean> {
  return await db.connection().execute(async (connection) => {
    const { rows } = await sql<{ got: boolean }>`select pg_try_advisory_lock(1919) as got`.execute(
      connection,
    );
    if (rows[0]?.got !== true) return false;
    try {
      await work();
    } finally {
      await sql`select pg_advisory_unlock(1919)`.execute(connection);
    }
    return true;
  });
}
