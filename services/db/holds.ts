import { sql } from 'kysely';
import { noteInHistory } from './cases.ts';
import type { Database } from './database.ts';

export interface HoldCommand {
  caseId: string;
  actorId: string | null;
  reason: string;
}

/** `removing`: objects whose removal had begun and cannot be taken back. */
export type HoldResult =
  | { done: true; removing: number }
  | { done: false; why: 'not_found' | 'already_held' | 'not_held' };

/** 保全: from now on nothing of the case is removed; what was only planned for removal is taken back. */
export async function placeHold(db: Database, command: HoldCommand, now: Date): Promise<HoldResult> {
  return await db.transaction().execute(async (tx): Promise<HoldResult> => {
    // The finding first, as everybody does: no two commands wait for each other.
    const finding = await tx
      .selectFrom('finding')
      .select('id')
      .where('id', '=', command.caseId)
      .forUpdate()
      .executeTakeFirst();
    if (finding === undefined) return { done: false, why: 'not_found' };
    const placed = await tx
      .insertInto('legal_hold')
      .values({
        case_id: command.caseId,
        reason: command.reason,
        placed_by: command.actorId,
        placed_at: now,
      })
      .onConflict((conflict) => conflict.column('case_id').where('lifted_at', 'is', null).doNothing())
      .returning('id')
      .executeTakeFirst();
    if (placed === undefined) return { done: false, why: 'already_held' };
    await noteInHistory(tx, { ...command, command: 'hold' }, now);
    const { removing } = await tx
      .selectFrom('object_removal')
      .select((eb) => eb.fn.countAll<string>().as('removing'))
      .where('done_at', 'is', null)
      .where('cancelled_at', 'is', null)
      .where('object_key', 'in', (eb) =>
        eb.selectFrom('object_reference').select('object_key').where('case_id', '=', command.caseId),
      )
      .executeTakeFirstOrThrow();
    return { done: true, removing: Number(removing) };
  });
}

/** 解除保全. */
export async function liftHold(db: Database, command: HoldCommand, now: Date): Promise<HoldResult> {
  return await db.transaction().execute(async (tx): Promise<HoldResult> => {
    await tx.selectFrom('finding').select('id').where('id', '=', command.caseId).forUpdate().execute();
    const lifted = await tx
      .updateTable('legal_hold')
      .set({ lifted_at: now, lifted_by: command.actorId, lift_reason: command.reason })
      .where('case_id', '=', command.caseId)
      .where('lifted_at', 'is', null)
      .executeTakeFirst();
    if (lifted.numUpdatedRows === 0n) return { done: false, why: 'not_held' };
    await noteInHistory(tx, { ...command, command: 'lift_hold' }, now);
    return { done: true, removing: 0 };
  });
}

/** Holds of a case, newest first. */
export async function loadHolds(db: Database, caseId: string) {
  return await db
    .selectFrom('legal_hold')
    .leftJoin('account as placer', 'placer.id', 'legal_hold.placed_by')
    .leftJoin('account as lifter', 'lifter.id', 'legal_hold.lifted_by')
    .selectAll('legal_hold')
    .select(['placer.username as placed_username', 'lifter.username as lifted_username'])
    .where('case_id', '=', caseId)
    .orderBy('placed_at', 'desc')
    .execute();
}

/** Which of these cases are held, by themselves or by one that they belong to. */
export async function heldAmong(db: Database, caseIds: readonly string[]): Promise<Set<string>> {
  if (caseIds.length === 0) return new Set();
  const { rows } = await sql<{ id: string }>`
    select id from unnest(${[...caseIds]}::uuid[]) as id
    where exists (select from legal_hold where lifted_at is null) and case_held(id)
  `.execute(db);
  return new Set(rows.map((row) => row.id));
}
