import type { EventType } from '../domain/event-types.ts';
import type { ObservedReason, TASK_NOTES, TaskReason } from '../domain/task-history.ts';
import type { Tx } from './database.ts';
import { appendEvent } from './events.ts';
import type { LifeColumns } from './task-change.ts';
import { keepTaskHistory } from './task-history.ts';
import { stepColumns, type TaskRecord } from './task-record.ts';

/** Something that happened to a task without changing its state. */
export interface TaskNote {
  command: (typeof TASK_NOTES)[number];
  reason: TaskReason | ObservedReason;
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
  const { command, reason, note: text = '' } = note;
  await keepTaskHistory(tx, { task, command, actorId: null, reason, note: text }, now);
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
