/** One change of a task: its row, its history, and everything that follows from it. */
import {
  dueTimes,
  movedByPause,
  overdueStep,
  recheckUntil,
  resumeClock,
  stoodMs,
} from '../domain/task-clock.ts';
import type { TaskReason } from '../domain/task-history.ts';
import { MOST_COUNTED_RETURNS, type TaskCommand } from '../domain/task-life.ts';
import { escalationDue, nextEscalation, waitsUntil } from '../domain/task-steps.ts';
import type { TaskState } from '../domain/words.ts';
import type { Tx } from './database.ts';
import { draftDocument, roleToTell, tellEscalation } from './task-escalation.ts';
import { keepTaskHistory } from './task-history.ts';
import { tellTask } from './task-news.ts';
import { clockOf, policyOf, stepColumns, stepFactsOf, type TaskRecord } from './task-record.ts';

export type LifeColumns = Partial<
  Pick<
    TaskRecord,
    | 'acknowledged_at'
    | 'submitted_at'
    | 'closed_at'
    | 'recheck_until'
    | 'paused_at'
    | 'paused_ms'
    | 'returns'
    | 'appeals'
    | 'interrupted_state'
    | 'escalations'
    | 'acknowledge_escalated_at'
    | 'submit_escalated_at'
    | 'acknowledge_by'
    | 'submit_by'
    | 'acknowledge_level'
    | 'submit_level'
    | 'escalated_at'
    | 'visit_told_at'
    | 'by_people'
    | 'sampled'
    | 'sample_no'
    | 'sample_seed'
    | 'observed_min'
    | 'prolongations'
    | 'reopens'
    | 'review_due'
    | 'review_reminded_at'
    | 'recurred_as'
  >
>;

/** Writes the change and everything that follows from it. The task must be locked and the step allowed. */
export async function changeTask(
  tx: Tx,
  task: TaskRecord,
  to: TaskState,
  order: {
    command: TaskCommand;
    /** null: the system itself. */
    actorId: string | null;
    reason?: string;
    note?: string;
    /** A person was there (到场核查). */
    visited?: boolean;
    /** What the change leaves on the task beside what every such command does. */
    columns?: LifeColumns;
    /** Further members of the event. */
    more?: Record<string, unknown>;
  },
  contentHash: string | null,
  now: Date,
): Promise<void> {
  const taken = order.command === 'escalate' ? chainStep(task, now) : null;
  const columns = { ...columnsFor(task, order.command, now), ...taken?.columns, ...order.columns };
  const step = stepColumns({ ...task, ...columns, state: to });
  await tx
    .updateTable('task')
    .set({ ...columns, ...step, state: to, version: task.version + 1 })
    .where('id', '=', task.id)
    .execute();
  if (taken !== null) {
    const { late, level, told, document } = taken;
    const row = {
      task_id: task.id,
      round: task.reopens,
      late,
      level,
      told,
      document,
      actor_id: order.actorId,
      at: now,
    };
    await tx.insertInto('task_escalation').values(row).execute();
  }
  // The recheck is over: its camera is looked at as usual again.
  if (task.state === 'recheck_due')
    await tx.deleteFrom('camera_boost').where('task_id', '=', task.id).execute();
  const visited: TaskReason | '' = order.visited === true ? 'field_visit' : '';
  const reason = order.reason ?? visited;
  const note = order.note ?? '';
  const { command, actorId } = order;
  await keepTaskHistory(tx, { task, to, command, actorId, reason, note, contentHash }, now);
  const role = taken === null ? null : await roleToTell(tx, task, taken.told);
  const draftId =
    taken === null ? null : await draftDocument(tx, { ...task, ...columns, state: to }, taken, now);
  const escalation =
    taken === null
      ? {}
      : {
          late: taken.late,
          level: taken.level,
          told: taken.told,
          toldRole: role,
          document: taken.document,
          draftId,
        };
  const more = {
    ...(order.command === 'escalate' && { escalation, tellCadre: taken?.level === 0 }),
    ...order.more,
  };
  const told = { to, command: order.command, reason, note, more, byChain: taken !== null };
  await tellTask(tx, { ...task, ...columns }, told, now);
  if (taken !== null && role !== null) await tellEscalation(tx, task, taken, role, now);
}

