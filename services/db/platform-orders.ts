/** Orders of platforms: carried out once, answered with the reason when they are refused, and kept either way. */
import { type Actor, may } from '../domain/access.ts';
import { type PlatformOrder, TASK_COMMAND } from '../domain/platform-order.ts';
import { roleMay } from '../domain/rights.ts';
import { isWithin } from '../domain/rules.ts';
import type { TaskReason } from '../domain/task-history.ts';
import type { TaskState } from '../domain/words.ts';
import type { Database, Tx } from './database.ts';
import { appendEvent } from './events.ts';
import { once } from './request-keys.ts';
import { keepTaskHistory } from './task-history.ts';
import { runTaskOrderIn, type TaskOrderResult } from './task-life.ts';
import { lockTask, type TaskRecord } from './task-record.ts';

export interface OrderGiven {
  actor: Actor;
  via: 'http' | 'mqtt';
  /** Tasks outside of this region are unknown to this way, whatever the account sees; null: the account alone decides. */
  withinRegion: string | null;
  /** Idempotency key, 8 to 200 characters. */
  key: string;
  order: PlatformOrder;
}

export type PlatformRefusal =
  | Extract<TaskOrderResult, { done: false }>['why']
  | 'key_reused'
  | 'unknown_assignee';

export type OrderResult =
  | { done: true; taskId: string; state: TaskState; version: number; repeated: boolean }
  | { done: false; why: PlatformRefusal; state?: TaskState; version?: number };

/** One transaction: the order, what follows from it, the platform's case number, and the row that says that it was given. */
export async function runPlatformOrder(db: Database, given: OrderGiven, now: Date): Promise<OrderResult> {
  const { actor, withinRegion, key, order } = given;
  return await db.transaction().execute(async (tx) => {
    const task = await taskByNumber(tx, actor, withinRegion, order.task);
    if (task === undefined) return await noted(tx, given, null, { done: false, why: 'not_found' }, now);
    const answer = await once(
      tx,
      { accountId: actor.accountId, key, part: 'platform' },
      order,
      now,
      () => carryOut(tx, given, task, now),
      (result) => result.done,
    );
    if ('keyReused' in answer)
      return await noted(tx, given, task.id, { done: false, why: 'key_reused' }, now);
    const { result, repeated } = answer;
    if (repeated) return result.done ? { ...result, repeated } : result;
    return await noted(tx, given, task.id, result, now);
  });
}

/** The task, locked, when it lies in the platform's scope and in the region of the way by which the order came. */
async function taskByNumber(
  tx: Tx,
  actor: Actor,
  withinRegion: string | null,
  number: string,
): Promise<TaskRecord | undefined> {
  const row = await tx
    .selectFrom('task')
    .innerJoin('region', 'region.id', 'task.region_id')
    .innerJoin('finding', 'finding.id', 'task.finding_id')
    .select([
      'task.id',
      'task.merchant_id as merchantId',
      'region.path as regionPath',
      'finding.camera_id as cameraId',
    ])
    .where('task.number', '=', number)
    .executeTakeFirst();
  if (row === undefined || !isWithin(row.regionPath, withinRegion)) return undefined;
  if (!may(actor, 'platform.command', row)) return undefined;
  return await lockTask(tx, row.id);
}

async function carryOut(tx: Tx, given: OrderGiven, task: TaskRecord, now: Date): Promise<OrderResult> {
  const { actor, order } = given;
  const here = { state: task.state, version: task.version };
  if (order.version !== undefined && order.version !== task.version)
    return { done: false, why: 'changed', ...here };
  const done = { done: true, taskId: task.id, ...here, repeated: false } as const;
  const command = TASK_COMMAND[order.command];
  if (command !== undefined) {
    const { version, note = '', visited } = order;
    const result = await runTaskOrderIn(
      tx,
      {
        taskId: task.id,
        command,
        actorId: actor.accountId,
        reason: (visited === true ? 'field_visit' : 'platform') satisfies TaskReason,
        note,
        ...(version !== undefined && { version }),
        ...(visited !== undefined && { visited }),
      },
      now,
    );
    if (!result.done) return result;
    await keepReference(tx, given, { ...task, ...result }, now);
    return { ...done, state: result.state, version: result.version };
  }
  if (order.command === 'assign' && !(await assign(tx, given, task, now)))
    return { done: false, why: 'unknown_assignee', ...here };
  if (order.command === 'comment') {
    const { accountId: actorId } = actor;
    await keepTaskHistory(tx, { task, command: 'comment', actorId, note: order.note ?? '' }, now);
    await tell(tx, 'task.commented', task, given, {});
  }
  await keepReference(tx, given, task, now);
  return done;
}

