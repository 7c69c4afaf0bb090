/**
 * 辖区政策: everything of the closed loop that is judgement and therefore data (domain.md): classes, limits, calendar,
 * escalation, returns, recheck, sampling, and what may be dispatched without a person. One versioned document a region; what a
 * document does not say is inherited from the region above, at last from STARTING_POLICY. Pure.
 */

import type { Weekday } from './hours.ts';
import { isWithin } from './rules.ts';
import { type Said, said } from './said.ts';
import { isViolationKind, type KindCode, type TaskClass, type ViolationKind } from './words.ts';
import type { Counting, DayType, Term, WorkCalendar } from './work-calendar.ts';

/** Minutes, or parts of one in a drill, from issue (acknowledge, submit) and from closure (recheck). */
export interface ClassLimits {
  acknowledgeMin: number;
  submitMin: number;
  recheckMin: number;
  /** From the answer or appeal: until then an inspector has looked at it. */
  reviewMin: number;
  /** Which time the limits and the delays of the chain count. */
  counting: Counting;
}

/** Who is told at a step of the chain. The cadre (包保干部) is told at every first step. */
export const CHAIN_RECIPIENTS = ['food_safety_officer', 'inspector', 'station_head', 'director'] as const;
export type ChainRecipient = (typeof CHAIN_RECIPIENTS)[number];

export interface ChainStep {
  to: ChainRecipient;
  /** Minutes after the step before; of the first step: after the limit passed. */
  delayMin: number;
  /** Code of the document that is due at this step (约谈, 三书一函), null: none. */
  document: string | null;
}

/** When a kind may be dispatched without a person. Precision is that of people's verdicts on the very models. */
export interface DispatchTerms {
  /** Lower end of the 95 % Wilson interval must reach this, 0..1. */
  minPrecision: number;
  /** People's verdicts at least. */
  minVerdicts: number;
  /** Verdicts of the last so many days count. */
  days: number;
  /** Share of findings that goes to a person all the same, so that the precision stays measured. */
  reviewShare: number;
}

export interface Policy {
  /** Class of a kind; a kind that is not here has the class of its rule. */
  classes: Partial<Record<ViolationKind, TaskClass>>;
  limits: Record<TaskClass, ClassLimits>;
  calendar: {
    weekend: Weekday[];
    workingHours: [string, string][] | null;
    /** Code of a calendar of holidays and make-up days; null: none. */
    holidays: string | null;
    /** Code of a calendar of school terms; null: none. */
    terms: string | null;
    /** Types of merchant (业态) that the terms concern. */
    termTypes: string[];
  };
  escalation: Record<TaskClass, ChainStep[]>;
  answers: {
    /** After so many returns only a field visit settles it. */
    returnsBeforeVisit: number;
    /** Minutes from the answer to the visit. */
    visitMin: number;
  };
  recheck: {
    /** Seconds between looks while a recheck runs, at most. */
    lookIntervalS: number;
    /** Hours that must truly have been observed. */
    observedHours: Record<TaskClass, number>;
    /** Minutes by which it is prolonged when they were not. */
    prolongMin: number;
    /** After so many prolongations people look. */
    mostProlongations: number;
  };
  sampling: {
    /** Share of closed class-3 tasks that people look at, 0.1..1. */
    share: number;
    /** Any text; with the number of the task in its row it decides which are drawn. */
    seed: string;
  };
  /** Absent or null: off. Never `rodent`. */
  dispatch: Partial<Record<ViolationKind, DispatchTerms | null>>;
}

/** What one region says; absent parts are inherited. Chains, lists and terms of dispatch are replaced whole. */
export interface PolicyDocument {
  classes?: Policy['classes'];
  limits?: Partial<Record<TaskClass, Partial<ClassLimits>>>;
  calendar?: Partial<Policy['calendar']>;
  escalation?: Partial<Policy['escalation']>;
  answers?: Partial<Policy['answers']>;
  recheck?: Partial<Omit<Policy['recheck'], 'observedHours'>> & {
    observedHours?: Partial<Policy['recheck']['observedHours']>;
  };
  sampling?: Partial<Policy['sampling']>;
  dispatch?: Policy['dispatch'];
}

/** At least this share of closed class-3 tasks is sampled, whatever a policy says (domain.md). */
export const LEAST_SAMPLED = 0.1;

