/** What the auditor reads and writes. It trusts neither task.next_step nor the columns that count the chain. */
import { sql } from 'kysely';
import type { FrozenPolicy } from '../domain/policy.ts';
import { type AuditFacts, type Duty, dutyOf } from '../domain/step-audit.ts';
import type { Database, Tx } from './database.ts';
import { appendEvent } from './events.ts';
import type { StepFault } from './schema-policy.ts';
import { type OnTaskFailure, TaskFailure, throwFailure } from './task-failure.ts';
import { policyOf } from './task-record.ts';
import { takeStepIn } from './task-steps.ts';

/** A task with what it should wait for, and what its row says. */
export interface AuditedTask {
  id: string;
  number: string;
  expected: Duty | null;
  found: { step: string | null; at: Date | null };
  /** The time that the scheduler says it made a job for. */
  scheduledAt: Date | null;
}

export interface FoundFault extends AuditedTask {
  fault: StepFault;
}

interface AuditRow extends Omit<AuditFacts, 'told' | 'pauses' | 'waitsSince'> {
  waits: { command: 'submit' | 'return' | 'appeal' | 'reject_appeal' | 'reopen'; atMs: number }[];
  id: string;
  number: string;
  issuedAt: Date;
  limits: { acknowledgeMin: number; submitMin: number; recheckMin: number };
  frozen: FrozenPolicy | null;
  told: { late: 'acknowledge' | 'submit'; level: number; atMs: number }[];
  nextStep: string | null;
  nextStepAt: Date | null;
  scheduledAt: Date | null;
}

const BATCH = 500;

/** Every task that is not at its end, in batches, with the auditor's opinion; those of which there can be none are told apart. */
export async function* auditedTasks(
  db: Database | Tx,
  only?: string,
  onFailure: OnTaskFailure = throwFailure,
): AsyncGenerator<AuditedTask> {
  let after = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const { rows } = await sql<AuditRow>`
      select task.id, number, state, class, limits, issued_at as "issuedAt", acknowledge_due as "acknowledgeDue", submit_due as "submitDue",
        acknowledged_at as "acknowledgedAt", review_reminded_at as "reviewToldAt",
        closed_at as "closedAt", recheck_until as "recheckUntil", returns, visit_told_at as "visitToldAt",
        by_people as "byPeople", sampled, next_step as "nextStep", next_step_at as "nextStepAt",
        step_scheduled_at as "scheduledAt",
        frozen_policy.policy as frozen,
        coalesce((select jsonb_agg(jsonb_build_object('late', late, 'level', level,
            'atMs', round(extract(epoch from at) * 1000)))
          from task_escalation where task_id = task.id and round = task.reopens), '[]') as told,
        coalesce((select jsonb_agg(jsonb_build_object('command', command,
            'atMs', round(extract(epoch from at) * 1000)) order by history.id)
          from history where entity = 'task' and entity_id = task.id
            and command in ('submit', 'return', 'appeal', 'reject_appeal', 'reopen')), '[]') as waits
      from task left join frozen_policy on frozen_policy.sha256 = task.policy_sha256
      where task.id > ${after}
        and (state not in ('withdrawn', 'transferred', 'recheck_passed', 'recurred') or next_step is not null)
        and ${only === undefined ? sql`true` : sql`task.id = ${only}`}
      order by task.id
      limit ${BATCH}
    `.execute(db);
    for (const row of rows) {
      let task: AuditedTask;
      try {
        task = auditedTask(row);
      } catch (error) {
        onFailure(new TaskFailure(row, error));
        continue;
      }
      yield task;
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < BATCH) return;
    after = last.id;
  }
}

function auditedTask(row: AuditRow): AuditedTask {
  const told = row.told.map(({ late, level, atMs }) => ({ late, level, at: new Date(atMs) }));
  return {
    id: row.id,
    number: row.number,
    expected: dutyOf({ ...row, told, pauses: pausesOf(row), waitsSince: waitsSince(row) }, policyOf(row)),
    found: { step: row.nextStep, at: row.nextStepAt },
    scheduledAt: row.scheduledAt,
  };
}

/** Times in which the clock stood: while an answer or appeal waited, and of a reopened task all that was before. */
function pausesOf({ waits, issuedAt }: AuditRow): AuditFacts['pauses'] {
  const last = waits.findLastIndex(({ command }) => command === 'reopen');
  const reopened = waits[last];
  const before = reopened === undefined ? [] : [{ from: issuedAt, to: new Date(reopened.atMs) }];
  const round = waits.slice(last + 1);
  const since = round.flatMap(({ command, atMs }, i) => {
    const end = round[i + 1];
    const ends = { submit: 'return', appeal: 'reject_appeal' }[command as string];
    if (ends === undefined || end?.command !== ends) return [];
    return [{ from: new Date(atMs), to: new Date(end.atMs) }];
  });
  return [...before, ...since];
}

/** When the answer or appeal came that nobody has looked at. */
function waitsSince({ waits }: AuditRow): Date | null {
  const last = waits.at(-1);
  return last?.command === 'submit' || last?.command === 'appeal' ? new Date(last.atMs) : null;
}

/** Whether the row says what the facts say. */
export function agrees({ expected, found }: AuditedTask): boolean {
  return (
    (expected?.step ?? null) === found.step &&
    (expected?.at?.getTime() ?? null) === (found.at?.getTime() ?? null)
  );
}

/**
 * Puts a row right, does what is late, and reports it, in one transaction. Looks again under the row's lock: what changed
 * meanwhile is no fault, and of two auditors one reports it.
 * @returns false when nothing was wrong any more
 */
export async function repairStep(db: Database, fault: FoundFault, now: Date): Promise<boolean> {
  return await db.transaction().execute(async (tx) => {
    await tx.selectFrom('task').select('id').where('id', '=', fault.id).forUpdate().execute();
    let task: AuditedTask | undefined;
    for await (const one of auditedTasks(tx, fault.id)) task = one;
    if (task === undefined) return false;
    if (fault.fault === 'wrong_step' && agrees(task)) return false;
    if (fault.fault !== 'wrong_step' && task.expected?.at?.getTime() !== fault.expected?.at?.getTime())
      return false;
    await tx
      .updateTable('task')
      .set({
        next_step: task.expected?.step as never,
        next_step_at: task.expected?.at ?? null,
        step_scheduled_at: null,
      })
      .where('id', '=', fault.id)
      .execute();
    await report(tx, { ...fault, ...task }, now);
    if (fault.fault === 'not_done') await takeStepIn(tx, fault.id, now);
    return true;
  });
}

async function report(tx: Tx, fault: FoundFault, now: Date): Promise<void> {
  await tx
    .insertInto('step_fault')
    .values({
      task_id: fault.id,
      fault: fault.fault,
      expected_step: fault.expected?.step ?? null,
      expected_at: fault.expected?.at ?? null,
      found_step: fault.found.step,
      found_at: fault.found.at,
      repaired_at: now,
      at: now,
    })
    .execute();
  const place = await tx
    .selectFrom('task')
    .innerJoin('region', 'region.id', 'task.region_id')
    .select(['region.path', 'task.merchant_id'])
    .where('task.id', '=', fault.id)
    .executeTakeFirstOrThrow();
  await appendEvent(tx, {
    type: 'task.step_repaired',
    regionPath: place.path,
    merchantId: null,
    payload: {
      taskId: fault.id,
      number: fault.number,
      fault: fault.fault,
      expected: fault.expected,
      found: fault.found,
    },
  });
}
