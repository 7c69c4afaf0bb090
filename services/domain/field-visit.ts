/**
 * 到场核查: what somebody who was there says of a task or finding, and the command that follows from it. Pure.
 *
 * A visit is recorded whatever became of the task meanwhile: what cannot follow any more stays as a statement for the desk.
 */
import { ENDED_STATES, OWED_STATES, type TaskCommand } from './task-life.ts';
import type { TaskState } from './words.ts';

export const VISIT_OUTCOMES = [
  'put_right', // 已整改到位; of a recheck: nothing of the kind was seen
  'not_put_right', // 未整改到位; of a recheck: seen again
  'confirmed', // 线索属实: a finding that waited for a verdict
  'not_seen', // 现场未见
  'found', // 现场新发现
] as const;
export type VisitOutcome = (typeof VISIT_OUTCOMES)[number];

export const PLACE_PROBLEMS = ['denied', 'unavailable', 'timeout', 'unsupported'] as const;
/** Why a device gave no place. */
export type PlaceProblem = (typeof PLACE_PROBLEMS)[number];

/** Where a device believed itself: degrees WGS 84, radius in metres. */
export interface StatedPlace {
  lat: number;
  lon: number;
  accuracyM: number;
}

/** What a device stated of a photograph or visit: ISO 8601; null: it gave no place. */
export interface StatedVisit {
  at: string;
  place: StatedPlace | null;
}

/** What ends something must show it. */
export function needsPhoto(outcome: VisitOutcome): boolean {
  return outcome === 'put_right' || outcome === 'confirmed' || outcome === 'found';
}

export interface VisitedTask {
  state: TaskState;
  /** Its recheck is for people; else cameras still look. */
  byPeople: boolean;
  /** When it was answered, and when it was closed, last. */
  submittedAt: Date | null;
  closedAt: Date | null;
}

/**
 * What was seen before the answer that waits, or before the closure that is rechecked, says nothing of either: a visit that waited
 * for a line must neither return an answer that nobody read nor find again what was put right after it.
 */
export function seenBefore(task: VisitedTask, visitedAt: Date): boolean {
  const since =
    task.state === 'submitted' ? task.submittedAt : task.state === 'recheck_due' ? task.closedAt : null;
  return since !== null && visitedAt < since;
}

/**
 * The command that follows from what was seen of a task. `recur`: the new finding enters and ends the recheck as recurred.
 * null: nothing follows, it is a statement.
 */
export function followsFrom(
  outcome: 'put_right' | 'not_put_right',
  task: VisitedTask,
  visitedAt: Date,
): Extract<TaskCommand, 'close' | 'return' | 'pass_recheck' | 'recur'> | null {
  const { state, byPeople } = task;
  if (seenBefore(task, visitedAt)) return null;
  if (state === 'recheck_due') {
    if (outcome === 'not_put_right') return 'recur';
    // Cameras still look: it passes with the hours that they observed.
    return byPeople ? 'pass_recheck' : null;
  }
  if (state === 'submitted') return outcome === 'put_right' ? 'close' : 'return';
  return OWED_STATES.includes(state) && outcome === 'put_right' ? 'close' : null;
}

/** Why somebody should go there; the first that holds, the most pressing first. */
export type VisitReason = 'visit' | 'overdue' | 'recheck' | 'open';

export interface DueFacts {
  state: TaskState;
  /** It was returned as often as it may be: only a visit settles it. */
  visitRequired: boolean;
  overdue: boolean;
  byPeople: boolean;
}

export function reasonToVisit({ state, visitRequired, overdue, byPeople }: DueFacts): VisitReason | null {
  if (state === 'recheck_due') return byPeople ? 'recheck' : 'open';
  if (ENDED_STATES.includes(state)) return null;
  if (visitRequired) return 'visit';
  return overdue ? 'overdue' : 'open';
}
