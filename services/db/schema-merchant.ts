/** Tables of migration 0016: checklists, the merchant's books, and photos that arrive in parts. */
import type { ColumnType, Generated } from 'kysely';
import type { CheckAnswer, ChecklistItem, LedgerFacts, LedgerPeriod } from '../domain/ledger.ts';

type Json<T> = ColumnType<T, string, never>;

export interface ChecklistTable {
  id: Generated<string>;
  region_id: string | null;
  merchant_type: string | null;
  period: LedgerPeriod;
  version: number;
  title: string;
  title_en: string;
  items: Json<ChecklistItem[]>;
  changed_by: string | null;
  changed_at: Generated<Date>;
}

/** `start` and `month` are local dates, YYYY-MM-DD. */
export interface LedgerRecordTable {
  id: Generated<string>;
  merchant_id: string;
  period: LedgerPeriod;
  start: string;
  revision: number;
  checklist_id: string;
  answers: Json<CheckAnswer[]>;
  facts: Json<LedgerFacts>;
  summary: string;
  content_hash: string;
  account_id: string;
  at: Date;
}

export interface LedgerSignatureTable {
  id: Generated<string>;
  merchant_id: string;
  month: string;
  records: Json<string[]>;
  content_hash: string;
  account_id: string;
  at: Date;
}

export interface PhotoUploadTable {
  id: Generated<string>;
  /** null: for a report, which has no task yet. */
  task_id: string | null;
  account_id: string;
  sha256: string;
  bytes: number;
  created_at: Date;
}

export interface PhotoUploadPartTable {
  upload_id: string;
  position: number;
  data: Buffer;
}

export interface MerchantSchema {
  checklist: ChecklistTable;
  ledger_record: LedgerRecordTable;
  ledger_signature: LedgerSignatureTable;
  photo_upload: PhotoUploadTable;
  photo_upload_part: PhotoUploadPartTable;
}
