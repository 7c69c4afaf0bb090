/** Tables of migration 0019: escalation documents, and the nightly check of history. */
import type { ColumnType, Generated } from 'kysely';
import type { TaskStep } from '../domain/task-clock.ts';
import type { HistoryFault } from './history-fault.ts';

type Json<T> = ColumnType<T, string, string>;
type BigInt8 = ColumnType<string, string | number, string | number>;

export interface DocumentTypeTable {
  id: Generated<string>;
  code: string;
  name: string;
  series: string;
  enabled: Generated<boolean>;
  /** Whether the merchant is told of its documents; false: they go to other offices. */
  to_merchant: Generated<boolean>;
  version: Generated<number>;
}

export interface DocumentTemplateTable {
  id: Generated<string>;
  region_id: string | null;
  type: string;
  version: number;
  title: string;
  body: string;
  changed_by: string | null;
  changed_at: Date;
}

export interface DocumentCounterTable {
  region_id: string;
  type: string;
  year: number;
  last: number;
}

export interface DocumentTable {
  id: Generated<string>;
  number: string;
  region_id: string;
  type: string;
  year: number;
  serial: number;
  task_id: string;
  merchant_id: string;
  template_id: string;
  title: string;
  /** services/documents/content.ts, DocumentContent */
  content: Json<unknown>;
  state: Generated<'rendering' | 'issued' | 'void'>;
  object_key: string | null;
  sha256: string | null;
  bytes: number | null;
  issued_by: string;
  issued_at: Date;
  voided_by: string | null;
  voided_at: Date | null;
  void_reason: string | null;
}

export interface DocumentDraftTable {
  id: Generated<string>;
  task_id: string;
  round: number;
  /** The step of the chain; null: a person drafted it. */
  late: TaskStep | null;
  level: number | null;
  type: string;
  reason: string;
  recipient: Generated<string>;
  drafted_by: string | null;
  state: Generated<'waiting' | 'issued' | 'discarded'>;
  document_id: string | null;
  decided_by: string | null;
  decided_at: Date | null;
  note: Generated<string>;
  created_at: Date;
}

export interface HistoryCheckTable {
  id: Generated<string>;
  started_at: Date;
  finished_at: Date;
  rows: BigInt8;
  chains: BigInt8;
  fault_count: number;
  faults: Json<HistoryFault[]>;
}

export interface DocumentSchema {
  document_type: DocumentTypeTable;
  document_template: DocumentTemplateTable;
  document_counter: DocumentCounterTable;
  document: DocumentTable;
  document_draft: DocumentDraftTable;
  history_check: HistoryCheckTable;
}
