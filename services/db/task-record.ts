import type { Selectable } from 'kysely';
import type { TaskClock } from '../domain/task-clock.ts';
import type { TaskFacts } from '../domain/task-life.ts';
import type { Tx } from './database.ts';
import type { TaskTable } from './schema.ts';

/** A task as commands need it: its row, and the path of its region. */
export type TaskRecord = Selectable<TaskTable> & { region_path: string };

/** The row with its region, locked until the transaction ends. */
export async function lockTask(tx: Tx, taskId: string): Promise<TaskRecord | undefined> {
  return await tx
    .selectFrom('task')
    .innerJoin('region', 'region.id', 'task.region_id')
    .selectAll('task')
    .select('region.path as region_path')
    .where('task.id', '=', taskId)
    .forUpdate('task')
    .executeTakeFirst();
}

export function factsOf(
  task: Pick<
    Selectable<TaskTable>,
    'state' | 'acknowledged_at' | 'returns' | 'appeals' | 'interrupted_state'
  >,
): TaskFacts {
  return {
    state: task.state,
    acknowledged: task.acknowledged_at !== null,
    returns: task.returns,
    appeals: task.appeals,
    interrupted: task.interrupted_state,
  };
}

export function clockOf(
  task: Pick<
    Selectable<TaskTable>,
    'state' | 'acknowledge_due' | 'submit_due' | 'acknowledged_at' | 'paused_at' | 'paused_ms'
  >,
): TaskClock {
  return {
    state: task.state,
    acknowledgeDue: task.acknowledge_due,
    submitDue: task.submit_due,
    acknowledgedAt: task.acknowledged_at,
    pausedAt: task.paused_at,
    pausedMs: task.paused_ms,
  };
}