/** The step of the chain that an escalation takes: the one that is due, or the next one when a person is quicker. */
function chainStep(task: TaskRecord, now: Date) {
  const [facts, frozen, clock] = [stepFactsOf(task), policyOf(task), clockOf(task)];
  const quicker = overdueStep(clock, now) === null ? null : nextEscalation(facts, frozen);
  const next = escalationDue(facts, frozen, now) ?? quicker;
  // Nothing is late, or the chain is at its end: told all the same, but no step of the chain.
  if (next === null || (next.late === 'submit' && dueTimes(clock, now).submit > now)) return null;
  const step = frozen.policy.escalation[task.class][next.level];
  if (step === undefined) return null;
  const columns: LifeColumns =
    next.late === 'submit'
      ? { submit_level: next.level + 1, submit_escalated_at: task.submit_escalated_at ?? now }
      : { acknowledge_level: next.level + 1 };
  return {
    late: next.late,
    level: next.level,
    told: step.to,
    document: step.document,
    columns: {
      ...columns,
      escalated_at: now,
      acknowledge_escalated_at: task.acknowledge_escalated_at ?? now,
    },
  };
}

/** What a command leaves on the task beside its state. */
function columnsFor(task: TaskRecord, command: TaskCommand, now: Date): LifeColumns {
  switch (command) {
    case 'acknowledge':
      return { acknowledged_at: now };
    case 'submit':
      return { submitted_at: now, visit_told_at: null, ...waiting(task, 'submitted', now) };
    case 'appeal':
      return { appeals: task.appeals + 1, interrupted_state: task.state, ...waiting(task, 'appealed', now) };
    case 'uphold_appeal':
    case 'reject_appeal':
      return { interrupted_state: null, ...lookedAt(task, now) };
    case 'return':
      return { returns: Math.min(task.returns + 1, MOST_COUNTED_RETURNS), ...lookedAt(task, now) };
    case 'close':
      return {
        closed_at: now,
        recheck_until: recheckUntil(now, task.limits.recheckMin),
        ...lookedAt(task, now),
      };
    case 'reopen':
      return anew(task, now);
    case 'escalate':
      return { escalations: task.escalations + 1 };
    case 'transfer':
    case 'withdraw':
      return lookedAt(task, now);
    case 'begin_recheck':
    case 'pass_recheck':
    case 'resume_recheck':
      return {};
    case 'recur':
      // What it recurs as is said after it: it may have recurred before, and been taken back.
      return { recurred_as: null };
  }
}

/** An answer or appeal waits: the merchant's clock stands, the inspector's runs. */
function waiting(task: TaskRecord, state: 'submitted' | 'appealed', now: Date): LifeColumns {
  const facts = { ...stepFactsOf(task), state, pausedAt: now };
  return { paused_at: now, review_due: waitsUntil(facts, policyOf(task)), review_reminded_at: null };
}

/** Nothing waits for the inspector any more. */
function lookedAt(task: TaskRecord, now: Date): LifeColumns {
  const clock = { ...clockOf(task), ...resumeClock(clockOf(task), now) };
  const due = dueTimes(clock, now);
  return {
    paused_at: null,
    paused_ms: clock.pausedMs,
    acknowledge_by: due.acknowledge,
    submit_by: due.submit,
    escalated_at: task.escalated_at && movedByPause(task.escalated_at, clockOf(task), now),
    review_due: null,
    review_reminded_at: null,
  };
}

/**
 * Reopened: under the policy that it was issued with, as if its clock had stood from issue until now. The due times of the issue
 * stay as they were frozen (the case's chain covers them). Appeals stay counted: one a task.
 */
function anew(task: TaskRecord, now: Date): LifeColumns {
  const pausedMs = stoodMs({ ...clockOf(task), pausedAt: task.issued_at, pausedMs: 0 }, now);
  const due = dueTimes({ ...clockOf(task), pausedAt: null, pausedMs }, now);
  return {
    acknowledge_by: due.acknowledge,
    submit_by: due.submit,
    paused_ms: pausedMs,
    acknowledged_at: null,
    submitted_at: null,
    closed_at: null,
    recheck_until: null,
    returns: 0,
    acknowledge_escalated_at: null,
    submit_escalated_at: null,
    acknowledge_level: 0,
    submit_level: 0,
    escalated_at: null,
    visit_told_at: null,
    by_people: false,
    sampled: null,
    sample_no: null,
    sample_seed: null,
    observed_min: null,
    prolongations: 0,
    reopens: task.reopens + 1,
  };
}
