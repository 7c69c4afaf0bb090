/** A year of a region's tasks on pure functions: calendar, chain, clock, and the auditor's second opinion at every change. */
import { describe, expect, test } from 'vitest';
import {
  type FrozenPolicy,
  freezePolicy,
  overlay,
  type PolicyDocument,
  STARTING_POLICY,
} from '../../services/domain/policy.ts';
import { type AuditFacts, dutyOf } from '../../services/domain/step-audit.ts';
import { deadlinesFrom } from '../../services/domain/task.ts';
import { dueTimes, movedByPause, resumeClock } from '../../services/domain/task-clock.ts';
import { escalationDue, nextStep, type StepFacts, timeOf } from '../../services/domain/task-steps.ts';
import type { TaskClass, TaskState } from '../../services/domain/words.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** A county's findings in a year (domain.md). */
const TASKS = 1640;

/** Park and Miller's generator: the same year every time. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

const WORKING: PolicyDocument = {
  limits: { 2: { counting: 'working' }, 3: { counting: 'working' } },
  calendar: {
    workingHours: [
      ['08:30', '12:00'],
      ['14:00', '17:30'],
    ],
    holidays: 'h',
  },
};
const HOLIDAYS = {
  code: 'h',
  days: Object.fromEntries(
    ['01', '02', '03', '04', '05', '06', '07'].map((d) => [`2026-10-${d}`, 'off' as const]),
  ),
  terms: [],
};

interface Life extends StepFacts {
  waitsSince: Date | null;
  interrupted: TaskState;
  pauses: AuditFacts['pauses'];
  told: AuditFacts['told'];
}

describe.each([
  ['Asia/Shanghai', {}],
  ['Asia/Shanghai', WORKING],
  ['America/New_York', WORKING],
  ['Australia/Lord_Howe', WORKING],
] as const)('a year in %s', (timeZone, document) => {
  const policy = overlay(STARTING_POLICY, document);

  test('every task has a next step until its end, taken when due, and the auditor agrees each time', () => {
    const next = random(timeZone.length * 7919);
    let escalations = 0;
    let changes = 0;
    const ended = { recheck_passed: 0, closed: 0, withdrawn: 0, chain: 0 };
    for (let n = 0; n < TASKS; n += 1) {
      const issued = new Date(Date.parse('2026-01-01T00:00:00Z') + next() * 365 * DAY);
      const frozen = freezePolicy(
        { policy, sources: [] },
        { timeZone, merchantType: 'canteen' },
        [HOLIDAYS],
        issued,
      );
      const taskClass = (1 + Math.floor(next() * 3)) as TaskClass;
      const life = issue(issued, taskClass, frozen);
      let now = issued;
      for (let i = 0; i < 60; i += 1) {
        const step = check(life, frozen);
        changes += 1;
        if (step === null) break;
        if (step.at === null && ['acknowledge', 'submit'].includes(step.step)) {
          ended.chain += 1;
          break;
        }
        // People act before the system half of the time.
        const person = step.at === null || next() < 0.5;
        if (person && step.step !== 'recheck' && step.step !== 'begin_recheck') {
          const wait =
            step.at === null ? 5 * HOUR : Math.max(1, (step.at.getTime() - now.getTime()) * next());
          now = new Date(now.getTime() + wait);
          act(life, frozen, now, next());
          continue;
        }
        if (step.at === null) throw new Error(`nobody takes ${step.step}`);
        // Never in the past: the limit does not pass while the answer lies with the inspector.
        expect(step.at.getTime()).toBeGreaterThanOrEqual(now.getTime());
        now = new Date(Math.max(step.at.getTime(), now.getTime()));
        escalations += take(life, frozen, now);
      }
      if (life.state === 'recheck_passed') ended.recheck_passed += 1;
      if (life.state === 'closed') ended.closed += 1;
      if (life.state === 'withdrawn') ended.withdrawn += 1;
    }
    expect(ended.recheck_passed + ended.closed + ended.withdrawn + ended.chain).toBe(TASKS);
    expect(escalations).toBeGreaterThan(TASKS / 2);
    expect(changes).toBeGreaterThan(TASKS * 3);
  });
});

function issue(issuedAt: Date, taskClass: TaskClass, frozen: FrozenPolicy): Life {
  const time = timeOf(frozen, taskClass);
  return {
    state: 'issued',
    class: taskClass,
    ...deadlinesFrom(issuedAt, frozen.policy.limits[taskClass], time),
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
    waitsSince: null,
    byPeople: false,
    sampled: null,
    told: [],
    interrupted: 'issued',
    pauses: [],
  };
}

function check(life: Life, frozen: FrozenPolicy) {
  const step = nextStep(life, frozen);
  expect(dutyOf(life, frozen)).toEqual(step);
  return step;
}

/** What a person does in that state. */
function act(life: Life, frozen: FrozenPolicy, now: Date, chance: number): void {
  switch (life.state) {
    case 'issued':
    case 'acknowledged':
    case 'returned':
    case 'escalated':
      if (chance < 0.1 && life.pauses.length === 0) {
        life.interrupted = life.state;
        life.state = 'appealed';
        wait(life, now);
      } else if (life.acknowledgedAt === null) {
        life.acknowledgedAt = now;
        life.state = 'acknowledged';
      } else {
        life.submittedAt = now;
        life.visitToldAt = null;
        life.state = 'submitted';
        wait(life, now);
      }
      return;
    case 'appealed':
      resume(life, frozen, now);
      life.state = chance < 0.3 ? 'withdrawn' : life.interrupted;
      return;
    case 'submitted':
      resume(life, frozen, now);
      if (chance < 0.4 && life.returns < frozen.policy.answers.returnsBeforeVisit) {
        life.returns += 1;
        life.state = 'returned';
      } else {
        life.state = 'closed';
        life.closedAt = now;
        life.recheckUntil = new Date(now.getTime() + frozen.policy.limits[life.class].recheckMin * 60_000);
      }
      return;
    case 'recheck_due':
      life.state = 'recheck_passed';
      return;
    default:
      throw new Error(life.state);
  }
}

