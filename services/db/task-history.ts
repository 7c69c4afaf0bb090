import type { TaskHistoryCommand } from '../domain/task-history.ts';
import type { Tx } from './database.ts';

/** What happened with a task. */
export interface TaskHistoryRow {
  task: { id: string; state: string };
  /** Absent: its state stays. */
  to?: string;
  command: TaskHistoryCommand;
  /** null: the system itself. */
  actorId: string | null;
  reason?: string;
  note?: string;
  /** Of the answer that came with it. */
  contentHash?: string | null;
}

/** Writes a row of a task's history. The task must be locked; `state` is the one before. */
export async function keepTaskHistory(tx: Tx, row: TaskHistoryRow, now: Date): Promise<void> {
  const { task, to = task.state, command, actorId, reason = '', note = '', contentHash = null } = row;
  await tx
    .insertInto('history')
    .values({
      entity: 'task',
      entity_id: task.id,
      from_state: task.state,
      to_state: to,
      actor_id: actorId,
      command,
      content_hash: contentHash,
      reason,
      note,
      at: now,
    })
    .execute();
}
