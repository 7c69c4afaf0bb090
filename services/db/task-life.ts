import { createHash } from 'node:crypto';
import { overdueStep, recheckUntil, resumeClock } from '../domain/task-clock.ts';
import { nextState, type Refusal, type TaskCommand } from '../domain/task-life.ts';
import type { TaskState } from '../domain/words.ts';
import type { Database, Tx } from './database.ts';
import { addAnswer, type NewAnswer } from './task-answers.ts';
import { tellTask } from './task-news.ts';
import { clockOf, factsOf, lockTask, type TaskRecord } from './task-record.ts';

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
}

export type TaskOrderResult =
  | { done: true; state: TaskState; version: number; repeated: boolean }
  | {
      done: false;
      why: Refusal | 'not_found' | 'changed' | 'key_reused' | 'unknown_photo';
      state?: TaskState;
      version?: number;
    };

type LifeColumns = Partial<
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
  >
>;

/**
 * Does what is asked in one transaction: the task, its history row, answer, event and alerts. A key that was used before is
 * answered as then. Guarded by version: two who saw the same task cannot both change it.
 */
export async function runTaskOrder(db: Database, order: TaskOrder, now: Date): Promise<TaskOrderResult> {
  return await db.transaction().execute(async (tx) => {
    const task = await lockTask(tx, order.taskId);
    if (task === undefined) return { done: false, why: 'not_found' };
    const before = await answeredBefore(tx, order);
    if (before !== undefined) return before;
    const here = { state: task.state, version: task.version };
    if (order.version !== undefined && order.version !== task.version)
      return { done: false, why: 'changed', ...here };
    const next = nextState(factsOf(task), order.command, { visited: order.visited ?? false });
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
  });
}

/** Writes the change and everything that follows from it. The task must be locked and the step allowed. */
export async function changeTask(
  tx: Tx,
  task: TaskRecord,
  to: TaskState,
  order: Pick<TaskOrder, 'command' | 'actorId' | 'reason' | 'note' | 'visited'>,
  contentHash: string | null,
  now: Date,
): Promise<void> {
  const columns = columnsFor(task, order.command, now);
  await tx
    .updateTable('task')
    .set({ ...columns, state: to, version: task.version + 1 })
    .where('id', '=', task.id)
    .execute();
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
  await tellTask(tx, { ...task, ...columns }, { to, command: order.command, reason, note }, now);
}

/** What a command leaves on the task beside its state. */
function columnsFor(task: TaskRecord, command: TaskCommand, now: Date): LifeColumns {
  switch (command) {
    case 'acknowledge':
      return { acknowledged_at: now };
    case 'submit':
      return { submitted_at: now };
    case 'appeal':
      return { paused_at: now, appeals: task.appeals + 1, interrupted_state: task.state };
    case 'uphold_appeal':
    case 'reject_appeal': {
      const clock = resumeClock(clockOf(task), now);
      return { paused_at: clock.pausedAt, paused_ms: clock.pausedMs, interrupted_state: null };
    }
    case 'return':
      return { returns: task.returns + 1 };
    case 'close':
      return { closed_at: now, recheck_until: recheckUntil(now, task.limits.recheckMin) };
    case 'escalate': {
      const late = overdueStep(clockOf(task), now);
      return {
        escalations: task.escalations + 1,
        ...(late !== null && task.acknowledge_escalated_at === null && { acknowledge_escalated_at: now }),
        ...(late === 'submit' && task.submit_escalated_at === null && { submit_escalated_at: now }),
      };
    }
    case 'transfer':
    case 'withdraw':
    case 'begin_recheck':
    case 'pass_recheck':
    case 'recur':
      return {};
  }
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
