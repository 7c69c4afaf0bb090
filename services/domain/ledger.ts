/**
 * 三本账: the merchant's own records, 日管控 (day), 周排查 (week), 月调度 (month), as 企业落实食品安全主体责任监督管理规定 (SAMR order 60) asks
 * for: 每日食品安全检查记录, 每周食品安全排查治理报告, 每月食品安全调度会议纪要. Pure; dates are local, YYYY-MM-DD.
 */

import { createHash } from 'node:crypto';
import type { OpeningHours } from './hours.ts';
import { WEEKDAYS } from './hours.ts';
import { isMotionKind } from './night-watch.ts';
import { addDays, isDate, startOf, startOfNext } from './period.ts';
import { isWithin } from './rules.ts';
import { type Said, said } from './said.ts';
import { type FaultKind, isViolationKind, type KindCode, type TaskState } from './words.ts';

export const LEDGER_PERIODS = ['day', 'week', 'month'] as const;
export type LedgerPeriod = (typeof LEDGER_PERIODS)[number];

/** One line of a checklist (风险管控清单). */
export interface ChecklistItem {
  /** Stays the same over versions, so that answers can be compared. */
  code: string;
  text: string;
  textEn: string;
  /** Kinds of findings that speak to it: they fill it in. */
  kinds: KindCode[];
  /** Camera faults speak to it. */
  faults: boolean;
}

export interface Checklist {
  id: string;
  /** null: everywhere. */
  regionPath: string | null;
  /** 业态; null: every type that has none of its own. */
  merchantType: string | null;
  period: LedgerPeriod;
  version: number;
}

export const CHECK_RESULTS = ['ok', 'problem', 'none'] as const;
/** `none`: does not apply here. */
export type CheckResult = (typeof CHECK_RESULTS)[number];

export interface CheckAnswer {
  code: string;
  result: CheckResult;
  /** What was wrong and what was done about it. */
  note: string;
}

/** What the cameras say about a span of time. */
export interface LedgerFacts {
  /** Confirmed findings only: a merchant hears of no others. */
  tasks: { id: string; number: string; kind: KindCode; state: TaskState; at: string }[];
  faults: { kind: FaultKind; camera: string; since: string; until: string | null }[];
  /** Minutes in which pictures were judged; without any, "nothing found" says nothing. */
  observedMinutes: number;
  /** Minutes that could show what only motion shows (rodents, see MotionRecord of recheck.ts); absent in older records. */
  motionMinutes?: number;
}

/** What the facts propose for one item. `ok` only where somebody looked. */
export type Proposal =
  | { result: 'problem'; tasks: LedgerFacts['tasks']; faults: LedgerFacts['faults'] }
  | { result: 'ok'; observedMinutes: number };

export function proposalFor(item: ChecklistItem, facts: LedgerFacts): Proposal | null {
  const tasks = facts.tasks.filter(({ kind }) => item.kinds.includes(kind));
  const faults = item.faults ? facts.faults : [];
  if (tasks.length > 0 || faults.length > 0) return { result: 'problem', tasks, faults };
  if (item.kinds.length === 0 && !item.faults) return null;
  const byMotion = item.kinds.some((kind) => isViolationKind(kind) && isMotionKind(kind));
  const observedMinutes = byMotion ? (facts.motionMinutes ?? 0) : facts.observedMinutes;
  return observedMinutes === 0 ? null : { result: 'ok', observedMinutes };
}

/** The checklist that holds for a merchant: the deepest region wins; there its own type before all types; then the newest. */
export function checklistFor<C extends Checklist>(
  lists: readonly C[],
  place: { regionPath: string; merchantType: string },
  period: LedgerPeriod,
): C | undefined {
  const rank = (list: C): number[] => [
    list.regionPath === null ? 0 : list.regionPath.split('.').length,
    list.merchantType === null ? 0 : 1,
    list.version,
  ];
  const applies = lists.filter(
    (list) =>
      list.period === period &&
      isWithin(place.regionPath, list.regionPath) &&
      (list.merchantType === null || list.merchantType === place.merchantType),
  );
  return applies.sort((a, b) => compare(rank(b), rank(a)))[0];
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (const [i, value] of a.entries()) {
    const other = b[i] ?? 0;
    if (value !== other) return value - other;
  }
  return 0;
}

/** First and last day of a record. */
export function spanOf(period: LedgerPeriod, start: string): { from: string; to: string } {
  return { from: start, to: addDays(startOfNext(period, start), -1) };
}

/** What is wrong with a start; undefined: nothing. Weeks begin on Monday. */
export function startFault(period: LedgerPeriod, start: string, today: string): Said | undefined {
  if (!isDate(start)) return said('not_a_date');
  if (startOf(period, start) !== start)
    return said('not_first_day', { period, start: startOf(period, start) });
  if (start > today) return said('in_the_future');
  return undefined;
}

/** The month whose book a record stands in: a week belongs to the month of its first day. */
export const monthOf = (start: string): string => startOf('month', start);

/** What is missing in the answers; undefined: nothing. */
export function answersFault(
  items: readonly ChecklistItem[],
  answers: readonly CheckAnswer[],
): ({ field: string } & Said) | undefined {
  const given = new Map(answers.map((answer) => [answer.code, answer]));
  for (const { code } of items) {
    const answer = given.get(code);
    if (answer === undefined) return { field: 'answers', ...said('item_not_answered', { item: code }) };
    if (answer.result === 'problem' && answer.note.trim() === '')
      return { field: 'answers', ...said('problem_needs_words', { item: code }) };
  }
  const known = new Set(items.map(({ code }) => code));
  const strange = answers.findIndex(({ code }) => !known.has(code));
  if (strange >= 0) return { field: `answers.${strange}.code`, ...said('not_on_checklist') };
  if (given.size < answers.length) return { field: 'answers', ...said('item_answered_twice') };
  return undefined;
}

/** Whether the merchant works at all on this weekday: a closed day owes no check. */
export function opensOn(hours: OpeningHours | null, date: string): boolean {
  if (hours === null) return true;
  const weekday = WEEKDAYS[(new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7] ?? 'mon';
  return (hours[weekday] ?? []).length > 0;
}

export type RecordState = 'future' | 'closed' | 'open' | 'done' | 'late' | 'missed';

/** @param recordedOn local date of the first record; null: there is none @param opens false: a day without opening hours */
export function recordState(
  span: { from: string; to: string },
  today: string,
  recordedOn: string | null,
  opens = true,
): RecordState {
  if (recordedOn !== null) return recordedOn > span.to ? 'late' : 'done';
  if (span.from > today) return 'future';
  if (!opens) return 'closed';
  return span.to < today ? 'missed' : 'open';
}

/** What the owner signs: every record of the month in its last version, in order. */
export function monthHash(
  records: readonly { period: LedgerPeriod; start: string; revision: number; contentHash: string }[],
): string {
  const lines = records
    .map(({ period, start, revision, contentHash }) => `${period} ${start} ${revision} ${contentHash}`)
    .sort();
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}
