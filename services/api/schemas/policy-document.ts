/** A region's policy (services/domain/policy.ts) as it is sent and shown. */
import { Type } from 'typebox';
import { WEEKDAYS } from '../../domain/hours.ts';
import { ALWAYS_BY_PEOPLE, CHAIN_RECIPIENTS, LEAST_SAMPLED } from '../../domain/policy.ts';
import { VIOLATION_KINDS } from '../../domain/words.ts';
import { COUNTINGS } from '../../domain/work-calendar.ts';
import {
  After,
  Closed,
  Code,
  KindCode,
  Name,
  Nullable,
  pageQuery,
  RegionRef,
  ShortCode,
  TaskClass,
  Time,
  Uuid,
  ViolationKind,
} from './common.ts';

/** Parts of a minute are for drills (演练) on the real jobs: three seconds at least. */
const LEAST_MIN = 0.05;
const minutes = (minimum: number) =>
  Type.Number({ minimum, maximum: 525_600, right: `${minimum} to 525600 minutes` });
const share = (minimum: number) =>
  Type.Number({ minimum, maximum: 1, right: `a share from ${minimum} to 1` });
const LocalTime = Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$|^24:00$', right: 'a time like 08:30' });
export const LocalDate = Type.String({ format: 'date', right: 'a date like 2026-10-01' });
const Span = Type.Array(LocalTime, { minItems: 2, maxItems: 2, right: 'two times like ["08:30", "12:00"]' });

const ClassLimits = Type.Object(
  {
    acknowledgeMin: minutes(LEAST_MIN),
    submitMin: minutes(LEAST_MIN),
    recheckMin: minutes(LEAST_MIN),
    /** Until when an inspector has looked at an answer or appeal. */
    reviewMin: minutes(LEAST_MIN),
    counting: Type.Enum([...COUNTINGS]),
  },
  Closed,
);
const Chain = Type.Array(
  Type.Object(
    { to: Type.Enum([...CHAIN_RECIPIENTS]), delayMin: minutes(0), document: Nullable(ShortCode) },
    Closed,
  ),
  { minItems: 1, maxItems: 10, right: '1 to 10 steps' },
);
const DispatchTerms = Type.Object(
  {
    /** Lower end of the 95 % Wilson interval. */
    minPrecision: share(0.5),
    minVerdicts: Type.Integer({ minimum: 20, maximum: 1_000_000, right: 'at least 20 verdicts' }),
    days: Type.Integer({ minimum: 1, maximum: 730 }),
    /** Share that goes to a person all the same: without it nothing would be measured any more. */
    reviewShare: share(0.05),
  },
  Closed,
);
const byClass = <T extends ReturnType<typeof Type.Object> | typeof Chain>(one: T) => ({
  1: one,
  2: one,
  3: one,
});
const dispatchable = VIOLATION_KINDS.filter((kind) => !ALWAYS_BY_PEOPLE.includes(kind));
const hours = Type.Number({ minimum: 0, maximum: 8760 });

const sections = {
  classes: Type.Partial(
    Type.Object(Object.fromEntries(VIOLATION_KINDS.map((kind) => [kind, TaskClass]))),
    Closed,
  ),
  calendar: Type.Object(
    {
      weekend: Type.Array(Type.Enum([...WEEKDAYS]), { maxItems: 6, uniqueItems: true }),
      workingHours: Nullable(Type.Array(Span, { minItems: 1, maxItems: 8 })),
      holidays: Nullable(ShortCode),
      terms: Nullable(ShortCode),
      termTypes: Type.Array(Type.String({ minLength: 1, maxLength: 64 }), { maxItems: 20 }),
    },
    Closed,
  ),
  answers: Type.Object(
    { returnsBeforeVisit: Type.Integer({ minimum: 1, maximum: 9 }), visitMin: minutes(LEAST_MIN) },
    Closed,
  ),
  sampling: Type.Object(
    { share: share(LEAST_SAMPLED), seed: Type.String({ minLength: 1, maxLength: 200 }) },
    Closed,
  ),
  dispatch: Type.Partial(
    Type.Object(Object.fromEntries(dispatchable.map((kind) => [kind, Nullable(DispatchTerms)]))),
    Closed,
  ),
};
const recheck = {
  lookIntervalS: Type.Integer({ minimum: 5, maximum: 60 }),
  prolongMin: minutes(LEAST_MIN),
  mostProlongations: Type.Integer({ minimum: 0, maximum: 365 }),
};

/** The whole policy, resolved. */
export const Policy = Type.Object(
  {
    ...sections,
    limits: Type.Object(byClass(ClassLimits), Closed),
    escalation: Type.Object(byClass(Chain), Closed),
    recheck: Type.Object(
      { ...recheck, observedHours: Type.Object({ 1: hours, 2: hours, 3: hours }, Closed) },
      Closed,
    ),
  },
  { ...Closed, title: 'Policy' },
);
/** What one region says; what it does not say is inherited. */
export const PolicyDocument = Type.Partial(
  Type.Object({
    ...sections,
    calendar: Type.Partial(sections.calendar, Closed),
    answers: Type.Partial(sections.answers, Closed),
    sampling: Type.Partial(sections.sampling, Closed),
    limits: Type.Partial(Type.Object(byClass(Type.Partial(ClassLimits, Closed))), Closed),
    escalation: Type.Partial(Type.Object(byClass(Chain)), Closed),
    recheck: Type.Partial(
      Type.Object({
        ...recheck,
        observedHours: Type.Partial(Type.Object({ 1: hours, 2: hours, 3: hours }), Closed),
      }),
      Closed,
    ),
  }),
  { ...Closed, title: 'PolicyDocument' },
);

