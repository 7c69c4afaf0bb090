/** What a step of the chain does beside the state: whom it tells, and the document that it drafts. */
import { sql } from 'kysely';
import { audienceOf, draftReason, STAND_INS, toldRole } from '../domain/escalation.ts';
import type { ChainRecipient } from '../domain/policy.ts';
import { dueTimes, type TaskStep } from '../domain/task-clock.ts';
import type { Role } from '../domain/words.ts';
import type { Tx } from './database.ts';
import { addTaskAlert } from './task-news.ts';
import { clockOf, type TaskRecord } from './task-record.ts';

/** One step that is taken now. */
export interface TakenEscalation {
  late: TaskStep;
  /** 0-based place in the chain. */
  level: number;
  told: ChainRecipient;
  /** Code of the document that is due; null: none. */
  document: string | null;
}

/** The role that hears of a step: the one the policy names, or who stands in where nobody has it. */
export async function roleToTell(tx: Tx, task: TaskRecord, to: ChainRecipient): Promise<Role> {
  const { rows } = await sql<{ role: Role }>`
    select distinct account.role from account left join region as home on home.id = account.region_id
    where not account.disabled and account.role = any (${[...STAND_INS[to]]}::text[])
      and case when account.merchant_id is not null then account.merchant_id = ${task.merchant_id}
        else home.path is null or home.path = ${task.region_path} or starts_with(${task.region_path}, home.path || '.') end
  `.execute(tx);
  return toldRole(
    to,
    rows.map(({ role }) => role),
  );
}

/**
 * Tells exactly those whom the policy names, and at the first step of each limit the cadre. All of it under one name: who is
 * both, or shares an address, hears it once.
 */
export async function tellEscalation(
  tx: Tx,
  task: TaskRecord,
  step: TakenEscalation,
  role: Role,
  now: Date,
): Promise<void> {
  const toldAs = `escalation:${task.id}:${task.reopens}:${step.late}:${step.level}`;
  await addTaskAlert(tx, task, audienceOf(step.told), 'escalated', now, { roles: [role], toldAs });
  if (step.level === 0)
    await addTaskAlert(tx, task, 'inspector', 'escalated', now, { roles: ['cadre'], toldAs });
}

/** 文书草稿: the document that a step names, for a head to issue. @returns its id; null: no such type, or it is switched off */
export async function draftDocument(
  tx: Tx,
  task: TaskRecord,
  step: TakenEscalation,
  now: Date,
): Promise<string | null> {
  if (step.document === null) return null;
  const type = await tx
    .selectFrom('document_type')
    .select('code')
    .where('code', '=', step.document)
    .where('enabled', '=', true)
    .executeTakeFirst();
  if (type === undefined) return null;
  const due = dueTimes(clockOf(task), now)[step.late];
  const { told } = await tx
    .selectFrom('task_escalation')
    .select((eb) => eb.fn.countAll<string>().as('told'))
    .where('task_id', '=', task.id)
    .where('round', '=', task.reopens)
    .executeTakeFirstOrThrow();
  const { id } = await tx
    .insertInto('document_draft')
    .values({
      task_id: task.id,
      round: task.reopens,
      late: step.late,
      level: step.level,
      type: type.code,
      reason: draftReason({ number: task.number, late: step.late, due, told: Number(told) }, task.time_zone),
      drafted_by: null,
      document_id: null,
      decided_by: null,
      decided_at: null,
      created_at: now,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}
