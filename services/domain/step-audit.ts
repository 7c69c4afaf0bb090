/**
 * The auditor's own opinion of what a task waits for: from the facts alone, as a list of duties of which the first that is not
 * done counts. Shares no code with domain/task-steps.ts but the arithmetic of time; a test compares the two over many lives.
 * Pure.
 */
import type { FrozenPolicy } from './policy.ts';
import type { TaskClass, TaskState } from './words.ts';
import { addCounted, countedMs } from './work-calendar.ts';

/** Facts that nobody derives: frozen at issue, or written when something happened. */
export interface AuditFacts {
  state: TaskState;
  class: TaskClass;
  acknowledgeDue: Date;
  submitDue: Date;
  /** Answers and appeals that waited and were returned or rejected: from when to when (history). */
  pauses: { from: Date; to: Date }[];
  acknowledgedAt: Date | null;
  closedAt: Date | null;
  recheckUntil: Date | null;
  returns: number;
  visitToldAt: Date | null;
  reviewToldAt: Date | null;
  /** The answer or appeal that waits came then (history); null: none waits. */
  waitsSince: Date | null;
  byPeople: boolean;
  sampled: boolean | null;
  /** Steps of the chain that were taken (task_escalation). */
  told: { late: 'acknowledge' | 'submit'; level: number; at: Date }[];
}

/** `at` null: a person's turn. */
export interface Duty {
  step: string;
  at: Date | null;
}

/** Which duties belong to which state; the first of the list counts. Empty: nothing more is to come. */
export function dutyOf(facts: AuditFacts, frozen: FrozenPolicy): Duty | null {
  const owes = ['issued', 'acknowledged', 'returned', 'escalated'].includes(facts.state);
  const duties: (Duty | null)[] = [
    owes && facts.acknowledgedAt === null ? lateDuty(facts, frozen, 'acknowledge') : null,
    owes ? lateDuty(facts, frozen, 'submit') : null,
    owes ? { step: facts.acknowledgedAt === null ? 'acknowledge' : 'submit', at: null } : null,
    facts.state === 'appealed' ? deskDuty(facts, frozen, 'decide_appeal') : null,
    facts.state === 'submitted' ? visitDuty(facts, frozen) : null,
    facts.state === 'closed' && facts.sampled !== false
      ? { step: 'begin_recheck', at: facts.closedAt }
      : null,
    facts.state === 'recheck_due' && facts.byPeople ? againDuty(facts, frozen) : null,
    facts.state === 'recheck_due' ? { step: 'recheck', at: facts.recheckUntil } : null,
  ];
  return duties.find((duty) => duty !== null) ?? null;
}

function lateDuty(facts: AuditFacts, frozen: FrozenPolicy, late: 'acknowledge' | 'submit'): Duty | null {
  const { counting } = frozen.policy.limits[facts.class];
  const later = (from: Date, ms: number): Date => addCounted(frozen.calendar, counting, from, ms);
  const stood = (since: Date): number =>
    facts.pauses
      .filter(({ from }) => from >= since)
      .reduce((sum, { from, to }) => sum + countedMs(frozen.calendar, counting, from, to), 0);
  const all = stood(new Date(0));
  const mine = facts.told.filter((one) => one.late === late);
  const last = mine.reduce<(typeof mine)[number] | null>(
    (a, b) => (a === null || b.level > a.level ? b : a),
    null,
  );
  const level = (last?.level ?? -1) + 1;
  const step = frozen.policy.escalation[facts.class][level];
  if (step === undefined) return null;
  const submitBy = later(facts.submitDue, all);
  const due = late === 'submit' ? submitBy : later(facts.acknowledgeDue, all);
  const at = later(last?.at ?? due, (last === null ? 0 : stood(last.at)) + step.delayMin * 60_000);
  // The later limit speaks for both.
  const overtaken = at >= submitBy || facts.told.some((one) => one.late === 'submit');
  if (late === 'acknowledge' && overtaken) return null;
  return { step: level === 0 ? late : 'escalate', at };
}

/** Somebody looks at it within the class's limit, or the inspectors are told, once. */
function deskDuty(facts: AuditFacts, frozen: FrozenPolicy, step: 'review' | 'decide_appeal'): Duty {
  const { reviewMin, counting } = frozen.policy.limits[facts.class];
  if (facts.reviewToldAt !== null || facts.waitsSince === null) return { step, at: null };
  return { step, at: addCounted(frozen.calendar, counting, facts.waitsSince, reviewMin * 60_000) };
}

/** Somebody looks again in the days after the recheck's period, or the inspectors are told, once. */
function againDuty(facts: AuditFacts, frozen: FrozenPolicy): Duty {
  const until = facts.recheckUntil;
  if (until === null || facts.reviewToldAt !== null) return { step: 'sample', at: null };
  const { counting } = frozen.policy.limits[facts.class];
  const ms = frozen.policy.answers.visitMin * 60_000;
  return { step: 'sample', at: addCounted(frozen.calendar, counting, until, ms) };
}

function visitDuty(facts: AuditFacts, frozen: FrozenPolicy): Duty {
  const { returnsBeforeVisit, visitMin } = frozen.policy.answers;
  if (facts.returns < returnsBeforeVisit) return deskDuty(facts, frozen, 'review');
  if (facts.visitToldAt !== null || facts.waitsSince === null) return { step: 'field_visit', at: null };
  const { counting } = frozen.policy.limits[facts.class];
  return {
    step: 'field_visit',
    at: addCounted(frozen.calendar, counting, facts.waitsSince, visitMin * 60_000),
  };
}
