/**
 * What a task waits for next, and when that is due. Worked out in the transaction of every change and kept on the row
 * (task.next_step, next_step_at): the database is the truth, jobs only wake somebody. domain/step-audit.ts works the same
 * out a second time, in another way. Pure.
 */
import { classOf, type FrozenPolicy } from './policy.ts';
import { addTime, type CountedTime, dueTimes, type TaskStep } from './task-clock.ts';
import { OWED_STATES } from './task-life.ts';
import type { KindCode, TaskClass, TaskState } from './words.ts';

export const NEXT_STEPS = [
  'acknowledge', // 签收期限
  'submit', // 整改期限
  'escalate', // 升级下一级
  'decide_appeal', // 申诉裁定期限
  'review', // 答复核查期限
  'field_visit', // 到场核查期限
  'begin_recheck', // 开始回头看
  'recheck', // 回头看到期
  'sample', // 抽样复查，由人完成
] as const;
export type NextStep = (typeof NEXT_STEPS)[number];

/** All that the next step depends on. */
export interface StepFacts {
  state: TaskState;
  class: TaskClass;
  acknowledgeDue: Date;
  submitDue: Date;
  acknowledgedAt: Date | null;
  submittedAt: Date | null;
  closedAt: Date | null;
  pausedAt: Date | null;
  pausedMs: number;
  returns: number;
  recheckUntil: Date | null;
  /** Steps of the chain that were taken for each late step. */
  acknowledgeLevel: number;
  submitLevel: number;
  /** When the last one was taken, moved on by the pauses since: its delay does not run while an appeal waits. */
  escalatedAt: Date | null;
  /** The overdue field visit was told. */
  visitToldAt: Date | null;
  /** The inspectors were told that an answer or appeal, or the recheck by people, waits too long. */
  reviewToldAt: Date | null;
  /** People look, not cameras: a drawn class-3 task, or a recheck that could not observe enough. */
  byPeople: boolean;
  /** Class 3: whether it was drawn; null: not decided. */
  sampled: boolean | null;
}

export interface DueStep {
  step: NextStep;
  /** null: waits for a person. */
  at: Date | null;
}

/** A step of the chain that falls due. */
export interface DueEscalation {
  late: TaskStep;
  /** 0-based place in the chain. */
  level: number;
  at: Date;
}

export const timeOf = (frozen: FrozenPolicy, taskClass: TaskClass): CountedTime => ({
  counting: frozen.policy.limits[taskClass].counting,
  calendar: frozen.calendar,
});

/** The next step; null when nothing more is to come. */
export function nextStep(facts: StepFacts, frozen: FrozenPolicy): DueStep | null {
  switch (facts.state) {
    case 'issued':
    case 'acknowledged':
    case 'returned':
    case 'escalated': {
      const due = nextEscalation(facts, frozen);
      // The end of the chain: everybody was told; the merchant still owes it.
      if (due === null) return { step: facts.acknowledgedAt === null ? 'acknowledge' : 'submit', at: null };
      return { step: due.level === 0 ? due.late : 'escalate', at: due.at };
    }
    case 'appealed':
      return { step: 'decide_appeal', at: reviewAt(facts, frozen) };
    case 'submitted':
      return visitNeeded(facts, frozen)
        ? { step: 'field_visit', at: facts.visitToldAt === null ? waitsUntil(facts, frozen) : null }
        : { step: 'review', at: reviewAt(facts, frozen) };
    case 'closed':
      // Class 3 that was not drawn: done with.
      return facts.sampled === false ? null : { step: 'begin_recheck', at: facts.closedAt };
    case 'recheck_due':
      return facts.byPeople
        ? { step: 'sample', at: peopleAt(facts, frozen) }
        : { step: 'recheck', at: facts.recheckUntil };
    case 'transferred':
    case 'withdrawn':
    case 'recheck_passed':
    case 'recurred':
      return null;
  }
}

