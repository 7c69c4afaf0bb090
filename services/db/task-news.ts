/** Who is told of a change of a task: everyone who listens by event, people by alert. */

import type { EventType } from '../domain/event-types.ts';
import { dueTimes } from '../domain/task-clock.ts';
import type { TaskCommand } from '../domain/task-life.ts';
import type { Role, TaskState } from '../domain/words.ts';
import type { Tx } from './database.ts';
import { appendEvent } from './events.ts';
import type { AlertAbout, AlertTable } from './schema-record.ts';
import { clockOf, type TaskRecord } from './task-record.ts';

type Audience = AlertTable['audience'];

interface News {
  event: EventType;
  /** Undefined: an event alone. */
  about?: AlertAbout;
  audiences: readonly Audience[];
}

const NEWS: Record<TaskCommand, News> = {
  acknowledge: { event: 'task.acknowledged', audiences: [] },
  submit: { event: 'task.submitted', about: 'submitted', audiences: ['inspector'] },
  appeal: { event: 'task.appealed', about: 'appealed', audiences: ['inspector'] },
  uphold_appeal: { event: 'task.withdrawn', about: 'withdrawn', audiences: ['merchant'] },
  reject_appeal: { event: 'task.appeal_rejected', about: 'appeal_rejected', audiences: ['merchant'] },
  close: { event: 'task.closed', about: 'closed', audiences: ['merchant'] },
  return: { event: 'task.returned', about: 'returned', audiences: ['merchant'] },
  escalate: { event: 'task.escalated', about: 'escalated', audiences: ['merchant', 'inspector'] },
  transfer: { event: 'task.transferred', about: 'transferred', audiences: ['merchant'] },
  withdraw: { event: 'task.withdrawn', about: 'withdrawn', audiences: ['merchant'] },
  begin_recheck: { event: 'task.recheck_due', audiences: [] },
  pass_recheck: { event: 'task.recheck_passed', about: 'recheck_passed', audiences: ['merchant'] },
  reopen: { event: 'task.reopened', about: 'reopened', audiences: ['merchant'] },
  resume_recheck: { event: 'task.recheck_due', about: 'recheck_due', audiences: ['merchant', 'inspector'] },
  recur: { event: 'task.recurred', about: 'recurred', audiences: ['merchant', 'inspector'] },
};

/** Appends the event and the alerts of one change. `task` is as it is after the change, but for state and version. */
export async function tellTask(
  tx: Tx,
  task: TaskRecord,
  change: {
    to: TaskState;
    command: TaskCommand;
    reason: string;
    note: string;
    /** Further members of the event. */
    more?: Record<string, unknown>;
    /** The chain tells whom it names (task-escalation.ts). */
    byChain?: boolean;
  },
  now: Date,
): Promise<void> {
  const { event, about, audiences } = NEWS[change.command];
  const due = dueTimes(clockOf(task), now);
  await appendEvent(tx, {
    type: event,
    regionPath: task.region_path,
    merchantId: task.merchant_id,
    payload: {
      taskId: task.id,
      number: task.number,
      findingId: task.finding_id,
      kind: task.kind,
      class: task.class,
      before: { state: task.state },
      after: { state: change.to },
      reason: change.reason,
      version: task.version + 1,
      acknowledgeDue: due.acknowledge.toISOString(),
      submitDue: due.submit.toISOString(),
      ...change.more,
    },
  });
  if (about === undefined || change.byChain === true) return;
  for (const audience of audiences) await addTaskAlert(tx, task, audience, about, now);
}

/** One alert, for some roles of its audience alone if `named`; the third return of the same task would be its third alert of that sort. The task is locked, so counting is safe. */
export async function addTaskAlert(
  tx: Tx,
  task: TaskRecord,
  audience: Audience,
  about: AlertAbout,
  now: Date,
  named: { roles: Role[]; toldAs: string | null } | null = null,
): Promise<void> {
  const { before } = await tx
    .selectFrom('alert')
    .select((eb) => eb.fn.countAll<string>().as('before'))
    .where('task_id', '=', task.id)
    .where('audience', '=', audience)
    .where('about', '=', about)
    .executeTakeFirstOrThrow();
  await tx
    .insertInto('alert')
    .values({
      audience,
      region_id: task.region_id,
      merchant_id: task.merchant_id,
      finding_id: task.finding_id,
      task_id: task.id,
      kind: task.kind,
      class: task.class,
      about,
      occurrence: Number(before) + 1,
      roles: named?.roles ?? null,
      told_as: named?.toldAs ?? null,
      created_at: now,
    })
    .execute();
}