/** Kinds that a person confirms before a merchant is told, always: the first AI "rodent" of a city was a cat (domain.md). */
export const ALWAYS_BY_PEOPLE: readonly ViolationKind[] = ['rodent'];

const HOUR = 60;
const DAY = 24 * HOUR;
const chain = (inspector: number, head: number, director: number): ChainStep[] => [
  { to: 'food_safety_officer', delayMin: 0, document: null },
  { to: 'inspector', delayMin: inspector, document: null },
  { to: 'station_head', delayMin: head, document: null },
  { to: 'director', delayMin: director, document: 'interview' },
];

/** Starting values [J] (domain.md, "The rectification task"). */
export const STARTING_POLICY: Policy = {
  classes: {},
  limits: {
    1: { acknowledgeMin: 30, submitMin: DAY, recheckMin: 3 * DAY, reviewMin: 4 * HOUR, counting: 'calendar' },
    2: {
      acknowledgeMin: 4 * HOUR,
      submitMin: 3 * DAY,
      recheckMin: 7 * DAY,
      reviewMin: DAY,
      counting: 'calendar',
    },
    3: {
      acknowledgeMin: DAY,
      submitMin: 7 * DAY,
      recheckMin: 7 * DAY,
      reviewMin: 3 * DAY,
      counting: 'calendar',
    },
  },
  calendar: { weekend: ['sat', 'sun'], workingHours: null, holidays: null, terms: null, termTypes: [] },
  escalation: {
    1: chain(30, 4 * HOUR, DAY),
    2: chain(4 * HOUR, DAY, 3 * DAY),
    3: chain(DAY, 3 * DAY, 7 * DAY),
  },
  answers: { returnsBeforeVisit: 2, visitMin: 3 * DAY },
  recheck: {
    lookIntervalS: 15,
    observedHours: { 1: 12, 2: 24, 3: 12 },
    prolongMin: DAY,
    mostProlongations: 7,
  },
  sampling: { share: LEAST_SAMPLED, seed: 'mingzao' },
  dispatch: {},
};

/** A region's document in force, as it takes part in resolving. */
export interface ScopedPolicy {
  /** Dotted codes; null: everywhere. */
  regionPath: string | null;
  version: number;
  document: PolicyDocument;
}

export interface PolicySource {
  regionPath: string | null;
  version: number;
}

export interface ResolvedPolicy {
  policy: Policy;
  /** Documents it was made of, widest first. Empty: starting values alone. */
  sources: PolicySource[];
  /** Where each kind's terms of dispatch were said: the region in which the precision is measured. */
  dispatchFrom: Partial<Record<ViolationKind, string | null>>;
}

const CLASSES: readonly TaskClass[] = [1, 2, 3];

function byClass<T>(make: (one: TaskClass) => T): Record<TaskClass, T> {
  return { 1: make(1), 2: make(2), 3: make(3) };
}

/** What holds in a region: documents of the regions above it and its own, the deepest last. */
export function resolvePolicy(documents: readonly ScopedPolicy[], regionPath: string): ResolvedPolicy {
  const chainOfRegions = documents
    .filter((one) => isWithin(regionPath, one.regionPath))
    .sort((a, b) => (a.regionPath?.length ?? -1) - (b.regionPath?.length ?? -1));
  let policy = STARTING_POLICY;
  const dispatchFrom: ResolvedPolicy['dispatchFrom'] = {};
  for (const { document, regionPath: from } of chainOfRegions) {
    policy = overlay(policy, document);
    for (const kind of Object.keys(document.dispatch ?? {}) as ViolationKind[]) dispatchFrom[kind] = from;
  }
  return {
    policy,
    sources: chainOfRegions.map(({ regionPath: path, version }) => ({ regionPath: path, version })),
    dispatchFrom,
  };
}

/** `base` with what the document says. */
export function overlay(base: Policy, document: PolicyDocument): Policy {
  return {
    classes: { ...base.classes, ...document.classes },
    limits: byClass((one) => ({ ...base.limits[one], ...document.limits?.[one] })),
    calendar: { ...base.calendar, ...document.calendar },
    escalation: byClass((one) => document.escalation?.[one] ?? base.escalation[one]),
    answers: { ...base.answers, ...document.answers },
    recheck: {
      ...base.recheck,
      ...document.recheck,
      observedHours: { ...base.recheck.observedHours, ...document.recheck?.observedHours },
    },
    sampling: { ...base.sampling, ...document.sampling },
    dispatch: { ...base.dispatch, ...document.dispatch },
  };
}

