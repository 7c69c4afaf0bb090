import type { Zone } from './camera-types.ts';
import type { Evidence, HistoryEntry, Sibling } from './finding-types.ts';
import type { KindCode, Named, TaskState } from './types.ts';

/** Rectification tasks, as the API returns them. */

/** An escalation document; its address runs out after ten minutes. */
export interface IssuedDocument {
  id: string;
  number: string;
  title: string;
  state: 'rendering' | 'issued' | 'void';
  issuedAt: string;
  issuedBy: string;
  url: string | null;
  voidReason: string | null;
}

/** 文书草稿: waits for a head. */
export interface DocumentDraft {
  id: string;
  type: string;
  typeName: string;
  reason: string;
  recipient: string;
  createdAt: string;
  /** null: the step of the chain. */
  draftedBy: string | null;
}

export interface DocumentType {
  code: string;
  name: string;
  enabled: boolean;
  /** Whether the merchant reads it. */
  toMerchant: boolean;
}

export interface Task {
  id: string;
  number: string;
  findingId: string;
  merchant: Named;
  zone: Zone;
  kind: KindCode;
  class: 1 | 2 | 3;
  state: TaskState;
  /** null: no camera sees the place. */
  camera: Named | null;
  issuedAt: string;
  /** With the pauses that are over; while `pausedAt` is set, both move on with the clock. */
  acknowledgeDue: string;
  submitDue: string;
  pausedAt: string | null;
  acknowledgedAt: string | null;
  submittedAt: string | null;
  closedAt: string | null;
  recheckUntil: string | null;
  returns: number;
  visitRequired: boolean;
  /** 保全: nothing of its case is removed. */
  held: boolean;
  /** The step that is overdue now. */
  overdue: 'acknowledge' | 'submit' | null;
  frame: Evidence | null;
  version: number;
}

export type TaskCommand =
  | 'acknowledge'
  | 'submit'
  | 'appeal'
  | 'uphold_appeal'
  | 'reject_appeal'
  | 'close'
  | 'return'
  | 'escalate'
  | 'transfer'
  | 'withdraw'
  | 'reopen'
  | 'pass_recheck'
  | 'recur';

/** A photo by the merchant: a copy without metadata, and the bytes as received. */
export interface AnswerPhoto {
  id: string;
  url: string;
  /** null: this account may not have the bytes as received. */
  originalUrl: string | null;
  width: number;
  height: number;
}

export interface TaskAnswer {
  id: string;
  type: 'submission' | 'appeal';
  at: string;
  by: string;
  text: string;
  photos: AnswerPhoto[];
}

/** 到场核查: what was seen of a task or finding. */
export type VisitOutcome = 'put_right' | 'not_put_right' | 'confirmed' | 'not_seen' | 'found';

export interface VisitPhoto {
  id: string;
  url: string;
  width: number | null;
  height: number | null;
  takenAt: string;
  lat: number | null;
  lon: number | null;
}

export interface Visit {
  id: string;
  by: string;
  visitedAt: string;
  note: string;
  lat: number | null;
  lon: number | null;
  accuracyM: number | null;
  distanceM: number | null;
  placeProblem: string | null;
  items: {
    outcome: VisitOutcome;
    taskId: string | null;
    effect: string;
    kind: KindCode;
    number: string | null;
    text: string;
    photos: VisitPhoto[];
  }[];
}

export interface TaskDetail extends Task {
  /** All that it answers, the first one first. */
  findings: Sibling[];
  evidence: Evidence[];
  /** Oldest first. */
  answers: TaskAnswer[];
  /** In no answer yet. */
  photos: AnswerPhoto[];
  /** 到场核查, latest first. */
  visits: Visit[];
  history: HistoryEntry[];
  /** What this account may do now. */
  commands: TaskCommand[];
}
