import type { EventType } from '../domain/event-types.ts';
import type { Tx } from './database.ts';
import { appendEvent } from './events.ts';
import type { LifeColumns } from './task-change.ts';
import { stepColumns, type TaskRecord } from './task-record.ts';

/** Something that happened to a task without changing its state. */
export interface TaskNote {
  command: 'visit_due' | 'review_overdue' | 'prolong_recheck' | 'hand_over_recheck' | 'sample';
  reason: string;
  note?: string;
  columns: LifeColumns;
  /** Undefined: history alone. */
  event?: EventType;
  more?: Record<string, unknown>;
}

/** Writes it with history, event and the next step. The task must be locked. Its version stays: nobody's view of it is wrong. */
export async function noteTask(tx: Tx, task: TaskRecord, note: TaskNote, now: Date): Promise<void> {
  await tx
    .updateTable('task')
    .set({ ...note.columns, ...stepColumns({ ...task, ...note.columns }) })
    .where('id', '=', task.id)
    .execute();
  await tx
    .insertInto('history')
    .values({
      entity: 'task',
      entity_id: task.id,
      from_state: task.state,
      to_state: task.state,
      actor_id: null,
      command: note.command,
      reason: note.reason,
      note: note.note ?? '',
      at: now,
    })
    .execute();
  if (note.event === undefined) return;
  await appendEvent(tx, {
    type: note.event,
    regionPath: task.region_path,
    merchantId: task.merchant_id,
    payload: {
      taskId: task.id,
      number: task.number,
      findingId: task.finding_id,
      kind: task.kind,
      class: task.class,
      state: task.state,
      reason: note.reason,
      ...note.more,
    },
  });
}