/** One of our people who may look after it, or a unit in the platform's words. @returns false when there is no such person */
async function assign(tx: Tx, given: OrderGiven, task: TaskRecord, now: Date): Promise<boolean> {
  const { actor, order } = given;
  const assignee =
    order.assignee === undefined
      ? undefined
      : await tx
          .selectFrom('account')
          .leftJoin('region', 'region.id', 'account.region_id')
          .select(['account.id', 'account.role', 'region.path'])
          .where('username', '=', order.assignee)
          .where('disabled', '=', false)
          .executeTakeFirst();
  if (order.assignee !== undefined) {
    const fits =
      assignee !== undefined &&
      roleMay(assignee.role, 'task.visit') &&
      isWithin(task.region_path, assignee.path);
    if (!fits) return false;
  }
  const row = {
    assignee_id: assignee?.id ?? null,
    unit: order.unit ?? null,
    assigned_by: actor.accountId,
    at: now,
  };
  await tx
    .insertInto('task_assignment')
    .values({ task_id: task.id, ...row })
    .onConflict((conflict) => conflict.column('task_id').doUpdateSet(row))
    .execute();
  const who = order.assignee ?? order.unit ?? '';
  const { accountId: actorId } = actor;
  await keepTaskHistory(tx, { task, command: 'assign', actorId, reason: who, note: order.note ?? '' }, now);
  await tell(tx, 'task.assigned', task, given, {
    assignee: order.assignee ?? null,
    unit: order.unit ?? null,
  });
  return true;
}

/** The platform's own number of the case, and that it has the task. History says when it was first told, and when it changed. */
async function keepReference(tx: Tx, given: OrderGiven, task: TaskRecord, now: Date): Promise<void> {
  const { actor, order } = given;
  const before = await tx
    .selectFrom('platform_case')
    .select(['external_ref', 'received_at'])
    .where('task_id', '=', task.id)
    .where('account_id', '=', actor.accountId)
    .executeTakeFirst();
  const reference = order.externalRef ?? before?.external_ref ?? null;
  // Whoever orders something has it.
  const received = before?.received_at ?? now;
  await tx
    .insertInto('platform_case')
    .values({
      task_id: task.id,
      account_id: actor.accountId,
      external_ref: reference,
      received_at: received,
      updated_at: now,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['task_id', 'account_id'])
        .doUpdateSet({ external_ref: reference, received_at: received, updated_at: now }),
    )
    .execute();
  if (before !== undefined && reference === before.external_ref) return;
  const note = order.command === 'receipt' ? (order.note ?? '') : '';
  const { accountId: actorId } = actor;
  const row = { task, command: 'platform_receipt', actorId, reason: reference ?? '', note } as const;
  await keepTaskHistory(tx, row, now);
}

async function tell(
  tx: Tx,
  type: 'task.commented' | 'task.assigned',
  task: TaskRecord,
  { actor, order }: OrderGiven,
  more: Record<string, unknown>,
): Promise<void> {
  await appendEvent(tx, {
    type,
    regionPath: task.region_path,
    merchantId: task.merchant_id,
    payload: {
      taskId: task.id,
      number: task.number,
      findingId: task.finding_id,
      kind: task.kind,
      class: task.class,
      state: task.state,
      reason: actor.username,
      note: order.note ?? '',
      externalRef: order.externalRef ?? null,
      ...more,
    },
  });
}

async function noted(
  tx: Tx,
  { actor, via, key, order }: OrderGiven,
  taskId: string | null,
  result: OrderResult,
  now: Date,
): Promise<OrderResult> {
  await tx
    .insertInto('platform_command')
    .values({
      account_id: actor.accountId,
      via,
      key,
      task_number: order.task,
      task_id: taskId,
      command: order.command,
      external_ref: order.externalRef ?? null,
      done: result.done,
      why: result.done ? '' : result.why,
      at: now,
    })
    .execute();
  return result;
}
