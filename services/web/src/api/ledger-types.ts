/** The merchant's three books, as the API returns them. Dates are local, YYYY-MM-DD. */
import type { FaultKind, KindCode, Named, TaskState } from './types.ts';

export type LedgerPeriod = 'day' | 'week' | 'month';
export type RecordState = 'future' | 'closed' | 'open' | 'done' | 'late' | 'missed';
export type CheckResult = 'ok' | 'problem' | 'none';

export interface ChecklistItem {
  code: string;
  text: string;
  textEn: string;
  kinds: KindCode[];
  faults: boolean;
}

export interface Checklist {
  id: string;
  /** Code; null: everywhere. */
  region: string | null;
  merchantType: string | null;
  period: LedgerPeriod;
  version: number;
  title: string;
  titleEn: string;
  items: ChecklistItem[];
}

export interface CheckAnswer {
  code: string;
  result: CheckResult;
  note: string;
}

export interface FactTask {
  id: string;
  number: string;
  kind: KindCode;
  state: TaskState;
  at: string;
}
export interface FactFault {
  kind: FaultKind;
  camera: string;
  since: string;
  until: string | null;
}

/** What the cameras say about an item. */
export type Proposal =
  | { result: 'problem'; tasks: FactTask[]; faults: FactFault[] }
  | { result: 'ok'; observedMinutes: number };

export interface LedgerRecord {
  id: string;
  revision: number;
  answers: CheckAnswer[];
  summary: string;
  contentHash: string;
  by: string;
  at: string;
}

export interface LedgerSheet {
  merchant: Named;
  period: LedgerPeriod;
  start: string;
  end: string;
  state: RecordState;
  checklist: Checklist;
  proposals: Record<string, Proposal>;
  /** Oldest first; the last one holds. */
  revisions: LedgerRecord[];
  signed: boolean;
  mayWrite: boolean;
}

export interface LedgerLine {
  period: LedgerPeriod;
  start: string;
  end: string;
  state: RecordState;
  problems: number;
}

export interface LedgerMonth {
  merchant: Named;
  /** YYYY-MM */
  month: string;
  today: string;
  lines: LedgerLine[];
  contentHash: string;
  signature: { by: string; at: string; contentHash: string } | null;
  maySign: boolean;
  notYet: 'month_not_over' | 'week_not_over' | 'no_meeting' | null;
}

interface Count {
  done: number;
  late: number;
  due: number;
}

export interface LedgerSummary {
  merchant: Named;
  type: string;
  day: Count;
  week: Count;
  month: Count;
  problems: number;
  signedAt: string | null;
}
