import { type TSchema, Type } from 'typebox';
import { GROUPS } from '../../db/statistics/query.ts';
import { STEPS } from '../../domain/period.ts';
import { MEASURES } from '../../domain/statistics.ts';
import { FINDING_SOURCES, GUARANTOR_LEVELS } from '../../domain/words.ts';
import {
  CameraRef,
  Closed,
  Code,
  MerchantRef,
  Nullable,
  pageQuery,
  RegionRef,
  ShortCode,
  Time,
  Uuid,
  ZoneKind,
} from './common.ts';

const count = Type.Integer({ minimum: 0 });
const hours = Type.Number({ minimum: 0 });
/** 0 to 1; null where there was nothing to divide by. */
const Rate = Nullable(Type.Number({ minimum: 0, maximum: 1 }));

/** A local date. */
export const LocalDate = Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\d$', right: 'a date like 2026-11-21' });
export const Measure = Type.Enum([...MEASURES], { title: 'Measure' });

/** What only those may know who read findings: leads, not yet facts. */
export const LEADS = ['found', 'pending', 'dismissed', 'duplicates'] as const;
const isLead = (measure: string): boolean => (LEADS as readonly string[]).includes(measure);

/** services/domain/statistics.ts says what each counts; null: this account does not read findings. */
const Counts = Type.Object(
  Object.fromEntries(
    MEASURES.map((measure): [string, TSchema] => [measure, isLead(measure) ? Nullable(count) : count]),
  ),
  { title: 'StatisticsCounts' },
);
const Coverage = Type.Object(
  {
    /** Cameras that owed at least a minute. */
    cameras: count,
    /** Hours in which a picture was looked at, or was seen to be unchanged. */
    observedHours: hours,
    /** Hours that should have been observed: all but closed kitchens. */
    owedHours: hours,
    unaccountedHours: hours,
    /** observedHours ÷ owedHours. */
    observed: Rate,
    /** Share of the owed hours in which the camera delivered pictures, even useless ones. */
    online: Rate,
    minutes: Type.Object({
      looked: count,
      unchanged: count,
      dropped: count,
      frozen: count,
      blind: count,
      offline: count,
      closed: count,
      owed: count,
    }),
  },
  { title: 'StatisticsCoverage' },
);
const figures = {
  counts: Counts,
  rates: Type.Object({
    /** 整改率: rectified ÷ due. */
    rectification: Rate,
    /** 按期整改率: onTime ÷ due. */
    onTime: Rate,
    /** 复发率: recurred ÷ watched. */
    recurrence: Rate,
    /** 排除率: dismissed ÷ (confirmed + dismissed); an upheld appeal counts as a dismissal. */
    dismissal: Rate,
  }),
  /** From issue to closure of what was closed, by the clock on the wall. */
  medianHoursToClose: Nullable(hours),
  coverage: Coverage,
};
const Series = Type.Array(
  Type.Object({
    /** First day of the step; it may lie before `from`. */
    start: LocalDate,
    ...figures,
  }),
);

export const RATES = ['rectification', 'onTime', 'recurrence', 'dismissal', 'observed', 'online'] as const;
export const SORTS = ['key', 'medianHoursToClose', 'observedHours', ...RATES, ...MEASURES] as const;

export const Statistics = Type.Object(
  {
    from: LocalDate,
    to: LocalDate,
    timeZone: Type.String(),
    groupBy: Type.Enum([...GROUPS]),
    step: Nullable(Type.Enum([...STEPS])),
    asOf: Time,
    /** Camera-days whose coverage changed and waits to be summed up; since when. */
    coverageWaiting: Type.Object({ cameraDays: count, since: Nullable(Time) }),
    /** `scope`: groups of kind, class and model say nothing of cameras; each shows what was observed in the whole scope. */
    coverageOf: Type.Enum(['group', 'scope']),
    totals: Type.Object({ ...figures, series: Series }),
    /** The same of the period of equal length just before, when asked for. */
    previous: Nullable(Type.Object(figures)),
    /** Groups there are; `items` shows `limit` of them. */
    groups: count,
    items: Type.Array(
      Type.Object({
        /** Place in the asked order, from 1. */
        rank: count,
        /** Asks for the list behind a number: /statistics/list. */
        key: Type.String(),
        code: Nullable(Type.String()),
        name: Nullable(Type.String()),
        ...figures,
        series: Series,
      }),
    ),
  },
  { title: 'Statistics' },
);

const filters = {
  from: Type.Optional(LocalDate),
  to: Type.Optional(LocalDate),
  groupBy: Type.Optional(Type.Enum([...GROUPS])),
  step: Type.Optional(Type.Enum([...STEPS])),
  region: Type.Optional(ShortCode),
  merchant: Type.Optional(Code),
  type: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
  level: Type.Optional(Type.Enum([...GUARANTOR_LEVELS])),
  zone: Type.Optional(ZoneKind),
  camera: Type.Optional(Code),
  kind: Type.Optional(Type.String({ pattern: '^[a-z][a-z0-9_]{0,31}$', right: 'a kind like no_hat' })),
  class: Type.Optional(Type.Integer({ minimum: 1, maximum: 3 })),
  model: Type.Optional(Type.String({ minLength: 3, maxLength: 200, right: 'name and version of a model' })),
  source: Type.Optional(Type.Enum([...FINDING_SOURCES])),
  /** Judged by a person, or its appeal upheld by one: the verdicts that a precision is made of. */
  person: Type.Optional(Type.Boolean()),
};
const order = {
  sort: Type.Optional(Type.Enum([...SORTS])),
  order: Type.Optional(Type.Enum(['asc', 'desc'])),
};

export const StatisticsQuery = Type.Object(
  {
    ...filters,
    ...order,
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 3000 })),
    previous: Type.Optional(Type.Boolean()),
  },
  Closed,
);
export const StatisticsListQuery = Type.Object(
  {
    ...pageQuery,
    ...filters,
    measure: Measure,
    /** `key` of an item; absent: the totals. */
    key: Type.Optional(Type.String({ maxLength: 200 })),
    /** `start` of a step; absent: the whole period. */
    start: Type.Optional(LocalDate),
  },
  Closed,
);
export const StatisticsCamerasQuery = Type.Object(
  {
    ...pageQuery,
    ...filters,
    /** `key` of an item; absent: the totals. */
    key: Type.Optional(Type.String({ maxLength: 200 })),
  },
  Closed,
);
export const StatisticsExportQuery = Type.Object(
  {
    ...filters,
    ...order,
    format: Type.Enum(['csv', 'xlsx']),
    language: Type.Optional(Type.Enum(['zh', 'en'])),
  },
  Closed,
);

/** A camera that owed at least a minute. */
export const CountedCamera = Type.Object(
  {
    camera: CameraRef,
    merchant: MerchantRef,
    coverage: Coverage,
  },
  { title: 'CountedCamera' },
);

export const CountedThing = Type.Object(
  {
    of: Type.Enum(['finding', 'task']),
    findingId: Uuid,
    taskId: Nullable(Uuid),
    number: Nullable(Type.String()),
    state: Type.String(),
    /** Of a finding: confirmed, but the appeal against its task was upheld; it counts as dismissed. */
    appealUpheld: Type.Boolean(),
    kind: Type.String(),
    class: Type.Integer(),
    merchant: MerchantRef,
    region: RegionRef,
    /** What puts it into the period. */
    at: Time,
  },
  { title: 'CountedThing' },
);
