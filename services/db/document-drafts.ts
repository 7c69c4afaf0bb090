/** 文书草稿: what became of the documents that steps of the chain drafted. */
import type { Database, Tx } from './database.ts';
import { keepHistory } from './document-history.ts';
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
    await keepHistory(tx, task, 'discard_draft', row.type, command.reason, command.actorId, now);
    return true;
  });
}