/** Version for people and for the task: `huojia@3 huojia.chengguan@1`; `*` is everywhere, `starting` no document at all. */
export function versionText(sources: readonly PolicySource[]): string {
  if (sources.length === 0) return 'starting';
  return sources.map(({ regionPath, version }) => `${regionPath ?? '*'}@${version}`).join(' ');
}

/** What is frozen onto a task when it is issued: complete in itself. */
export interface FrozenPolicy {
  policy: Policy;
  sources: PolicySource[];
  calendar: WorkCalendar;
}

/** A policy that was frozen before a member was there has its starting value. */
export function completed(frozen: FrozenPolicy): FrozenPolicy {
  const { policy } = frozen;
  const limits = byClass((one) => ({ ...STARTING_POLICY.limits[one], ...policy.limits[one] }));
  return { ...frozen, policy: { ...policy, limits } };
}

/** A calendar as it was imported. */
export interface CalendarDays {
  code: string;
  days: Record<string, DayType>;
  terms: Term[];
}

/**
 * @param calendars those the policy may name; one that is not there counts as empty
 * @param issuedAt days before its year are left out: nothing counts backwards
 */
export function freezePolicy(
  { policy, sources }: Pick<ResolvedPolicy, 'policy' | 'sources'>,
  place: { timeZone: string; merchantType: string },
  calendars: readonly CalendarDays[],
  issuedAt: Date,
): FrozenPolicy {
  const { holidays, terms, termTypes, weekend, workingHours } = policy.calendar;
  const first = `${issuedAt.getUTCFullYear()}-01-01`;
  const days = calendars.find(({ code }) => code === holidays)?.days ?? {};
  const known = calendars.find(({ code }) => code === terms)?.terms ?? [];
  const concerned = termTypes.includes(place.merchantType) && known.length > 0;
  return {
    policy,
    sources,
    calendar: {
      timeZone: place.timeZone,
      weekend,
      workingHours,
      days: Object.fromEntries(Object.entries(days).filter(([date]) => date >= first)),
      terms: concerned ? known.filter(({ to }) => to >= first) : null,
    },
  };
}

export interface PolicyFault extends Said {
  /** Dotted, e.g. `limits.1.submitMin`. */
  field: string;
}

/** What a schema cannot say: values that do not fit together, once all is resolved. */
export function policyFaults(policy: Policy): PolicyFault[] {
  const faults: PolicyFault[] = [];
  for (const one of CLASSES) {
    const { acknowledgeMin, submitMin } = policy.limits[one];
    if (acknowledgeMin >= submitMin) {
      faults.push({
        field: `limits.${one}.acknowledgeMin`,
        ...said('acknowledge_before_submit', { value: acknowledgeMin, submitMin }),
      });
    }
    const observable = policy.limits[one].recheckMin / 60;
    if (policy.recheck.observedHours[one] > observable) {
      faults.push({
        field: `recheck.observedHours.${one}`,
        ...said('recheck_too_short', { value: policy.recheck.observedHours[one], hours: observable }),
      });
    }
  }
  if (policy.sampling.share < LEAST_SAMPLED || policy.sampling.share > 1) {
    faults.push({ field: 'sampling.share', ...said('share_range', { least: LEAST_SAMPLED }) });
  }
  if (policy.calendar.weekend.length >= 7) {
    faults.push({ field: 'calendar.weekend', ...said('one_working_day') });
  }
  let last = -1;
  for (const [from, to] of policy.calendar.workingHours ?? []) {
    const [start, end] = [minutes(from), minutes(to)];
    if (start < last || end <= start) {
      faults.push({
        field: 'calendar.workingHours',
        ...said('spans_not_right', { from, to }),
      });
    }
    last = end;
  }
  for (const kind of ALWAYS_BY_PEOPLE) {
    if (policy.dispatch[kind] !== undefined)
      faults.push({ field: `dispatch.${kind}`, ...said('never_by_itself') });
  }
  return faults;
}

const minutes = (text: string): number => {
  const [hours, rest] = text.split(':');
  return Number(hours) * 60 + Number(rest);
};

/** Class of a finding: the policy's for its kind, else its rule's. */
export function classOf(policy: Policy, kind: KindCode, ruleClass: TaskClass): TaskClass {
  return (isViolationKind(kind) ? policy.classes[kind] : undefined) ?? ruleClass;
}
