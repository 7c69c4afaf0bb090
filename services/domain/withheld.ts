/**
 * What of a task rights withhold from those who may read the task itself: rows and fields of its history, members of its events. One
 * decision for both, so that nobody hears by one way what the other keeps from them. Pure.
 */
import type { EventType } from './event-types.ts';
import type { Action } from './rights.ts';
import { isTaskHistoryCommand, type TaskHistoryCommand } from './task-history.ts';

/** Whether the one who reads may do this, where the task lies. */
export type Allowed = (action: Action) => boolean;

interface HistoryRow {
  command: string;
  reason: string;
  note: string;
}

/** Who drafts hears what became of it; who issues sees all drafts. Nothing of a draft is told to others before it is issued. */
const DRAFTS: readonly Action[] = ['document.draft', 'document.issue'];

/** Rows for those who have one of the rights. */
const ROWS: Partial<Record<TaskHistoryCommand, readonly Action[]>> = {
  draft_document: DRAFTS,
  discard_draft: DRAFTS,
  platform_receipt: ['office.read'],
  platform_differs: ['platform.read'],
  visit_due: ['office.read'],
  review_overdue: ['office.read'],
  sample: ['office.read'],
};

/** Fields that are empty for those who have not the right. */
const FIELDS: Partial<Record<TaskHistoryCommand, { right: Action; empty: Partial<HistoryRow> }>> = {
  // A merchant does not hear that it was reported, to whom, and why.
  transfer: { right: 'lead.read', empty: { reason: '', note: '' } },
  // The lot, and the share that is drawn.
  begin_recheck: { right: 'office.read', empty: { note: '' } },
  // It may be that something seen again waits for its verdict.
  prolong_recheck: { right: 'finding.read', empty: { reason: '' } },
};

/** A row that is not known here (a newer version wrote it) is for the office alone; one without a command is the issue of the task. */
function rowIsFor({ command }: HistoryRow, allowed: Allowed): boolean {
  if (command === '') return true;
  if (!isTaskHistoryCommand(command)) return allowed('office.read');
  return ROWS[command]?.some(allowed) ?? true;
}

/** Whether one who reads documents may have one of a type. @param toMerchant whether the merchant is its addressee */
export const documentIsFor = (toMerchant: boolean, allowed: Allowed): boolean =>
  toMerchant || allowed('document.read_others');

const OF_DOCUMENTS: readonly string[] = ['document', 'void_document'] satisfies TaskHistoryCommand[];

/** Of a document that was issued or declared void: `type:number` is its reason. */
function documentRowIsFor(row: HistoryRow, allowed: Allowed, toMerchant: ReadonlySet<string>): boolean {
  if (!OF_DOCUMENTS.includes(row.command)) return true;
  return documentIsFor(toMerchant.has(row.reason.split(':', 1)[0] ?? ''), allowed);
}

/**
 * The history as the one who reads may have it.
 * @param toMerchant codes of the types of documents that merchants are addressees of
 */
export function historyFor<Row extends HistoryRow>(
  rows: readonly Row[],
  allowed: Allowed,
  toMerchant: ReadonlySet<string>,
): Row[] {
  return rows
    .filter((row) => rowIsFor(row, allowed) && documentRowIsFor(row, allowed, toMerchant))
    .map((row) => {
      const less = isTaskHistoryCommand(row.command) ? FIELDS[row.command] : undefined;
      return less === undefined || allowed(less.right) ? row : { ...row, ...less.empty };
    });
}

type Payload = Readonly<Record<string, unknown>>;

/** The payload of an event as the one who may hear of its type may have it; undefined: of this one nothing at all. */
export function payloadFor(type: EventType, payload: Payload, allowed: Allowed): Payload | undefined {
  switch (type) {
    case 'document.issued':
    case 'document.voided':
      return documentIsFor(payload.toMerchant === true, allowed) ? payload : undefined;
    case 'task.transferred':
      return allowed('lead.read') ? payload : { ...payload, reason: '' };
    case 'task.escalated':
      return DRAFTS.some(allowed) ? payload : { ...payload, escalation: undrafted(payload.escalation) };
    case 'task.recheck_prolonged':
      // Without the hours that are needed: they are there only where hours are what is missing.
      return allowed('finding.read') ? payload : { ...payload, reason: '', neededMin: undefined };
    default:
      return payload;
  }
}

function undrafted(escalation: unknown): unknown {
  if (typeof escalation !== 'object' || escalation === null) return undefined;
  return { ...escalation, document: undefined, draftId: undefined };
}