export const PolicyVersion = Type.Object(
  {
    id: Uuid,
    /** null: everywhere. */
    region: Nullable(RegionRef),
    version: Type.Integer(),
    effectiveFrom: Time,
    document: PolicyDocument,
    note: Type.String(),
    changedBy: Nullable(Type.String()),
    changedAt: Time,
    withdrawnAt: Nullable(Time),
    state: Type.Enum(['coming', 'in_force', 'past', 'withdrawn']),
  },
  { title: 'PolicyVersion' },
);
const ChangedPolicy = {
  region: Type.Optional(Nullable(ShortCode)),
  document: PolicyDocument,
};
export const NewPolicy = Type.Object(
  {
    ...ChangedPolicy,
    /** The region's newest version that was not taken back, also one that is not in force yet. */
    after: After,
    /** Now, unless told; never in the past. */
    effectiveFrom: Type.Optional(Time),
    note: Type.Optional(Type.String({ maxLength: 1000 })),
  },
  { ...Closed, title: 'NewPolicy' },
);
export const PolicyVersionQuery = Type.Object(
  { ...pageQuery, region: Type.Optional(ShortCode), inForce: Type.Optional(Type.Boolean()) },
  Closed,
);
export const EffectiveQuery = Type.Object(
  { region: Type.Optional(ShortCode), merchant: Type.Optional(Code), at: Type.Optional(Time) },
  Closed,
);
export const EffectivePolicy = Type.Object(
  {
    at: Time,
    region: RegionRef,
    /** `huojia@3 huojia.chengguan@1`; `starting`: nobody said anything. */
    version: Type.String(),
    sources: Type.Array(Type.Object({ region: Nullable(Type.String()), version: Type.Integer() })),
    policy: Policy,
    /** Where the precision of each kind that may be dispatched is measured, and what it is now. */
    measured: Type.Array(
      Type.Object({
        kind: ViolationKind,
        region: Type.String(),
        right: Type.Integer(),
        wrong: Type.Integer(),
        /** Lower end of the 95 % Wilson interval. */
        low: Type.Number(),
        dispatches: Type.Boolean(),
      }),
    ),
  },
  { title: 'EffectivePolicy' },
);

export const InheritedQuery = Type.Object({ region: Type.Optional(ShortCode) }, Closed);
/** What a form needs: what the region says itself, and what holds there where it says nothing. */
export const InheritedPolicy = Type.Object(
  {
    /** null: everywhere. */
    region: Nullable(RegionRef),
    /** Of what it says itself; null: nothing. */
    version: Nullable(Type.Integer()),
    /** The newest that was not taken back, also one that is not in force yet: the next comes after it. */
    newest: Nullable(Type.Integer()),
    own: PolicyDocument,
    inherited: Policy,
  },
  { title: 'InheritedPolicy' },
);

export const DryRun = Type.Object(
  {
    ...ChangedPolicy,
    /** The last 30 days, unless told. */
    from: Type.Optional(Time),
    to: Type.Optional(Time),
  },
  { ...Closed, title: 'PolicyDryRun' },
);
const count = Type.Integer({ minimum: 0 });
const wasWould = Type.Object({ was: count, would: count });
const movedTimes = Type.Object({ earlier: count, later: count });
export const DryRunResult = Type.Object(
  {
    from: Time,
    to: Time,
    findings: count,
    /** Only the newest findings were looked at. */
    truncated: Type.Boolean(),
    rows: Type.Array(
      Type.Object({
        kind: KindCode,
        class: TaskClass,
        /** Of the period. */
        findings: count,
        /** Issued in the period. */
        tasks: count,
        /** Issued before it under the policy of then, and open in it: the same on both sides. */
        carriedOver: count,
        classChanged: count,
        issuedWithoutPerson: wasWould,
        wouldBeWrong: count,
        acknowledgeDue: movedTimes,
        submitDue: movedTimes,
        overdue: wasWould,
        escalations: wasWould,
      }),
    ),
  },
  { title: 'PolicyDryRunResult' },
);

const Day = Type.Object(
  {
    date: LocalDate,
    /** `off`: holiday; `work`: make-up working day (调休上班). */
    type: Type.Enum(['off', 'work']),
    name: Type.String({ maxLength: 100 }),
  },
  Closed,
);
const Term = Type.Object({ from: LocalDate, to: LocalDate, name: Type.String({ maxLength: 100 }) }, Closed);
const calendarValues = {
  name: Name,
  days: Type.Array(Day, { maxItems: 5000 }),
  terms: Type.Array(Term, { maxItems: 200 }),
};
export const Calendar = Type.Object(
  {
    code: Type.String(),
    region: Nullable(RegionRef),
    ...calendarValues,
    version: Type.Integer(),
    changedAt: Time,
  },
  { title: 'Calendar' },
);
export const CalendarBody = Type.Object(
  {
    region: Type.Optional(Nullable(ShortCode)),
    after: After,
    name: Name,
    days: Type.Optional(calendarValues.days),
    terms: Type.Optional(calendarValues.terms),
  },
  { ...Closed, title: 'CalendarBody' },
);
export const ByCode = Type.Object({ code: ShortCode }, Closed);
