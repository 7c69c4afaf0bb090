import type { ColumnType, Generated } from 'kysely';
import type { KindCode, TaskClass } from '../domain/words.ts';

/** Tables of migration 0009: kinds, merging, tasks of several findings, reports by people. */

type Json<T> = ColumnType<T, string, string>;

export interface FindingKindTable {
  id: Generated<string>;
  code: KindCode;
  name_zh: string;
  name_en: string;
  class: TaskClass;
  modelled: Generated<boolean>;
  enabled: Generated<boolean>;
}

export interface FindingMergeTable {
  id: Generated<string>;
  finding_id: string;
  into_id: string;
  count: number;
  into_last_seen: Date;
  into_score: number | null;
  merged_by: string;
  merged_at: Date;
  split_by: string | null;
  split_at: Date | null;
}

export interface TaskFindingTable {
  task_id: string;
  finding_id: string;
  added_by: string | null;
  added_at: Date;
  released_at: Date | null;
}

export interface ReportPhotoTable {
  id: Generated<string>;
  object_key: string;
  sha256: string;
  bytes: number;
  width: number;
  height: number;
  shown_key: string;
  shown_sha256: string;
  camera_id: string | null;
  taken_at: Date | null;
  uploaded_by: string;
  uploaded_at: Date;
  finding_id: string | null;
}

export interface RequestKeyTable {
  account_id: string;
  key: string;
  part: Generated<string>;
  fingerprint: string;
  result: Json<unknown>;
  at: Date;
}

export interface FindingLifeSchema {
  finding_kind: FindingKindTable;
  finding_merge: FindingMergeTable;
  task_finding: TaskFindingTable;
  report_photo: ReportPhotoTable;
  request_key: RequestKeyTable;
}
