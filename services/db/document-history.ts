import type { Tx } from './database.ts';

/** What happened with a document, in the history of its task. */
export async function keepHistory(
  tx: Tx,
  task: { id: string; state: string },
  command: string,
  reason: string,
  note: string,
  actorId: string,
  now: Date,
): Promise<void> {
  await tx
    .insertInto('history')
    .values({
      entity: 'task',
      entity_id: task.id,
      from_state: task.state,
      to_state: task.state,
      actor_id: actorId,
      command,
      reason,
      note,
      at: now,
    })
    .execute();
}
