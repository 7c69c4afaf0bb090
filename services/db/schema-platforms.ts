/** Tables of platforms and transferred leads (migrations 0013, 0029) as Kysely sees them. */
import type { ColumnType, Generated } from 'kysely';
import type { LeadState, LeadTarget } from '../domain/lead.ts';
import type { DifferenceKind, Healed } from '../domain/reconcile.ts';

/** Further columns of `webhook`. */
export interface WebhookPlatformColumns {
  channel: Generated<'http' | 'mqtt'>;
  broker_sealed: Buffer | null;
  topic_prefix: string | null;
  account_id: string | null;
  cases_url: string | null;
  cases_token_sealed: Buffer | null;
  cases_every_min: Generated<number>;
  cases_due_at: Generated<Date>;
  orders: Generated<boolean>;
}

/** Who listens for a platform's orders at its broker. */
export interface PlatformLineTable {
  webhook_id: string;
  holder: string;
  until: Date;
  state: Generated<'connecting' | 'listening' | 'broken'>;
  error: Generated<string>;
  since: Generated<Date>;
  last_order_at: Date | null;
}

export interface DeliveryReplayTable {
  id: Generated<string>;
  webhook_id: string;
  reason: 'asked' | 'reconciliation';
  since: Date | null;
  until: Date | null;
  types: Generated<string[]>;
  per_minute: number;
  events: Generated<number>;
  requested_by: string | null;
  at: Date;
  cancelled_at: Date | null;
}

export interface PlatformCaseTable {
  task_id: string;
  account_id: string;
  external_ref: string | null;
  received_at: Date | null;
  updated_at: Date;
}

export interface TaskAssignmentTable {
  task_id: string;
  assignee_id: string | null;
  unit: string | null;
  assigned_by: string;
  at: Date;
}

export interface PlatformCommandTable {
  id: Generated<string>;
  account_id: string;
  via: 'http' | 'mqtt';
  key: string;
  task_number: string;
  task_id: string | null;
  command: string;
  external_ref: string | null;
  done: boolean;
  why: Generated<string>;
  at: Date;
}

export interface ReconciliationTable {
  id: Generated<string>;
  webhook_id: string | null;
  account_id: string | null;
  how: 'fetched' | 'posted';
  state: 'running' | 'done' | 'failed';
  error: Generated<string>;
  region_path: string;
  since: Date;
  whole: boolean;
  cases: Generated<number>;
  same: Generated<number>;
  in_flight: Generated<number>;
  differences: Generated<number>;
  healed: Generated<number>;
  started_at: Date;
  finished_at: Date | null;
}

export interface ReconciliationDifferenceTable {
  id: Generated<string>;
  reconciliation_id: string;
  number: string;
  task_id: string | null;
  kind: DifferenceKind;
  state_here: string | null;
  version_here: number | null;
  state_there: string | null;
  version_there: number | null;
  external_ref: string | null;
  healed: Healed;
}

export interface LeadTransferTable {
  id: Generated<string>;
  number: string;
  task_id: string | null;
  merchant_id: string;
  region_id: string;
  target: LeadTarget;
  target_name: string;
  legal_reason: string;
  summary: Generated<string>;
  document_ref: Generated<string>;
  export_id: string | null;
  evidence_sha256: string | null;
  state: ColumnType<LeadState, LeadState | undefined, LeadState>;
  case_number: Generated<string>;
  outcome: Generated<string>;
  sent_by: string;
  sent_at: Date;
  received_at: Date | null;
  decided_at: Date | null;
  concluded_at: Date | null;
  version: Generated<number>;
}

export interface OpenDataPolicyTable {
  region_id: string;
  jurisdiction_id: string;
  enabled: Generated<boolean>;
  kinds: Generated<string[]>;
  open_tasks: Generated<boolean>;
  merchant_names: Generated<boolean>;
  delay_days: Generated<number>;
  changed_by: string | null;
  changed_at: Date;
}

export interface PlatformSchema {
  delivery_replay: DeliveryReplayTable;
  platform_case: PlatformCaseTable;
  task_assignment: TaskAssignmentTable;
  platform_command: PlatformCommandTable;
  platform_line: PlatformLineTable;
  reconciliation: ReconciliationTable;
  reconciliation_difference: ReconciliationDifferenceTable;
  lead_transfer: LeadTransferTable;
  open_data_policy: OpenDataPolicyTable;
}
