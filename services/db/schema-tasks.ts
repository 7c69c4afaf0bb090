import type { ColumnType, Generated } from 'kysely';
import type { KindCode, TaskClass, TaskState } from '../domain/words.ts';
import type { TaskStepColumns } from './schema-policy.ts';

type Json<T> = ColumnType<T, string, string>;
type Created = Generated<Date>;

export interface TaskTable extends TaskStepColumns {
  id: Generated<string>;
  number: string;
  finding_id: string;
  merchant_id: string;
  region_id: string;
  zone_id: string;
  kind: KindCode;
  class: TaskClass;
  state: TaskState;
  issued_at: Date;
  /** null: by policy, without a person. */
  issued_by: string | null;
  acknowledge_due: Date;
  submit_due: Date;
  limits: Json<{ acknowledgeMin: number; submitMin: number; recheckMin: number }>;
  acknowledged_at: Date | null;
  submitted_at: Date | null;
  closed_at: Date | null;
  recheck_until: Date | null;
  paused_at: Date | null;
  paused_ms: Generated<number>;
  returns: Generated<number>;
  appeals: Generated<number>;
  interrupted_state: TaskState | null;
  escalations: Generated<number>;
  acknowledge_escalated_at: Date | null;
  submit_escalated_at: Date | null;
  reopens: Generated<number>;
  review_due: Date | null;
  review_reminded_at: Date | null;
  version: Generated<number>;
  created_at: Created;
}

export interface TaskPhotoTable {
  id: Generated<string>;
  task_id: string;
  object_key: string;
  sha256: string;
  bytes: number;
  width: number;
  height: number;
  shown_key: string;
  shown_sha256: string;
  uploaded_by: string;
  uploaded_at: Date;
}

/** A photo of an answer as it was when the answer was given. */
export interface AnswerPhoto {
  id: string;
  key: string;
  sha256: string;
  bytes: number;
}

export interface TaskAnswerTable {
  id: Generated<string>;
  task_id: string;
  type: 'submission' | 'appeal';
  text: string;
  photos: Json<AnswerPhoto[]>;
  content_hash: string;
  account_id: string;
  at: Date;
}

export interface CommandKeyTable {
  task_id: string;
  key: string;
  fingerprint: string;
  result: Json<{ state: TaskState; version: number }>;
  at: Date;
}

/** Rectification tasks, their photographs, answers, and the keys of commands. */
export interface TaskSchema {
  task: TaskTable;
  task_photo: TaskPhotoTable;
  task_answer: TaskAnswerTable;
  command_key: CommandKeyTable;
}
