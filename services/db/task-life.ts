import { createHash } from 'node:crypto';
import { nextState, type Refusal, type TaskCommand } from '../domain/task-life.ts';
import type { TaskState } from '../domain/words.ts';
import type { Database, Tx } from './database.ts';
import { resumeRechecks } from './recheck-resume.ts';
import { addAnswer, type NewAnswer } from './task-answers.ts';
import { changeTask } from './task-change.ts';
import { factsOf, lockTask } from './task-record.ts';

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
  if (order.command === 'uphold_appeal') await resumeRechecks(tx, task, now);
  const result = { state: next.to, version: task.version + 1 };
  await keep(tx, order, result, now);
  return { done: true, ...result, repeated: false };
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
