/** What a row of a task's history may say was done, and why: one list each, for those who write it, withhold it and show it. Pure. */
import { VISIT_OUTCOMES } from './field-visit.ts';
import { DIFFERENCE_KINDS } from './reconcile.ts';
import { TASK_COMMANDS } from './task-life.ts';

/** What happens to a task without changing its state. */
export const TASK_NOTES = [
  'visit', // 到场核查
  'add_finding', // 并入问题
  'document', // 签发文书
  'void_document', // 作废文书
  'draft_document', // 起草文书
  'discard_draft', // 草稿不予签发
  'visit_due', // 到场核查超期
  'review_overdue', // 审核超期
  'prolong_recheck', // 回头看延长
  'hand_over_recheck', // 回头看转人工
  'sample', // 抽样复查
  'comment', // 平台批注
  'assign', // 平台指派
  'platform_receipt', // 平台接收
  'platform_differs', // 与平台对账有差异
] as const;

export const TASK_HISTORY_COMMANDS = [...TASK_COMMANDS, ...TASK_NOTES] as const;
export type TaskHistoryCommand = (typeof TASK_HISTORY_COMMANDS)[number];

export const isTaskHistoryCommand = (command: string): command is TaskHistoryCommand =>
  (TASK_HISTORY_COMMANDS as readonly string[]).includes(command);

/** Reasons that are codes. Others are names and numbers: an office, a person, a document, a platform's number of the case. */
export const TASK_REASONS = [
  'overdue_acknowledge',
  'overdue_submit',
  'overdue_review',
  'overdue_decide_appeal',
  'overdue_sample',
  'overdue_visit',
  'field_visit',
  'platform',
  'merged',
  'appeal_upheld',
  'appeal_rejected',
  'by_people',
  'drawn',
  'not_drawn',
  'finding_waits',
  'looks_wait',
  'seen_by_person',
  'found_by_person',
  'found_again',
  'passed_before',
  ...VISIT_OUTCOMES,
  ...DIFFERENCE_KINDS,
] as const;
export type TaskReason = (typeof TASK_REASONS)[number];

/** Hours truly observed in a recheck, of those needed. */
export type ObservedReason = `observed_${string}_of_${string}_h`;