/** When the inspectors are told that it waits too long; null: they were, once. */
const reviewAt = (facts: StepFacts, frozen: FrozenPolicy): Date | null =>
  facts.reviewToldAt === null ? waitsUntil(facts, frozen) : null;

/** Until when people have looked again: as long after the recheck's period as for a visit; null: they were told that it is late, once. */
const peopleAt = (facts: StepFacts, frozen: FrozenPolicy): Date | null =>
  facts.reviewToldAt !== null || facts.recheckUntil === null
    ? null
    : addTime(timeOf(frozen, facts.class), facts.recheckUntil, frozen.policy.answers.visitMin * 60_000);

/** Returned as often as the policy allows: only a visit settles the answer. */
const visitNeeded = (facts: Pick<StepFacts, 'returns'>, { policy }: FrozenPolicy): boolean =>
  facts.returns >= policy.answers.returnsBeforeVisit;

/** Until when a person has looked at what waits: an appeal or answer at the desk, the last answer on the spot. */
export function waitsUntil(
  facts: Pick<StepFacts, 'state' | 'class' | 'returns' | 'pausedAt'>,
  frozen: FrozenPolicy,
): Date | null {
  if (facts.pausedAt === null) return null;
  const visit = facts.state === 'submitted' && visitNeeded(facts, frozen);
  const { answers, limits } = frozen.policy;
  const minutes = visit ? answers.visitMin : limits[facts.class].reviewMin;
  return addTime(timeOf(frozen, facts.class), facts.pausedAt, minutes * 60_000);
}

/**
 * The next step of the chain. Each late step runs the chain from its start; that of acknowledging ends when the task is
 * acknowledged, or when the later limit passes, which then speaks for both.
 */
export function nextEscalation(facts: StepFacts, frozen: FrozenPolicy): DueEscalation | null {
  if (!OWED_STATES.includes(facts.state)) return null;
  const time = timeOf(frozen, facts.class);
  const due = dueTimes({ ...facts, pausedAt: null, time }, facts.submitDue);
  const chain = frozen.policy.escalation[facts.class];
  const at = (from: Date, level: number): Date | null => {
    const step = chain[level];
    if (step === undefined) return null;
    const since = level === 0 ? from : (facts.escalatedAt ?? from);
    return addTime(time, since, step.delayMin * 60_000);
  };
  const submitAt = at(due.submit, facts.submitLevel);
  if (facts.acknowledgedAt === null && facts.submitLevel === 0) {
    const acknowledgeAt = at(due.acknowledge, facts.acknowledgeLevel);
    if (acknowledgeAt !== null && acknowledgeAt < due.submit)
      return { late: 'acknowledge', level: facts.acknowledgeLevel, at: acknowledgeAt };
  }
  return submitAt === null ? null : { late: 'submit', level: facts.submitLevel, at: submitAt };
}

/** The step of the chain that should have been taken by `now`, given how far it is. */
export function escalationDue(facts: StepFacts, frozen: FrozenPolicy, now: Date): DueEscalation | null {
  const next = nextEscalation(facts, frozen);
  if (next === null || next.at > now) return null;
  if (next.late === 'submit') return next;
  // A long break: the later limit has passed too.
  const time = timeOf(frozen, facts.class);
  const { submit } = dueTimes({ ...facts, pausedAt: null, time }, now);
  if (submit > now) return next;
  const late = nextEscalation({ ...facts, acknowledgedAt: submit }, frozen);
  return late !== null && late.at <= now ? late : next;
}

/** Class and limits of a task that is issued now. @param byPerson the class that an inspector gave */
export function frozenLimits(
  frozen: FrozenPolicy,
  kind: KindCode,
  ruleClass: TaskClass,
  byPerson: TaskClass | null = null,
) {
  const taskClass = byPerson ?? classOf(frozen.policy, kind, ruleClass);
  const { acknowledgeMin, submitMin, recheckMin } = frozen.policy.limits[taskClass];
  return {
    class: taskClass,
    limits: { acknowledgeMin, submitMin, recheckMin },
    time: timeOf(frozen, taskClass),
  };
}
