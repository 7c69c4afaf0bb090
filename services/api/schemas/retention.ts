/** 保存期限: how long what is kept, what would go next, and what is held back. */
import { Type } from 'typebox';
import {
  FIXED_RETENTION,
  type FixedRetention,
  LEAST_KEEP_DAYS,
  MOST_KEEP_DAYS,
  RETENTION_ITEMS,
  RETENTION_SINCE,
  RETENTION_SOURCES,
} from '../../domain/retention.ts';
import { Closed, KindCode, Nullable, ShortCode, Time, Uuid } from './common.ts';

const what = {
  item: Type.Enum([...RETENTION_ITEMS]),
  since: Type.Enum([...RETENTION_SINCE]),
};
const KeepDays = Type.Integer({
  minimum: LEAST_KEEP_DAYS,
  maximum: MOST_KEEP_DAYS,
  right: `at least ${LEAST_KEEP_DAYS} days, or null for ever`,
});
const retention = {
  /** null: everywhere. */
  region: Nullable(ShortCode),
  ...what,
  /** null: for ever. */
  keepDays: Nullable(KeepDays),
};
export const RetentionRule = Type.Object(retention, { ...Closed, title: 'RetentionRule' });
export const NewRetentionRule = Type.Object(
  {
    ...retention,
    note: Type.Optional(
      Type.String({ maxLength: 500, right: 'why it is changed, in 500 characters at most' }),
    ),
  },
  { ...Closed, title: 'NewRetentionRule' },
);
export const RetentionRules = Type.Object(
  {
    items: Type.Array(RetentionRule),
    /** Days within which each item's policy may be set, and who says so. */
    bounds: Type.Array(
      Type.Object({
        item: what.item,
        leastDays: Type.Integer(),
        mostDays: Type.Integer(),
        source: Type.Enum([...RETENTION_SOURCES]),
      }),
    ),
    /** Working copies that no policy sets. `hours`, or the last `looks` of each camera. */
    fixed: Type.Array(
      Type.Object({
        what: Type.Enum(Object.keys(FIXED_RETENTION) as FixedRetention[]),
        hours: Nullable(Type.Integer()),
        looks: Nullable(Type.Integer()),
      }),
    ),
  },
  { title: 'RetentionRules' },
);
/** The policy of a region that is taken back. */
export const RetentionRuleQuery = Type.Object({ region: ShortCode, ...what }, Closed);

/** A change that is tried: all three, or none. Without `keepDays`: for ever. */
export const RetentionTrial = Type.Object(
  {
    region: Type.Optional(ShortCode),
    item: Type.Optional(what.item),
    since: Type.Optional(what.since),
    keepDays: Type.Optional(KeepDays),
  },
  Closed,
);
const Removed = Type.Object({
  item: what.item,
  count: Type.Integer(),
  bytes: Nullable(Type.Number()),
  lastAt: Time,
});
export const RetentionDryRun = Type.Object(
  {
    at: Time,
    /** What is over now, and would go at the next run. */
    items: Type.Array(
      Type.Object({
        ...what,
        /** Objects, messages, or rows of a log. */
        count: Type.Integer(),
        /** null: rows, which have no size of their own. */
        bytes: Nullable(Type.Number()),
        oldestAt: Nullable(Time),
        /** Over, and kept: of a held case, or not delivered yet. */
        held: Type.Integer(),
      }),
    ),
    /** Of the last 30 days; only for accounts of all regions. */
    removed: Type.Array(Removed),
  },
  { title: 'RetentionDryRun' },
);

export const LegalHold = Type.Object(
  {
    id: Uuid,
    finding: Uuid,
    kind: KindCode,
    task: Nullable(Type.Object({ id: Uuid, number: Type.String() })),
    merchant: Type.String(),
    region: Type.String(),
    reason: Type.String(),
    placedBy: Nullable(Type.String()),
    placedAt: Time,
  },
  { title: 'LegalHold' },
);
