import { createHash } from 'node:crypto';
import {
  dueTimes,
  movedByPause,
  overdueStep,
  recheckUntil,
  resumeClock,
  stoodMs,
} from '../domain/task-clock.ts';
import { MOST_COUNTED_RETURNS, nextState, type Refusal, type TaskCommand } from '../domain/task-life.ts';
import { escalationDue, nextEscalation, waitsUntil } from '../domain/task-steps.ts';
import type { TaskState } from '../domain/words.ts';
import type { Database, Tx } from './database.ts';
import { addAnswer, type NewAnswer } from './task-answers.ts';
import { draftDocument, roleToTell, tellEscalation } from './task-escalation.ts';
import { tellTask } from './task-news.ts';
import {
  clockOf,
  factsOf,
  lockTask,
  policyOf,
  stepColumns,
  stepFactsOf,
  type TaskRecord,
} from './task-record.ts';

/** One thing that somebody asks of a task. */
export interface TaskOrder {
  taskId: string;
  command: TaskCommand;
  /** null: the system itself. */
  actorId: string | null;
  /** The version that the asker saw; undefined: whatever it is now (the system). */
  version?: number;
  /** Idempotency key; undefined: none (the system, which goes by state). */
  key?: string;
  reason?: string;
  note?: string;
  /** What the merchant says, with `submit` and `appeal`. */
  answer?: NewAnswer;
  /** A person was there (到场核查). */
  visited?: boolean;
  /** The visit is a record with photographs (field-visits.ts). */
  recorded?: boolean;
}

export type TaskOrderResult =
  | { done: true; state: TaskState; version: number; repeated: boolean }
  | {
      done: false;
      why: Refusal | 'not_found' | 'changed' | 'key_reused' | 'unknown_photo';
      state?: TaskState;
      version?: number;
    };

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
  >
>;

/**
 * Does what is asked in one transaction: the task, its history row, answer, event and alerts. A key that was used before is
 * answered as then. Guarded by version: two who saw the same task cannot both change it.
 */
export async function runTaskOrder(db: Database, order: TaskOrder, now: Date): Promise<TaskOrderResult> {
  return await db.transaction().execute((tx) => runTaskOrderIn(tx, order, now));
}

/** The same within a transaction. */
export async function runTaskOrderIn(tx: Tx, order: TaskOrder, now: Date): Promise<TaskOrderResult> {
  const task = await lockTask(tx, order.taskId);
  if (task === undefined) return { done: false, why: 'not_found' };
  const before = await answeredBefore(tx, order);
  if (before !== undefined) return before;
  const here = { state: task.state, version: task.version };
  if (order.version !== undefined && order.version !== task.version)
    return { done: false, why: 'changed', ...here };
  const next = nextState(factsOf(task), order.command, {
    visited: order.visited ?? false,
    recorded: order.recorded ?? false,
    inPeriod: task.recheck_until !== null && now <= task.recheck_until,
  });
  if ('refused' in next) return { done: false, why: next.refused, ...here };
  const answer =
    order.answer === undefined || order.actorId === null
      ? null
      : await addAnswer(tx, { taskId: task.id, accountId: order.actorId, ...order.answer }, now);
  if (answer === 'unknown_photo') return { done: false, why: 'unknown_photo', ...here };
  await changeTask(tx, task, next.to, order, answer?.contentHash ?? null, now);
  const result = { state: next.to, version: task.version + 1 };
  await keep(tx, order, result, now);
  return { done: true, ...result, repeated: false };
}

/** Writes the change and everything that follows from it. The task must be locked and the step allowed. */
export async function changeTask(
  tx: Tx,
  task: TaskRecord,
  to: TaskState,
  order: Pick<TaskOrder, 'command' | 'actorId' | 'reason' | 'note' | 'visited'> & {
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
  const reason = order.reason ?? (order.visited === true ? 'field_visit' : '');
  const note = order.note ?? '';
  await tx
    .insertInto('history')
    .values({
      entity: 'task',
      entity_id: task.id,
      from_state: task.state,
      to_state: to,
      actor_id: order.actorId,
      command: order.command,
      content_hash: contentHash,
      reason,
      note,
      at: now,
    })
    .execute();
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
    case 'recur':
      return {};
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

const fingerprintOf = ({ command, actorId, version, reason, note, answer, visited }: TaskOrder): string =>
  createHash('sha256')
    .update(JSON.stringify([command, actorId, version, reason, note, answer, visited]))
    .digest('hex');

async function answeredBefore(tx: Tx, order: TaskOrder): Promise<TaskOrderResult | undefined> {
  if (order.key === undefined) return undefined;
  const known = await tx
    .selectFrom('command_key')
    .select(['fingerprint', 'result'])
    .where('task_id', '=', order.taskId)
    .where('key', '=', order.key)
    .executeTakeFirst();
  if (known === undefined) return undefined;
  if (known.fingerprint !== fingerprintOf(order)) return { done: false, why: 'key_reused', ...known.result };
  return { done: true, ...known.result, repeated: true };
}

async function keep(
  tx: Tx,
  order: TaskOrder,
  result: { state: TaskState; version: number },
  now: Date,
): Promise<void> {
  if (order.key === undefined) return;
  await tx
    .insertInto('command_key')
    .values({
      task_id: order.taskId,
      key: order.key,
      fingerprint: fingerprintOf(order),
      result: JSON.stringify(result),
      at: now,
    })
    .execute();
}
