/** What people may do with findings beside judging them: merge, split, put several into one task, think again. Pure. */
import { OWED_STATES } from './task-life.ts';
import type { FindingState, KindCode, TaskClass, TaskState } from './words.ts';

/**
 * Milliseconds in which a verdict can be taken back by the one who gave it. The task of a confirmed finding is issued only
 * after that, so that no merchant is told of something that is then undone; 10 s and a round of the worker leave most of
 * the 60 s that a class 1 finding has to reach the merchant (domain.md, "Duties").
 */
export const UNDO_MS = 10_000;

/** Findings that one request may merge, or give verdicts on: what a screen holds. */
export const MOST_AT_ONCE = 50;

/** A finding as far as merging depends on it. */
export interface MergeFacts {
  merchantId: string;
  kind: KindCode;
  class: TaskClass;
  state: FindingState;
  /** The task that answers it. */
  task: { state: TaskState; acknowledged: boolean; findings: number } | null;
}

export type MergeRefusal =
  | 'other_merchant'
  | 'other_kind'
  | 'graver'
  | 'not_open'
  | 'confirmed_into_pending'
  | 'target_ended'
  | 'task_in_the_way';

/**
 * Whether `one` may become part of `into`. A confirmed finding stays confirmed, so only a confirmed one may take it in; its own
 * task is withdrawn, which is fair only while the merchant has done nothing for it. What a task has settled takes in nothing
 * more: a finding after closure is a recurrence.
 */
export function mergeRefusal(into: MergeFacts, one: MergeFacts): MergeRefusal | undefined {
  if (into.merchantId !== one.merchantId) return 'other_merchant';
  if (into.kind !== one.kind) return 'other_kind';
  // What a finding was recorded as never changes, so the gravest is the one that stays.
  if (one.class < into.class) return 'graver';
  const open = (state: FindingState): boolean => state === 'pending_review' || state === 'confirmed';
  if (!open(into.state) || !open(one.state)) return 'not_open';
  if (into.task !== null && !OWED_STATES.includes(into.task.state)) return 'target_ended';
  if (one.state === 'confirmed' && into.state !== 'confirmed') return 'confirmed_into_pending';
  if (one.task !== null) {
    const untouched = one.task.state === 'issued' && !one.task.acknowledged && one.task.findings === 1;
    if (!untouched && one.task.state !== 'withdrawn') return 'task_in_the_way';
  }
  return undefined;
}

export type JoinRefusal =
  | 'other_merchant'
  | 'task_ended'
  | 'not_open'
  | 'in_another_task'
  | 'graver'
  | 'other_place';

/**
 * Whether an open task may answer one more finding. The task's limits are frozen, so nothing graver hides in it; class 1 is
 * answered place by place and kind by kind.
 */
export function joinRefusal(
  task: { merchantId: string; zoneId: string; kind: KindCode; class: TaskClass; state: TaskState },
  finding: {
    merchantId: string;
    zoneId: string;
    kind: KindCode;
    class: TaskClass;
    state: FindingState;
    inTask: boolean;
  },
): JoinRefusal | undefined {
  if (task.merchantId !== finding.merchantId) return 'other_merchant';
  if (!OWED_STATES.includes(task.state)) return 'task_ended';
  if (finding.state !== 'pending_review' && finding.state !== 'confirmed') return 'not_open';
  if (finding.inTask) return 'in_another_task';
  if (finding.class < task.class) return 'graver';
  if (finding.class === 1 && (finding.zoneId !== task.zoneId || finding.kind !== task.kind))
    return 'other_place';
  return undefined;
}