/** An answer or appeal waits: the merchant's clock stands. */
function wait(life: Life, now: Date): void {
  life.pausedAt = now;
  life.waitsSince = now;
  life.reviewToldAt = null;
}

/** Somebody looked at it: the clock runs on with what was left, never reset, never a jump. */
function resume(life: Life, frozen: FrozenPolicy, now: Date): void {
  const time = timeOf(frozen, life.class);
  const clock = { state: life.state, pausedAt: life.pausedAt, pausedMs: life.pausedMs, time };
  const before = dueTimes({ ...life, time }, now);
  if (life.pausedAt !== null) life.pauses.push({ from: life.pausedAt, to: now });
  if (life.escalatedAt !== null) life.escalatedAt = movedByPause(life.escalatedAt, clock, now);
  Object.assign(life, resumeClock(clock, now), { waitsSince: null, reviewToldAt: null });
  expect(dueTimes({ ...life, time }, now).submit).toEqual(before.submit);
}

/** What the system does when the step is due. @returns escalations */
function take(life: Life, frozen: FrozenPolicy, now: Date): number {
  if (life.state === 'closed') {
    life.sampled = life.class === 3 ? now.getTime() % 10 === 0 : null;
    if (life.sampled !== false) {
      life.state = 'recheck_due';
      life.byPeople = life.sampled === true;
    }
    return 0;
  }
  if (life.state === 'recheck_due') {
    if (life.byPeople) life.reviewToldAt = now;
    else life.state = 'recheck_passed';
    return 0;
  }
  if (life.state === 'submitted' && life.returns >= frozen.policy.answers.returnsBeforeVisit) {
    life.visitToldAt = now;
    return 0;
  }
  if (life.state === 'submitted' || life.state === 'appealed') {
    life.reviewToldAt = now;
    return 0;
  }
  const due = escalationDue(life, frozen, now);
  if (due === null) throw new Error('due, but nothing to escalate');
  expect(due.at.getTime()).toBeLessThanOrEqual(now.getTime());
  life.told.push({ late: due.late, level: due.level, at: now });
  if (due.late === 'submit') life.submitLevel += 1;
  else life.acknowledgeLevel += 1;
  life.escalatedAt = now;
  life.state = 'escalated';
  return 1;
}
