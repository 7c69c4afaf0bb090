import { sql } from 'kysely';
import { localTime } from '../domain/hours.ts';
import type { DismissReason } from '../domain/task.ts';
import type { FindingState, TaskClass } from '../domain/words.ts';
import type { Database, Tx } from './database.ts';
import { appendEvent } from './events.ts';
import { freezeForTask } from './task-policy.ts';
import { recurFromFamily } from './task-recheck.ts';

/** `version` guards against judging something that changed meanwhile; undefined: whatever it is now. */
export interface VerdictCommand {
  findingId: string;
  /** null: the policy, without a person. */
  actorId: string | null;
  version: number | undefined;
  note: string;
}

export interface ConfirmCommand extends VerdictCommand {
  undoMs?: number;
  /** What the inspector says of its gravity; absent: as rule and policy say. */
  class?: TaskClass | undefined;
}

export type VerdictResult =
  | { done: true; taskId: string | null }
  | { done: false; why: 'not_found' | 'changed' | 'already_judged'; state?: string; version?: number };

/**
 * 确认: the finding is a violation. The rectification task is issued with its deadlines frozen, and the merchant's alert: in
 * the same transaction, or, with `undoMs`, by the deadline worker once the verdict can no longer be undone. Confirming again
 * what one confirmed returns the same task.
 */
export async function confirmFinding(
  db: Database,
  command: ConfirmCommand,
  now: Date,
): Promise<VerdictResult> {
  return await db.transaction().execute((tx) => confirmIn(tx, command, now));
}

/** The same inside a transaction of the caller's. */
export async function confirmIn(tx: Tx, command: ConfirmCommand, now: Date): Promise<VerdictResult> {
  const finding = await lockFinding(tx, command.findingId);
  if (finding === undefined) return { done: false, why: 'not_found' };
  if (finding.state === 'confirmed') return { done: true, taskId: await taskOf(tx, finding.id) };
  const refused = refuse(finding, command.version);
  if (refused !== undefined) return refused;
  const verdictClass = command.class ?? null;
  await setState(tx, finding, 'confirmed', { ...command, class: verdictClass }, 'violation', now);
  const undoMs = command.undoMs ?? 0;
  if (undoMs <= 0) {
    const judged = { ...finding, verdict_class: verdictClass };
    return { done: true, taskId: await issueTask(tx, judged, command.actorId, now) };
  }
  const issueAt = new Date(now.getTime() + undoMs);
  await tx.updateTable('finding').set({ issue_at: issueAt }).where('id', '=', finding.id).execute();
  await appendEvent(tx, {
    type: 'finding.judged',
    regionPath: finding.region_path,
    merchantId: finding.merchant_id,
    payload: {
      findingId: finding.id,
      before: { state: finding.state },
      after: { state: 'confirmed' },
      issuesAt: issueAt.toISOString(),
    },
  });
  return { done: true, taskId: null };
}

/** The task that answers a finding; null: none (yet). */
export async function taskOf(tx: Tx, findingId: string): Promise<string | null> {
  const link = await tx
    .selectFrom('task_finding')
    .select('task_id')
    .where('finding_id', '=', findingId)
    .where('released_at', 'is', null)
    .executeTakeFirst();
  return link?.task_id ?? null;
}

/** 排除: the finding is not a violation, with the reason that feeds the precision of camera and model. */
export async function dismissFinding(
  db: Database,
  command: VerdictCommand & { reason: DismissReason },
  now: Date,
): Promise<VerdictResult> {
  return await db.transaction().execute((tx) => dismissIn(tx, command, now));
}

/** The same inside a transaction of the caller's. */
export async function dismissIn(
  tx: Tx,
  command: VerdictCommand & { reason: DismissReason },
  now: Date,
): Promise<VerdictResult> {
  const finding = await lockFinding(tx, command.findingId);
  if (finding === undefined) return { done: false, why: 'not_found' };
  if (finding.state === 'dismissed' && finding.verdict_reason === command.reason)
    return { done: true, taskId: null };
  const refused = refuse(finding, command.version);
  if (refused !== undefined) return refused;
  await setState(tx, finding, 'dismissed', { ...command, class: null }, command.reason, now);
  await appendEvent(tx, {
    type: 'finding.dismissed',
    regionPath: finding.region_path,
    merchantId: finding.merchant_id,
    payload: {
      findingId: finding.id,
      kind: finding.kind,
      before: { state: finding.state },
      after: { state: 'dismissed', reason: command.reason, note: command.note },
    },
  });
  return { done: true, taskId: null };
}

