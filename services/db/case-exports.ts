import { noteInHistory } from './cases.ts';
import type { Database } from './database.ts';

/** Writes down that a case is being exported, by whom and why: in its history, before a byte leaves. @returns id of the export */
export async function beginExport(
  db: Database,
  wanted: { caseId: string; actorId: string | null; purpose: string },
  now: Date,
): Promise<string> {
  return await db.transaction().execute(async (tx) => {
    const { caseId, actorId, purpose } = wanted;
    const noted = await noteInHistory(tx, { caseId, actorId, command: 'export', reason: purpose }, now);
    if (!noted) throw new Error(`no case ${caseId}`);
    const { id } = await tx
      .insertInto('case_export')
      .values({ case_id: caseId, purpose, account_id: actorId, at: now })
      .returning('id')
      .executeTakeFirstOrThrow();
    return id;
  });
}

/** The file was whole: what was signed stays known. */
export async function finishExport(
  db: Database,
  id: string,
  signed: { manifestSha256: string; keyId: string },
  now: Date,
): Promise<void> {
  await db
    .updateTable('case_export')
    .set({ manifest_sha256: signed.manifestSha256, key_id: signed.keyId, finished_at: now })
    .where('id', '=', id)
    .execute();
}

/** Keeps the public half of the signing key for ever; keys before it count as retired, what they signed stays valid. */
export async function registerKey(
  db: Database,
  key: { id: string; publicKey: string },
  now: Date,
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const added = await tx
      .insertInto('evidence_key')
      .values({ id: key.id, public_key: key.publicKey, created_at: now, retired_at: null })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .executeTakeFirst();
    if (added.numInsertedOrUpdatedRows === 0n) return;
    await tx
      .updateTable('evidence_key')
      .set({ retired_at: now })
      .where('id', '<>', key.id)
      .where('retired_at', 'is', null)
      .execute();
  });
}

/** Public keys, newest first. */
export async function loadKeys(db: Database) {
  return await db
    .selectFrom('evidence_key')
    .selectAll()
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .execute();
}

/** Exports of a case, newest first. */
export async function loadExports(db: Database, caseId: string) {
  return await db
    .selectFrom('case_export')
    .leftJoin('account', 'account.id', 'case_export.account_id')
    .selectAll('case_export')
    .select('account.username')
    .where('case_id', '=', caseId)
    .orderBy('at', 'desc')
    .orderBy('case_export.id')
    .execute();
}
