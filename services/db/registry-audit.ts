/** Writes to the registry that leave an audit row: the row before and after, and who did it. */
import { differs, recordChange, snapshots } from './audit.ts';
import type { Database, Tx } from './database.ts';
import { placeOf } from './place-of.ts';

/** Tables whose rows have an `id`; their changes are audited under the table's name. */
export type RegistryTable =
  | 'region'
  | 'merchant'
  | 'zone'
  | 'gateway'
  | 'camera'
  | 'rule'
  | 'policy'
  | 'calendar'
  | 'webhook'
  | 'account'
  | 'rule_proposal'
  | 'cadre_merchant'
  | 'cadre_visit'
  | 'finding_kind'
  | 'document_type'
  | 'document_template';

export interface Author {
  /** null: the system itself. */
  actorId: string | null;
  at: Date;
  reason?: string;
  note?: string;
}

/** Adds a row. @param write inserts it and gives its id @returns what `write` gave */
export async function auditedAdd<T extends { id: string }>(
  db: Database,
  table: RegistryTable,
  author: Author,
  write: (tx: Tx) => Promise<T>,
): Promise<T> {
  return await db.transaction().execute((tx) => auditedAddIn(tx, table, author, write));
}

/** The same within a transaction. */
export async function auditedAddIn<T extends { id: string }>(
  tx: Tx,
  table: RegistryTable,
  author: Author,
  write: (tx: Tx) => Promise<T>,
): Promise<T> {
  const added = await write(tx);
  const after = (await snapshots(tx, table, [added.id])).get(added.id);
  if (after !== undefined) await record(tx, table, added.id, author, null, after);
  return added;
}

/** Changes or removes a row. A write that changes nothing leaves no audit row. @returns what `write` gave */
export async function auditedChange<T>(
  db: Database,
  table: RegistryTable,
  id: string,
  author: Author,
  write: (tx: Tx) => Promise<T>,
): Promise<T> {
  return await db.transaction().execute((tx) => auditedChangeIn(tx, table, id, author, write));
}

/** The same within a transaction. */
export async function auditedChangeIn<T>(
  tx: Tx,
  table: RegistryTable,
  id: string,
  author: Author,
  write: (tx: Tx) => Promise<T>,
): Promise<T> {
  // Locked: what another writes between the two readings would count as ours.
  const before = (await snapshots(tx, table, [id], { lock: true })).get(id) ?? null;
  const written = await write(tx);
  const after = (await snapshots(tx, table, [id])).get(id) ?? null;
  if (differs(before, after)) await record(tx, table, id, author, before, after);
  return written;
}

/** Adds or changes a row that is named by its code. @param write gives the row's id */
export async function writeByCode<T extends { id: string }>(
  db: Database,
  table: 'finding_kind' | 'document_type',
  code: string,
  author: Author,
  write: (tx: Tx) => Promise<T>,
): Promise<T> {
  return await db.transaction().execute(async (tx) => {
    const there = await tx.selectFrom(table).select('id').where('code', '=', code).executeTakeFirst();
    return there === undefined
      ? await auditedAddIn(tx, table, author, write)
      : await auditedChangeIn(tx, table, there.id, author, write);
  });
}

type Fields = Record<string, unknown>;

async function record(
  tx: Tx,
  table: RegistryTable,
  id: string,
  author: Author,
  before: Fields | null,
  after: Fields | null,
): Promise<void> {
  await recordChange(tx, {
    entity: table,
    entityId: id,
    to: actOf(before, after),
    ...author,
    place: await placeOf(tx, table, after ?? before ?? {}),
    detail: [{ entity: table, entityId: id, before, after }],
  });
}

/** What was done, in a word. A camera that is removed stays as a row. */
function actOf(before: Fields | null, after: Fields | null): string {
  if (before === null) return 'created';
  if (after === null) return 'removed';
  const gone = (fields: Fields): boolean => (fields.removed_at ?? null) !== null;
  if (!gone(before) && gone(after)) return 'removed';
  if (gone(before) && !gone(after)) return 'restored';
  // A camera whose pictures come from elsewhere now.
  const waits = before.awaits_approval === false && after.awaits_approval === true;
  return waits ? 'approval_asked' : 'changed';
}
