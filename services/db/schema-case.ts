import type { ColumnType, Generated } from 'kysely';
import type { RetentionItem, RetentionSince } from '../domain/retention.ts';

/** The tables of migration 0010: case file, holds, retention. */

type Json<T> = ColumnType<T, string, string>;

export interface CaseSourceTable {
  source: string;
  relation: string;
  case_by: 'id' | 'finding_id' | 'task_id' | 'entity';
  columns: string[];
}

/** Written by triggers alone, like case_link. */
export interface CaseChainTable {
  case_id: ColumnType<string, never, never>;
  links: ColumnType<number, never, never>;
  hash: ColumnType<string, never, never>;
}

export interface CaseLinkTable {
  case_id: ColumnType<string, never, never>;
  seq: ColumnType<number, never, never>;
  source: ColumnType<string, never, never>;
  item_id: ColumnType<string, never, never>;
  digest: ColumnType<string, never, never>;
  recorded_at: ColumnType<Date, never, never>;
  prev_hash: ColumnType<string, never, never>;
  hash: ColumnType<string, never, never>;
}

export interface LegalHoldTable {
  id: Generated<string>;
  case_id: string;
  reason: string;
  placed_by: string | null;
  placed_at: Date;
  lifted_by: string | null;
  lifted_at: Date | null;
  lift_reason: string | null;
}

export interface RetentionPolicyTable {
  id: Generated<string>;
  region_id: string | null;
  item: RetentionItem;
  since: RetentionSince;
  keep_days: number | null;
}

/** A view. */
export interface ObjectReferenceTable {
  object_key: string;
  case_id: string | null;
  source: string;
  item_id: string;
  what: string | null;
  sha256: string | null;
  bytes: number | null;
}

/** A view. */
export interface CasePhaseTable {
  case_id: string;
  region_id: string;
  phase: 'open' | 'closed' | 'dismissed';
  since: Date | null;
}

export interface ObjectRemovalTable {
  id: Generated<string>;
  object_key: string;
  sha256: string;
  bytes: ColumnType<string | null, number | string | null, number | string | null>;
  why: 'retention' | 'orphan';
  policy: Json<Record<string, unknown>>;
  planned_at: Date;
  started_at: Date | null;
  done_at: Date | null;
  cancelled_at: Date | null;
}

export interface OrphanObjectTable {
  object_key: string;
  first_seen: Date;
}

export interface RetentionCursorTable {
  name: string;
  position: string;
}

export interface LogRemovalTable {
  id: Generated<string>;
  item: 'event' | 'delivery';
  first_id: string;
  last_id: string;
  rows: number;
  sha256: string;
  keep_days: number;
  at: Date;
}

export interface EvidenceKeyTable {
  id: string;
  public_key: string;
  created_at: Date;
  retired_at: Date | null;
}

export interface CaseExportTable {
  id: Generated<string>;
  case_id: string;
  purpose: string;
  account_id: string | null;
  at: Date;
  manifest_sha256: string | null;
  key_id: string | null;
  finished_at: Date | null;
}

export interface CaseTimeStampTable {
  id: Generated<string>;
  case_id: string;
  seq: number;
  hash: string;
  state: Generated<'pending' | 'stamped' | 'dead'>;
  attempts: Generated<number>;
  next_at: Date;
  last_error: string | null;
  token: Buffer | null;
  stamped_at: Date | null;
  authority: string | null;
  created_at: Date;
}

export interface CaseSchema {
  case_source: CaseSourceTable;
  case_chain: CaseChainTable;
  case_link: CaseLinkTable;
  legal_hold: LegalHoldTable;
  retention_policy: RetentionPolicyTable;
  object_reference: ObjectReferenceTable;
  case_phase: CasePhaseTable;
  object_removal: ObjectRemovalTable;
  orphan_object: OrphanObjectTable;
  retention_cursor: RetentionCursorTable;
  log_removal: LogRemovalTable;
  evidence_key: EvidenceKeyTable;
  case_export: CaseExportTable;
  case_time_stamp: CaseTimeStampTable;
}
