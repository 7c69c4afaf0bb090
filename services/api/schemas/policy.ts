/** Rules, deadline policies, webhooks: data per region. Region null is everywhere. */
import { Type } from 'typebox';
import { EVENT_TYPES } from '../../db/events.ts';
import {
  Closed,
  Name,
  Nullable,
  pageQuery,
  RegionRef,
  ShortCode,
  TaskClass,
  Time,
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

const WebhookUrl = Type.String({
  maxLength: 1000,
  pattern: '^https?://[^\\s/?#]+\\S*$',
  right: 'an address like https://platform.example.org/mingzao',
});
/** Signs every delivery (HMAC-SHA256). Shown only in the answer that made it. */
const WebhookSecret = Type.String({
  minLength: 16,
  maxLength: 256,
  writeOnly: true,
  right: 'a secret of 16 to 256 characters',
});
const EventTypes = Type.Array(Type.Enum([...EVENT_TYPES]), {
  maxItems: EVENT_TYPES.length,
  uniqueItems: true,
});
export const Webhook = Type.Object(
  {
    id: Uuid,
    name: Type.String(),
    url: Type.String(),
    /** Empty: all that platforms are told. */
    types: Type.Array(Type.String()),
    region: Nullable(RegionRef),
    enabled: Type.Boolean(),
    createdAt: Time,
  },
  { title: 'Webhook' },
);
export const WebhookWithSecret = Type.Object(
  { ...Webhook.properties, secret: Type.String() },
  { title: 'WebhookWithSecret' },
);
export const NewWebhook = Type.Object(
  {
    name: Name,
    url: WebhookUrl,
    secret: Type.Optional(WebhookSecret),
    types: Type.Optional(EventTypes),
    region: Type.Optional(Nullable(ShortCode)),
    enabled: Type.Optional(Type.Boolean()),
  },
  { ...Closed, title: 'NewWebhook' },
);
export const WebhookChange = Type.Object(
  {
    name: Type.Optional(Name),
    url: Type.Optional(WebhookUrl),
    secret: Type.Optional(WebhookSecret),
    types: Type.Optional(EventTypes),
    enabled: Type.Optional(Type.Boolean()),
  },
  { ...Closed, title: 'WebhookChange' },
);
export const PolicyQuery = Type.Object(pageQuery, Closed);
