import type { Static } from 'typebox';
import type { Database } from '../../db/database.ts';
import { type OrderGiven, type OrderResult, runPlatformOrder } from '../../db/platform-orders.ts';
import { orderFaults } from '../../domain/platform-order.ts';
import { said } from '../../domain/said.ts';
import { invalid, type Problem } from '../problem.ts';
import type { PlatformOrderDone } from '../schemas/platform.ts';
import { refusal } from '../task-refusal.ts';

/** An order whose shape was checked, whichever way it came. @throws Problem that names the field, or says why it is refused */
export async function givePlatformOrder(
  db: Database,
  given: OrderGiven,
  now: Date,
): Promise<Static<typeof PlatformOrderDone>> {
  const { actor, order } = given;
  const faults = orderFaults(order);
  if (faults.length > 0) throw invalid(...faults);
  const result = await runPlatformOrder(db, given, now);
  if (!result.done) throw platformRefusal(result);
  const known = await db
    .selectFrom('platform_case')
    .select('external_ref')
    .where('task_id', '=', result.taskId)
    .where('account_id', '=', actor.accountId)
    .executeTakeFirst();
  const { state, version, repeated } = result;
  return { task: order.task, state, version, repeated, externalRef: known?.external_ref ?? null };
}

function platformRefusal(result: Extract<OrderResult, { done: false }>): Problem {
  const { why } = result;
  if (why === 'unknown_assignee') return invalid({ field: 'assignee', ...said('not_for_this_task') });
  return refusal({ ...result, why });
}
