/** What is frozen onto a task when it is issued. */
import { versionText } from '../domain/policy.ts';
import { deadlinesFrom } from '../domain/task.ts';
import { frozenLimits, nextStep, type StepFacts } from '../domain/task-steps.ts';
import type { KindCode, TaskClass } from '../domain/words.ts';
import type { Tx } from './database.ts';
import { keepFrozen, policyAt } from './policy.ts';

/** What a finding says of where it belongs. */
export interface IssuedFor {
  kind: KindCode;
  /** By its rule; the policy may say otherwise. */
  class: TaskClass;
  /** What the inspector said; goes before rule and policy. */
  verdict_class: TaskClass | null;
  region_path: string;
  time_zone: string;
  merchant_type: string;
}

const NOTHING_YET: Omit<StepFacts, 'state' | 'class' | 'acknowledgeDue' | 'submitDue'> = {
  acknowledgedAt: null,
  submittedAt: null,
  closedAt: null,
  pausedAt: null,
  pausedMs: 0,
  returns: 0,
  recheckUntil: null,
  acknowledgeLevel: 0,
  submitLevel: 0,
  escalatedAt: null,
  visitToldAt: null,
  reviewToldAt: null,
  byPeople: false,
  sampled: null,
};

/** Class, limits, due times and first step of a task that is issued now, under the policy that holds now. */
export async function freezeForTask(tx: Tx, finding: IssuedFor, now: Date) {
  const place = {
    regionPath: finding.region_path,
    timeZone: finding.time_zone,
    merchantType: finding.merchant_type,
  };
  const { frozen, sources } = await policyAt(tx, place, now);
  const {
    class: taskClass,
    limits,
    time,
  } = frozenLimits(frozen, finding.kind, finding.class, finding.verdict_class);
  const due = deadlinesFrom(now, limits, time);
  const first = nextStep({ ...NOTHING_YET, ...due, state: 'issued', class: taskClass }, frozen);
  return {
    frozen,
    columns: {
      class: taskClass,
      acknowledge_due: due.acknowledgeDue,
      submit_due: due.submitDue,
      limits: JSON.stringify(limits),
      policy_sha256: await keepFrozen(tx, frozen),
      policy_version: versionText(sources),
      next_step: first?.step ?? null,
      next_step_at: first?.at ?? null,
    },
  };
}
