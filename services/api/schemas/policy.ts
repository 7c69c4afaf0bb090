/** Rules: data per region. Region null is everywhere. */
import { Type } from 'typebox';
import {
  Closed,
  Nullable,
  pageQuery,
  RegionRef,
  ShortCode,
  TaskClass,
  Uuid,
  ViolationKind,
  ZoneKind,
} from './common.ts';

const ruleValues = {
  enabled: Type.Boolean(),
  /** Confirmed when k of n frames of a look show it. */
  k: Type.Integer({ minimum: 1, maximum: 8 }),
  n: Type.Integer({ minimum: 1, maximum: 8 }),
  /** Seconds. */
  minDurationS: Type.Number({ minimum: 0, maximum: 600 }),
  /** Pixels of the frame as received. */
  minSizePx: Type.Integer({ minimum: 0, maximum: 10_000 }),
  minScore: Type.Number({ minimum: 0, maximum: 1 }),
  /** Minutes. */
  mergeWindowMin: Type.Integer({ minimum: 1, maximum: 1440 }),
  dailyCap: Type.Integer({ minimum: 0, maximum: 100_000 }),
  hours: Type.Enum(['opening', 'always']),
  class: TaskClass,
};
const ruleScope = {
  region: Type.Optional(Nullable(ShortCode)),
  zoneKind: Type.Optional(Nullable(ZoneKind)),
  kind: ViolationKind,
};
export const Rule = Type.Object(
  {
    id: Uuid,
    region: Nullable(RegionRef),
    zoneKind: Nullable(ZoneKind),
    kind: ViolationKind,
    ...ruleValues,
  },
  { title: 'Rule' },
);
export const NewRule = Type.Object({ ...ruleScope, ...ruleValues }, { ...Closed, title: 'NewRule' });
export const RuleChange = Type.Partial(Type.Object(ruleValues), Closed);

export const PolicyQuery = Type.Object(pageQuery, Closed);