/** A finding with its region, locked until the transaction ends. */
export type LockedFinding = NonNullable<Awaited<ReturnType<typeof lockFinding>>>;
type Locked = LockedFinding;

export async function lockFinding(tx: Tx, id: string) {
  return await tx
    .selectFrom('finding')
    .innerJoin('region', 'region.id', 'finding.region_id')
    .innerJoin('merchant', 'merchant.id', 'finding.merchant_id')
    .selectAll('finding')
    .select(['region.path as region_path', 'region.time_zone', 'merchant.type as merchant_type'])
    .where('finding.id', '=', id)
    .forUpdate('finding')
    .executeTakeFirst();
}

function refuse(finding: Locked, version: number | undefined): VerdictResult | undefined {
  const now = { state: finding.state, version: finding.version };
  if (finding.state !== 'pending_review') return { done: false, why: 'already_judged', ...now };
  if (version !== undefined && version !== finding.version) return { done: false, why: 'changed', ...now };
  return undefined;
}

async function setState(
  tx: Tx,
  finding: Locked,
  state: 'confirmed' | 'dismissed',
  command: VerdictCommand & { class: TaskClass | null },
  reason: string,
  now: Date,
): Promise<void> {
  await tx
    .updateTable('finding')
    .set({
      state,
      verdict_by: command.actorId,
      verdict_at: now,
      verdict_reason: reason,
      verdict_note: command.note,
      verdict_class: command.class,
      version: finding.version + 1,
    })
    .where('id', '=', finding.id)
    .execute();
  await tx
    .insertInto('history')
    .values({
      entity: 'finding',
      entity_id: finding.id,
      from_state: finding.state,
      to_state: state,
      actor_id: command.actorId,
      reason: command.class === null ? reason : `${reason}_class_${command.class}`,
      note: command.note,
      at: now,
    })
    .execute();
}

/** What platforms are told: of the time in which a verdict can be undone they do not hear, the finding waited until now. */
export const CONFIRMATION: { before: { state: FindingState }; after: { state: FindingState } } = {
  before: { state: 'pending_review' },
  after: { state: 'confirmed' },
};

/**
 * Issues the task of a confirmed finding: its clock starts now.
 * @param actorId null: by policy, without a person
 */
export async function issueTask(tx: Tx, finding: Locked, actorId: string | null, now: Date): Promise<string> {
  const frozen = await freezeForTask(tx, finding, now);
  const day = localTime(now, finding.time_zone).date.replaceAll('-', '');
  const serial = await sql<{ n: string }>`select nextval('task_number')::text as n`.execute(tx);
  const number = `ZG-${day}-${(serial.rows[0]?.n ?? '').padStart(6, '0')}`;
  const { id } = await tx
    .insertInto('task')
    .values({
      number,
      finding_id: finding.id,
      merchant_id: finding.merchant_id,
      region_id: finding.region_id,
      zone_id: finding.zone_id,
      kind: finding.kind,
      state: 'issued',
      issued_at: now,
      issued_by: actorId,
      ...frozen.columns,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await tx
    .insertInto('history')
    .values({
      entity: 'task',
      entity_id: id,
      from_state: null,
      to_state: 'issued',
      actor_id: actorId,
      at: now,
    })
    .execute();
  await tx
    .insertInto('alert')
    .values({
      audience: 'merchant',
      region_id: finding.region_id,
      merchant_id: finding.merchant_id,
      finding_id: finding.id,
      task_id: id,
      kind: finding.kind,
      class: frozen.columns.class,
      created_at: now,
    })
    .execute();
  const place = { regionPath: finding.region_path, merchantId: finding.merchant_id };
  await appendEvent(tx, {
    type: 'finding.confirmed',
    ...place,
    payload: {
      findingId: finding.id,
      kind: finding.kind,
      class: finding.class,
      taskId: id,
      ...CONFIRMATION,
    },
  });
  await appendEvent(tx, {
    type: 'task.issued',
    ...place,
    payload: {
      taskId: id,
      number,
      findingId: finding.id,
      kind: finding.kind,
      class: frozen.columns.class,
      before: null,
      after: { state: 'issued' },
      issuedAt: now.toISOString(),
      acknowledgeDue: frozen.columns.acknowledge_due.toISOString(),
      submitDue: frozen.columns.submit_due.toISOString(),
    },
  });
  await recurFromFamily(tx, finding.id, { id, number }, actorId, now);
  return id;
}
