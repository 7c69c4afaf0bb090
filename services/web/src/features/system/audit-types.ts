/** What GET /audit and GET /history-checks say. */
export type Fields = Record<string, unknown> | null;

export interface AuditChange {
  entity: string;
  entityId: string;
  before: Fields;
  after: Fields;
}
export interface AuditRow {
  id: string;
  at: string;
  by: { id: string; username: string } | null;
  entity: string;
  entityId: string;
  name: string | null;
  from: string | null;
  to: string;
  command: string;
  reason: string;
  note: string;
  region: string | null;
  merchantId: string | null;
  changeCount: number;
  changes: AuditChange[];
}
export interface HistoryCheck {
  startedAt: string;
  finishedAt: string;
  rows: number;
  chains: number;
  faultCount: number;
  faults: {
    entity: string;
    entityId: string;
    historyId: string | null;
    fault: 'altered' | 'broken' | 'cut' | 'answer' | 'change';
    detail: string;
  }[];
}

/** Kinds of things that are asked for by name; any other can be typed. */
export const ENTITIES = [
  'account',
  'alert',
  'cadre_merchant',
  'calendar',
  'camera',
  'camera_fault',
  'checklist',
  'document',
  'document_template',
  'document_type',
  'draw',
  'finding',
  'gateway',
  'import',
  'lead_transfer',
  'ledger_record',
  'live_grant',
  'merchant',
  'notify_target',
  'policy',
  'public_kitchen',
  'public_listing',
  'reconciliation',
  'region',
  'retention_policy',
  'rule',
  'rule_proposal',
  'task',
  'tip',
  'wall_draw',
  'webhook',
  'zone',
] as const;
