import type { Selectable } from 'kysely';
import { completed, type FrozenPolicy, STARTING_POLICY } from '../domain/policy.ts';
import type { TaskClock } from '../domain/task-clock.ts';
import type { TaskFacts } from '../domain/task-life.ts';
import { type DueStep, nextStep, type StepFacts, timeOf } from '../domain/task-steps.ts';
import type { Tx } from './database.ts';
import type { TaskTable } from './schema-tasks.ts';

type TaskRow = Selectable<TaskTable>;

/** A task as commands need it: its row, the path of its region, and the policy that was frozen onto it. */
export type TaskRecord = TaskRow & { region_path: string; time_zone: string; frozen: FrozenPolicy | null };

/** The row with its region, locked until the transaction ends. */
export async function lockTask(tx: Tx, taskId: string): Promise<TaskRecord | undefined> {
  return await tx
    .selectFrom('task')
    .innerJoin('region', 'region.id', 'task.region_id')
    .leftJoin('frozen_policy', 'frozen_policy.sha256', 'task.policy_sha256')
    .selectAll('task')
    .select(['region.path as region_path', 'region.time_zone', 'frozen_policy.policy as frozen'])
    .where('task.id', '=', taskId)
    .forUpdate('task')
    .executeTakeFirst();
}

/** The policy of a task; one that was issued before policies were frozen has its own limits and the starting values. */
export function policyOf(
  task: Pick<TaskRow, 'class' | 'limits'> & { frozen: FrozenPolicy | null },
): FrozenPolicy {
  if (task.frozen !== null) return completed(task.frozen);
  const limits = { ...STARTING_POLICY.limits[task.class], ...task.limits };
  return {
    policy: { ...STARTING_POLICY, limits: { ...STARTING_POLICY.limits, [task.class]: limits } },
    sources: [],
    calendar: { timeZone: 'UTC', weekend: [], workingHours: null, days: {}, terms: null },
  };
}

export function factsOf(
  task: Pick<
    TaskRow,
    'state' | 'acknowledged_at' | 'returns' | 'appeals' | 'interrupted_state' | 'class' | 'limits'
  > & { frozen: FrozenPolicy | null },
): TaskFacts {
  return {
    state: task.state,
    acknowledged: task.acknowledged_at !== null,
    returns: task.returns,
    appeals: task.appeals,
    interrupted: task.interrupted_state,
    mostReturns: policyOf(task).policy.answers.returnsBeforeVisit,
  };
}

export function clockOf(
  task: Pick<
    TaskRow,
    | 'state'
    | 'class'
    | 'limits'
    | 'acknowledge_due'
    | 'submit_due'
    | 'acknowledged_at'
    | 'paused_at'
    | 'paused_ms'
  > & { frozen: FrozenPolicy | null },
): TaskClock {
  return {
    state: task.state,
    acknowledgeDue: task.acknowledge_due,
    submitDue: task.submit_due,
    acknowledgedAt: task.acknowledged_at,
    pausedAt: task.paused_at,
    pausedMs: task.paused_ms,
    time: timeOf(policyOf(task), task.class),
  };
}

export function stepFactsOf(task: Omit<TaskRow, 'region_id'>): StepFacts {
  return {
    state: task.state,
    class: task.class,
    acknowledgeDue: task.acknowledge_due,
    submitDue: task.submit_due,
    acknowledgedAt: task.acknowledged_at,
    submittedAt: task.submitted_at,
    closedAt: task.closed_at,
    pausedAt: task.paused_at,
    pausedMs: task.paused_ms,
    returns: task.returns,
    recheckUntil: task.recheck_until,
    acknowledgeLevel: task.acknowledge_level,
    submitLevel: task.submit_level,
    escalatedAt: task.escalated_at,
    visitToldAt: task.visit_told_at,
    reviewToldAt: task.review_reminded_at,
    byPeople: task.by_people,
    sampled: task.sampled,
  };
}

/** The columns of the next step, for the row as it is after a change. */
export function stepColumns(task: TaskRecord): {
  next_step: DueStep['step'] | null;
  next_step_at: Date | null;
} {
  const next = nextStep(stepFactsOf(task), policyOf(task));
  return { next_step: next?.step ?? null, next_step_at: next?.at ?? null };
}
