import type { TaskStep } from '../domain/task-clock.ts';
import type { TaskReason } from '../domain/task-history.ts';
import { escalationDue, type NextStep } from '../domain/task-steps.ts';
import type { Database, Tx } from './database.ts';
import { changeTask } from './task-change.ts';
import { beginRecheck, settleRecheck } from './task-recheck.ts';
import { lockTask, policyOf, stepColumns, stepFactsOf, type TaskRecord } from './task-record.ts';
import { tellReviewOverdue } from './task-reviews.ts';

export interface TakenStep {
  id: string;
  number: string;
  step: NextStep;
  /** Of an escalation: what was late, and the place in the chain. */
  late: TaskStep | null;
  level: number | null;
}

/**
 * Does what a task waits for, when it is due, with history, event and alerts in one transaction. The row's lock is the lease; a
 * worker that dies gives it back. Running it twice does it once: what was done moved next_step on.
 * @returns undefined when nothing is due (any more)
 */
export async function takeStep(db: Database, taskId: string, now: Date): Promise<TakenStep | undefined> {
  return await db.transaction().execute((tx) => takeStepIn(tx, taskId, now));
}

/** The same as part of a larger transaction. */
export async function takeStepIn(tx: Tx, taskId: string, now: Date): Promise<TakenStep | undefined> {
  const task = await lockTask(tx, taskId);
  if (task?.next_step == null || task.next_step_at === null || task.next_step_at > now) return undefined;
  const taken = { id: task.id, number: task.number, step: task.next_step, late: null, level: null };
  switch (task.next_step) {
    case 'acknowledge':
    case 'submit':
    case 'escalate':
      return await escalate(tx, task, task.next_step, now);
    case 'field_visit':
    case 'decide_appeal':
    case 'review':
    case 'sample':
      await tellReviewOverdue(tx, task, now);
      return taken;
    case 'begin_recheck':
      await beginRecheck(tx, task, now);
      return taken;
    case 'recheck':
      await settleRecheck(tx, task, now);
      return taken;
  }
}

async function escalate(tx: Tx, task: TaskRecord, step: NextStep, now: Date): Promise<TakenStep | undefined> {
  const due = escalationDue(stepFactsOf(task), policyOf(task), now);
  if (due === null) {
    await tx.updateTable('task').set(stepColumns(task)).where('id', '=', task.id).execute();
    return undefined;
  }
  const reason: TaskReason = `overdue_${due.late}`;
  const order = { command: 'escalate', actorId: null, reason } as const;
  await changeTask(tx, task, 'escalated', order, null, now);
  return { id: task.id, number: task.number, step, late: due.late, level: due.level };
}

/** Tasks whose step is due, the longest waiting first. */
export async function dueTasks(db: Database, now: Date, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('task')
    .select('id')
    .where('next_step_at', '<=', now)
    .orderBy('next_step_at')
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}

/** A step for which a delayed job must be made. */
export interface StepToSchedule {
  taskId: string;
  at: Date;
}

export async function unscheduledSteps(db: Database, limit: number): Promise<StepToSchedule[]> {
  const rows = await db
    .selectFrom('task')
    .select(['id as taskId', 'next_step_at as at'])
    .where('next_step_at', 'is not', null)
    .where((eb) => eb('step_scheduled_at', 'is distinct from', eb.ref('next_step_at')))
    .orderBy('next_step_at')
    .limit(limit)
    .execute();
  return rows.flatMap(({ taskId, at }) => (at === null ? [] : [{ taskId, at }]));
}

/** The jobs are made. A step that moved on meanwhile stays unscheduled. */
export async function markScheduled(db: Database, steps: readonly StepToSchedule[]): Promise<void> {
  for (const { taskId, at } of steps) {
    await db
      .updateTable('task')
      .set({ step_scheduled_at: at })
      .where('id', '=', taskId)
      .where('next_step_at', '=', at)
      .execute();
  }
}
