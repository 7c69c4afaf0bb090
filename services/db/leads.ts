/** 线索移送: leads handed to other authorities, with history and events. */
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { EventType } from '../domain/event-types.ts';
import { localTime } from '../domain/hours.ts';
import {
  type LeadNews,
  type LeadRefusal,
  type LeadState,
  type LeadTarget,
  nextLeadState,
} from '../domain/lead.ts';
import { recordChange } from './audit.ts';
import type { Database, Tx } from './database.ts';
import { appendEvent } from './events.ts';
import { runTaskOrderIn, type TaskOrderResult } from './task-life.ts';

export interface NewLead {
  taskId: string | null;
  merchantId: string;
  target: LeadTarget;
  targetName: string;
  legalReason: string;
  summary: string;
  documentRef: string;
  /** An export of the task's case: what was handed over. */
  exportId: string | null;
  /** The task ends as transferred, too, at this version. */
  endsTask: { version: number } | null;
  actorId: string;
}

export type SendResult =
  | { done: true; id: string }
  | { done: false; why: 'unknown_export' }
  | { done: false; task: Extract<TaskOrderResult, { done: false }> };

/** Sends it, in the given transaction: row, history, event, and the task's own transfer when it is asked for. */
export async function sendLead(tx: Tx, lead: NewLead, now: Date): Promise<SendResult> {
  const place = await tx
    .selectFrom('merchant')
    .innerJoin('region', 'region.id', 'merchant.region_id')
    .select(['region.id', 'region.path', 'region.time_zone'])
    .where('merchant.id', '=', lead.merchantId)
    .executeTakeFirstOrThrow();
  const handed = lead.exportId === null ? null : await exportOf(tx, lead.exportId, lead.taskId);
  if (handed === undefined) return { done: false, why: 'unknown_export' };
  if (lead.endsTask !== null && lead.taskId !== null) {
    const task = await runTaskOrderIn(
      tx,
      {
        taskId: lead.taskId,
        command: 'transfer',
        actorId: lead.actorId,
        version: lead.endsTask.version,
        reason: lead.targetName,
        note: lead.legalReason,
      },
      now,
    );
    if (!task.done) return { done: false, task };
  }
  const day = localTime(now, place.time_zone).date.replaceAll('-', '');
  const serial = await sql<{ n: string }>`select nextval('lead_number')::text as n`.execute(tx);
  const row = await tx
    .insertInto('lead_transfer')
    .values({
      number: `XS-${day}-${(serial.rows[0]?.n ?? '').padStart(6, '0')}`,
      task_id: lead.taskId,
      merchant_id: lead.merchantId,
      region_id: place.id,
      target: lead.target,
      target_name: lead.targetName,
      legal_reason: lead.legalReason,
      summary: lead.summary,
      document_ref: lead.documentRef,
      export_id: lead.exportId,
      evidence_sha256: handed,
      sent_by: lead.actorId,
      sent_at: now,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  await follow(
    tx,
    row,
    { from: null, regionPath: place.path, actorId: lead.actorId, note: lead.legalReason },
    now,
  );
  return { done: true, id: row.id };
}

/** Hash of an export's signed manifest; undefined: it is none of this task's case, or was never finished. */
async function exportOf(tx: Tx, exportId: string, taskId: string | null): Promise<string | undefined> {
  const row = await tx
    .selectFrom('case_export')
    .innerJoin('task_finding', 'task_finding.finding_id', 'case_export.case_id')
    .select('case_export.manifest_sha256')
    .where('case_export.id', '=', exportId)
    .where('task_finding.task_id', '=', taskId)
    .executeTakeFirst();
  return row?.manifest_sha256 ?? undefined;
}

export interface LeadStepOrder extends LeadNews {
  leadId: string;
  version: number;
  actorId: string;
  note: string;
}

export type StepResult =
  | { done: true; state: LeadState; version: number }
  | { done: false; why: LeadRefusal | 'not_found' | 'changed'; state?: LeadState; version?: number };

/** What the authority says of it; guarded by version. */
export async function takeLeadStep(tx: Tx, order: LeadStepOrder, now: Date): Promise<StepResult> {
  const lead = await tx
    .selectFrom('lead_transfer')
    .innerJoin('region', 'region.id', 'lead_transfer.region_id')
    .selectAll('lead_transfer')
    .select('region.path')
    .where('lead_transfer.id', '=', order.leadId)
    .forUpdate('lead_transfer')
    .executeTakeFirst();
  if (lead === undefined) return { done: false, why: 'not_found' };
  const here = { state: lead.state, version: lead.version };
  if (lead.version !== order.version) return { done: false, why: 'changed', ...here };
  const next = nextLeadState(lead.state, order);
  if ('refused' in next) return { done: false, why: next.refused, ...here };
  const decided = next.to === 'accepted' || next.to === 'rejected';
  const row = await tx
    .updateTable('lead_transfer')
    .set({
      state: next.to,
      version: lead.version + 1,
      received_at: lead.received_at ?? now,
      ...(decided && { decided_at: now }),
      ...(next.to === 'concluded' && { concluded_at: now }),
      ...(order.caseNumber !== undefined && { case_number: order.caseNumber }),
      ...(order.outcome !== undefined && { outcome: order.outcome }),
    })
    .where('id', '=', lead.id)
    .returningAll()
    .executeTakeFirstOrThrow();
  const said = { from: lead.state, regionPath: lead.path, actorId: order.actorId };
  await follow(tx, row, { ...said, note: order.note || (order.outcome ?? '') }, now);
  return { done: true, state: row.state, version: row.version };
}

const EVENT: Record<LeadState, EventType> = {
  sent: 'lead.sent',
  received: 'lead.received',
  accepted: 'lead.accepted',
  rejected: 'lead.rejected',
  concluded: 'lead.concluded',
};

/** History and event of a change. */
async function follow(
  tx: Tx,
  lead: {
    id: string;
    number: string;
    task_id: string | null;
    merchant_id: string;
    target: LeadTarget;
    target_name: string;
    legal_reason: string;
    document_ref: string;
    evidence_sha256: string | null;
    case_number: string;
    outcome: string;
    state: LeadState;
    version: number;
  },
  change: { from: LeadState | null; regionPath: string; actorId: string; note: string },
  now: Date,
): Promise<void> {
  await recordChange(tx, {
    entity: 'lead_transfer',
    entityId: lead.id,
    from: change.from,
    to: lead.state,
    actorId: change.actorId,
    reason: lead.case_number,
    note: change.note,
    at: now,
    place: { regionPath: change.regionPath, merchantId: lead.merchant_id },
  });
  await appendEvent(tx, {
    type: EVENT[lead.state],
    regionPath: change.regionPath,
    merchantId: lead.merchant_id,
    payload: {
      leadId: lead.id,
      number: lead.number,
      taskId: lead.task_id,
      target: lead.target,
      targetName: lead.target_name,
      legalReason: lead.legal_reason,
      documentRef: lead.document_ref,
      evidenceSha256: lead.evidence_sha256,
      caseNumber: lead.case_number,
      outcome: lead.outcome,
      version: lead.version,
      before: change.from === null ? null : { state: change.from },
      after: { state: lead.state },
    },
  });
}

export const selectLeads = (db: Database) =>
  db
    .selectFrom('lead_transfer as lead')
    .innerJoin('merchant', 'merchant.id', 'lead.merchant_id')
    .innerJoin('region', 'region.id', 'lead.region_id')
    .innerJoin('account', 'account.id', 'lead.sent_by')
    .leftJoin('task', 'task.id', 'lead.task_id')
    .leftJoin('finding', 'finding.id', 'task.finding_id')
    .selectAll('lead')
    .select([
      sql<string>`lead.sent_at::text`.as('sent_at_text'),
      'lead.merchant_id as merchantId',
      'finding.camera_id as cameraId',
      'region.path as regionPath',
      'region.code as region_code',
      'region.name as region_name',
      'merchant.code as merchant_code',
      'merchant.name as merchant_name',
      'account.username as sender',
      'task.number as task_number',
    ]);

/** Leads sent in a period and what became of them: 525 → 157 cases. A case is what an authority accepted. */
export async function countLeads(db: Database, period: { from: Date; to: Date }, scope: RawBuilder<SqlBool>) {
  const rows = await db
    .selectFrom('lead_transfer as lead')
    .innerJoin('region', 'region.id', 'lead.region_id')
    .leftJoin('task', 'task.id', 'lead.task_id')
    .leftJoin('finding', 'finding.id', 'task.finding_id')
    .where('lead.sent_at', '>=', period.from)
    .where('lead.sent_at', '<', period.to)
    .where(scope)
    .groupBy('lead.target')
    .orderBy('lead.target')
    .select((eb) => [
      'lead.target',
      eb.fn.countAll<string>().as('sent'),
      sql<string>`count(*) filter (where lead.state = 'sent')`.as('unanswered'),
      sql<string>`count(*) filter (where lead.state = 'received')`.as('under_review'),
      sql<string>`count(*) filter (where lead.state in ('accepted', 'concluded'))`.as('cases'),
      sql<string>`count(*) filter (where lead.state = 'rejected')`.as('rejected'),
      sql<string>`count(*) filter (where lead.state = 'concluded')`.as('concluded'),
    ])
    .execute();
  return rows.map(({ target, ...counts }) => ({
    target,
    sent: Number(counts.sent),
    unanswered: Number(counts.unanswered),
    underReview: Number(counts.under_review),
    cases: Number(counts.cases),
    rejected: Number(counts.rejected),
    concluded: Number(counts.concluded),
  }));
}
