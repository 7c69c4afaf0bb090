/** 文书草稿: what became of the documents that steps of the chain drafted. */
import type { Database, Tx } from './database.ts';
import { keepTaskHistory } from './task-history.ts';
import { lockTask } from './task-record.ts';

/** A document of that type was issued for the task: drafts of it are done with. Inside the transaction that issues it. */
export async function settleDrafts(
  tx: Tx,
  issued: { documentId: string; taskId: string; type: string; actorId: string },
  now: Date,
): Promise<void> {
  await tx
    .updateTable('document_draft')
    .set({ state: 'issued', document_id: issued.documentId, decided_by: issued.actorId, decided_at: now })
    .where('task_id', '=', issued.taskId)
    .where('type', '=', issued.type)
    .where('state', '=', 'waiting')
    .execute();
}

/** By somebody who was there. @returns its id; null: no such type, or it is switched off */
export async function addDraft(
  tx: Tx,
  draft: { taskId: string; type: string; reason: string; recipient: string; actorId: string },
  now: Date,
): Promise<string | null> {
  const task = await lockTask(tx, draft.taskId);
  const type = await tx
    .selectFrom('document_type')
    .select('code')
    .where('code', '=', draft.type)
    .where('enabled', '=', true)
    .executeTakeFirst();
  if (task === undefined || type === undefined) return null;
  const { id } = await tx
    .insertInto('document_draft')
    .values({
      task_id: task.id,
      round: task.reopens,
      late: null,
      level: null,
      type: draft.type,
      reason: draft.reason,
      recipient: draft.recipient,
      drafted_by: draft.actorId,
      document_id: null,
      decided_by: null,
      decided_at: null,
      created_at: now,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  const { actorId, type: reason } = draft;
  await keepTaskHistory(tx, { task, command: 'draft_document', actorId, reason }, now);
  return id;
}

/** A head lets it be, with a reason that stays in the task's history. @returns false when it does not wait any more */
export async function discardDraft(
  db: Database,
  command: { draftId: string; actorId: string; reason: string },
  now: Date,
): Promise<boolean> {
  return await db.transaction().execute(async (tx) => {
    const row = await tx
      .updateTable('document_draft')
      .set({ state: 'discarded', decided_by: command.actorId, decided_at: now, note: command.reason })
      .where('id', '=', command.draftId)
      .where('state', '=', 'waiting')
      .returning(['task_id', 'type'])
      .executeTakeFirst();
    const task = row === undefined ? undefined : await lockTask(tx, row.task_id);
    if (row === undefined || task === undefined) return false;
    const { actorId, reason: note } = command;
    await keepTaskHistory(tx, { task, command: 'discard_draft', actorId, reason: row.type, note }, now);
    return true;
  });
}
