import type { ColumnType, Generated } from 'kysely';
import type { StatedVisit } from '../domain/field-visit.ts';
import type { Rule } from '../domain/rules.ts';
import type {
  Detection,
  FindingSource,
  FindingState,
  KindCode,
  ModelRef,
  TaskClass,
} from '../domain/words.ts';

type Json<T> = ColumnType<T, string, string>;
type Created = Generated<Date>;

export interface FindingTable {
  id: Generated<string>;
  fingerprint: string;
  /** null: a reported finding of a place that no camera sees. */
  camera_id: string | null;
  zone_id: string;
  merchant_id: string;
  region_id: string;
  kind: KindCode;
  class: TaskClass;
  state: Generated<FindingState>;
  first_seen: Date;
  last_seen: Date;
  count: Generated<number>;
  /** null: no model gave it one. */
  score: number | null;
  rule: Json<Rule>;
  models: Json<ModelRef[]>;
  verdict_by: string | null;
  verdict_at: Date | null;
  verdict_reason: string | null;
  verdict_note: string | null;
  /** The class that who confirmed it gave; null: as rule and policy say. */
  verdict_class: TaskClass | null;
  created_at: Created;
  version: Generated<number>;
  source: Generated<FindingSource>;
  text: Generated<string>;
  place: Generated<string>;
  reported_by: string | null;
  merged_into: string | null;
  issue_at: Date | null;
  reopens: Generated<number>;
}

export interface FindingLookTable {
  finding_id: string;
  look_id: string;
}

export interface EvidenceTable {
  id: Generated<string>;
  finding_id: string;
  look_id: string;
  kind: 'frame' | 'clip';
  object_key: string;
  sha256: string;
  bytes: number;
  content_type: string;
  captured_at: Date;
  width: number | null;
  height: number | null;
  detail: Json<{
    detections?: Detection[];
    codec?: string;
    to?: string;
    /** A person's: photographed, or a camera's picture as it was then. */
    origin?: 'photo' | 'snapshot';
    /** The copy without metadata that is shown; absent: the bytes as received are. */
    shown?: { key: string; sha256: string };
    /** Of a visit: what the device stated of time and place. */
    visit?: StatedVisit;
  }>;
  created_at: Created;
}

/** Findings and their evidence. */
export interface FindingSchema {
  finding: FindingTable;
  finding_look: FindingLookTable;
  evidence: EvidenceTable;
}
