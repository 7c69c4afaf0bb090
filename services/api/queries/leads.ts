import type { Static } from 'typebox';
import type { selectLeads } from '../../db/leads.ts';
import type { Lead } from '../schemas/lead.ts';

export type LeadRow = Awaited<ReturnType<ReturnType<typeof selectLeads>['executeTakeFirstOrThrow']>>;

export function leadItem(row: LeadRow): Static<typeof Lead> {
  const at = (time: Date | null) => time?.toISOString() ?? null;
  return {
    id: row.id,
    number: row.number,
    state: row.state,
    task: row.task_id === null ? null : { id: row.task_id, number: row.task_number ?? '' },
    merchant: { id: row.merchant_id, code: row.merchant_code, name: row.merchant_name },
    region: { id: row.region_id, code: row.region_code, path: row.regionPath, name: row.region_name },
    target: row.target,
    targetName: row.target_name,
    legalReason: row.legal_reason,
    summary: row.summary,
    documentRef: row.document_ref,
    evidenceSha256: row.evidence_sha256,
    caseNumber: row.case_number,
    outcome: row.outcome,
    sentBy: row.sender,
    sentAt: row.sent_at.toISOString(),
    receivedAt: at(row.received_at),
    decidedAt: at(row.decided_at),
    concludedAt: at(row.concluded_at),
    version: row.version,
  };
}
