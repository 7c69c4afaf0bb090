import { sql } from 'kysely';
import type { RetentionItem } from '../domain/retention.ts';
import type { Database, Tx } from './database.ts';
import { judgedObjects, STORED_POLICIES } from './retention-due.ts';

/** One object on its way out of the store. */
export interface Removal {
  id: string;
  key: string;
  why: 'retention' | 'orphan';
}

interface Due {
  key: string;
  sha256: string;
  bytes: number | null;
  policy: Record<string, unknown>;
}

/** SQLSTATE of what the guards of migration 0010 refuse. */
const REFUSED = '42501';
const isRefused = (error: unknown): boolean => (error as { code?: string }).code === REFUSED;

/**
 * Objects whose time is over in every case that needs them, written down for removal. Never of open or held cases: asked here,
 * and again by the database itself. @returns how many were planned
 */
export async function planRemovals(db: Database, now: Date, limit: number): Promise<number> {
  const { rows } = await sql<Due>`
    with ${judgedObjects(STORED_POLICIES, now)}
    select key, sha256, bytes, jsonb_build_object('item', item, 'since', since, 'keepDays', keep_days) as policy
    from judged where over and not held order by key limit ${limit}
  `.execute(db);
  let planned = 0;
  for (const due of rows) if (await plan(db, { ...due, why: 'retention' }, now)) planned += 1;
  return planned;
}

/** @returns false when it is planned already, or must be kept after all */
export async function plan(db: Database, due: Due & { why: Removal['why'] }, now: Date): Promise<boolean> {
  try {
    const { numInsertedOrUpdatedRows } = await db
      .insertInto('object_removal')
      .values({
        object_key: due.key,
        sha256: due.sha256,
        bytes: due.bytes,
        why: due.why,
        policy: JSON.stringify(due.policy),
        planned_at: now,
      })
      .onConflict((conflict) =>
        conflict
          .column('object_key')
          .where('cancelled_at', 'is', null)
          .where('done_at', 'is', null)
          .doNothing(),
      )
      .executeTakeFirst();
    return numInsertedOrUpdatedRows === 1n;
  } catch (error) {
    // A hold that was placed, or a task that was opened again, meanwhile.
    if (isRefused(error)) return false;
    throw error;
  }
}

/**
 * Claims the next planned removal. `kept`: it may not be removed any more; unless it was gone already, it is cancelled.
 * @param leaseS a claim that is older is taken over
 */
export async function claimRemoval(
  db: Database,
  now: Date,
  leaseS: number,
): Promise<(Removal & { kept: boolean }) | undefined> {
  const next = await db
    .selectFrom('object_removal')
    .select(['id', 'object_key as key', 'why', 'started_at'])
    .where('done_at', 'is', null)
    .where('cancelled_at', 'is', null)
    .where((eb) =>
      eb.or([eb('started_at', 'is', null), eb('started_at', '<', new Date(now.getTime() - leaseS * 1000))]),
    )
    .orderBy('planned_at')
    .orderBy('id')
    .executeTakeFirst();
  if (next === undefined) return undefined;
  const { id, key, why } = next;
  try {
    const claimed = await db.transaction().execute(async (tx) => await claim(tx, next, now));
    // Another was quicker: the next call finds another one.
    if (claimed === 'taken') return await claimRemoval(db, now, leaseS);
    return { id, key, why, kept: claimed === 'kept' };
  } catch (error) {
    if (isRefused(error)) return { id, key, why, kept: true };
    throw error;
  }
}

async function claim(
  tx: Tx,
  next: Removal & { started_at: Date | null },
  now: Date,
): Promise<'claimed' | 'taken' | 'kept'> {
  // In the order in which holds lock: the cases first.
  await sql`select lock_object_cases(${next.key})`.execute(tx);
  if (next.why === 'orphan' && (await isReferenced(tx, next.key))) return 'kept';
  const result = await tx
    .updateTable('object_removal')
    .set({ started_at: now })
    .where('id', '=', next.id)
    .where('done_at', 'is', null)
    .where('cancelled_at', 'is', null)
    .where('started_at', next.started_at === null ? 'is' : '=', next.started_at)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n ? 'claimed' : 'taken';
}

async function isReferenced(tx: Tx, key: string): Promise<boolean> {
  const row = await tx
    .selectFrom('object_reference')
    .select('source')
    .where('object_key', '=', key)
    .executeTakeFirst();
  return row !== undefined;
}

/** The object is gone: enters the chain of every case that it was of. */
export async function finishRemoval(db: Database, id: string, now: Date): Promise<void> {
  await settle(db, id, { done_at: now });
}

export async function cancelRemoval(db: Database, id: string, now: Date): Promise<void> {
  await settle(db, id, { cancelled_at: now });
}

async function settle(
  db: Database,
  id: string,
  set: { done_at: Date } | { cancelled_at: Date },
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await sql`select lock_object_cases(object_key) from object_removal where id = ${id}`.execute(tx);
    await tx
      .updateTable('object_removal')
      .set(set)
      .where('id', '=', id)
      .where('done_at', 'is', null)
      .where('cancelled_at', 'is', null)
      .execute();
  });
}

/** An object of no case whose row was just marked as over. */
export interface OverObject {
  key: string;
  sha256: string;
  bytes: number | null;
}

/** Writes down objects for removal, by their item's policy; bytes that another row needs stay. In the transaction that marked the rows. */
export async function planOver(
  tx: Tx,
  objects: readonly OverObject[],
  policy: { item: RetentionItem; keepDays: number },
  now: Date,
): Promise<void> {
  for (const { key, sha256, bytes } of objects)
    await sql`
      insert into object_removal (object_key, sha256, bytes, why, policy, planned_at)
      select ${key}, ${sha256}, ${bytes}::bigint, 'retention', ${JSON.stringify({ ...policy, since: 'written' })}::jsonb, ${now}
      where not exists (select from object_reference where object_key = ${key})
      on conflict (object_key) where cancelled_at is null and done_at is null do nothing
    `.execute(tx);
}
