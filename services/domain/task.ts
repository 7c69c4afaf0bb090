import { addTime, type CountedTime } from './task-clock.ts';

/** Limits of one severity class, in minutes from issue (acknowledge, submit) and from closure (recheck). */
export interface DeadlineLimits {
  acknowledgeMin: number;
  submitMin: number;
  recheckMin: number;
}

/** Deadlines as they are frozen onto a task when it is issued: they start at issue, never at frame time. */
export function deadlinesFrom(
  issuedAt: Date,
  limits: DeadlineLimits,
  time?: CountedTime,
): { acknowledgeDue: Date; submitDue: Date } {
  return {
    acknowledgeDue: addTime(time, issuedAt, limits.acknowledgeMin * 60_000),
    submitDue: addTime(time, issuedAt, limits.submitMin * 60_000),
  };
}

/** Reasons an inspector may give for dismissing a finding (核查结论). */
export const DISMISS_REASONS = [
  'wearing_it', // 已佩戴
  'not_staff', // 非从业人员
  'not_a_person', // 误检
  'not_working', // 未在操作
  'unclear_picture', // 画面不清
  'duplicate', // 重复线索
  'other', // 其他（须写明）
] as const;
export type DismissReason = (typeof DISMISS_REASONS)[number];
