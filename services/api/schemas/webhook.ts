/** Where platforms are told of events: an address for webhooks, or the platform's own broker. */
import { Type } from 'typebox';
import { EVENT_TYPES } from '../../domain/event-types.ts';
import { SIGNING_SECRET } from '../../domain/webhook-signature.ts';
import { Closed, Name, Nullable, pageQuery, RegionRef, ShortCode, Time, Uuid } from './common.ts';

const WebhookUrl = Type.String({
  maxLength: 1000,
  pattern: '^(https?|mqtts?)://[^\\s/?#]+\\S*$',
  right:
    'an address like https://platform.example.org/mingzao, or of a broker like mqtts://broker.example.org',
});
/** Signs every delivery (HMAC-SHA256), and orders. Shown only in the answer that made it; made here when it is not given. */
const WebhookSecret = Type.String({
  pattern: SIGNING_SECRET,
  writeOnly: true,
  right: 'whsec_ and 24 to 64 random bytes in base64 (Standard Webhooks)',
});
const EventTypes = Type.Array(Type.Enum([...EVENT_TYPES]), {
  maxItems: EVENT_TYPES.length,
  uniqueItems: true,
});
const TopicPrefix = Type.String({
  pattern: '^[^/+#\\s$][^+#\\s]{0,198}[^/+#\\s]$',
  right: 'the beginning of topics, like bureau/mingzao, without wildcards',
});
const Login = Type.Object(
  {
    username: Type.String({ minLength: 1, maxLength: 200 }),
    password: Type.String({ maxLength: 500, writeOnly: true }),
  },
  Closed,
);
/** The platform's list of cases: read with GET url?since=…&cursor=…, compared, healed. */
const cases = {
  url: Type.String({
    maxLength: 1000,
    pattern: '^https?://[^\\s/?#]+\\S*$',
    right: 'an address like https://platform.example.org/cases',
  }),
  everyMin: Type.Integer({ minimum: 5, maximum: 10_080, right: 'minutes from 5 to 10080' }),
};
const CasesGiven = Type.Object(
  {
    url: cases.url,
    everyMin: Type.Optional(cases.everyMin),
    token: Type.Optional(Type.String({ minLength: 1, maxLength: 500, writeOnly: true })),
  },
  Closed,
);

export const Webhook = Type.Object(
  {
    id: Uuid,
    name: Type.String(),
    /** http: signed webhooks; mqtt: QoS 1 to the platform's own broker, topic `<topicPrefix>/event/<type>`. */
    channel: Type.Enum(['http', 'mqtt']),
    url: Type.String(),
    topicPrefix: Nullable(Type.String()),
    /** Whether name and password at the broker are kept; they themselves are never shown. */
    brokerLogin: Type.Boolean(),
    /** Empty: all that platforms are told. */
    types: Type.Array(Type.String()),
    region: Nullable(RegionRef),
    /** The platform's account (role platform): its orders and lists belong to this address. */
    account: Nullable(Type.String()),
    cases: Nullable(Type.Object({ url: Type.String(), everyMin: Type.Integer() })),
    /** Orders are heard on `<topicPrefix>/cmd` and answered on `<topicPrefix>/ack`; null: they are not. */
    orders: Nullable(
      Type.Object({
        state: Type.Enum(['connecting', 'listening', 'broken']),
        /** Why it is broken, in plain words. */
        error: Type.String(),
        since: Nullable(Time),
        lastOrderAt: Nullable(Time),
      }),
    ),
    enabled: Type.Boolean(),
    createdAt: Time,
  },
  { title: 'Webhook' },
);
export const WebhookWithSecret = Type.Object(
  { ...Webhook.properties, secret: Type.String() },
  { title: 'WebhookWithSecret' },
);
const platform = {
  /** Name and password at the platform's broker. */
  broker: Type.Optional(Nullable(Login)),
  topicPrefix: Type.Optional(TopicPrefix),
  /** Name of an account with the role platform. */
  account: Type.Optional(Nullable(Type.String({ minLength: 1, maxLength: 200 }))),
  cases: Type.Optional(Nullable(CasesGiven)),
  /** Hear orders at the platform's broker; needs an account. */
  orders: Type.Optional(Type.Boolean()),
};
export const NewWebhook = Type.Object(
  {
    name: Name,
    url: WebhookUrl,
    secret: Type.Optional(WebhookSecret),
    types: Type.Optional(EventTypes),
    region: Type.Optional(Nullable(ShortCode)),
    enabled: Type.Optional(Type.Boolean()),
    ...platform,
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
    ...platform,
  },
  { ...Closed, title: 'WebhookChange' },
);

export const NewReplay = Type.Object(
  {
    from: Time,
    to: Time,
    /** Absent: all that the webhook is told. */
    types: Type.Optional(EventTypes),
    /** Deliveries a minute at most. */
    perMinute: Type.Optional(Type.Integer({ minimum: 1, maximum: 1200, right: 'a number from 1 to 1200' })),
  },
  { ...Closed, title: 'NewReplay' },
);
export const Replay = Type.Object(
  {
    id: Uuid,
    webhookId: Uuid,
    reason: Type.Enum(['asked', 'reconciliation']),
    from: Nullable(Time),
    to: Nullable(Time),
    types: Type.Array(Type.String()),
    perMinute: Type.Integer(),
    events: Type.Integer(),
    delivered: Type.Integer(),
    dead: Type.Integer(),
    /** Still to be sent. */
    pending: Type.Integer(),
    requestedBy: Nullable(Type.String()),
    at: Time,
    cancelledAt: Nullable(Time),
  },
  { title: 'Replay' },
);
export const ReplayQuery = Type.Object({ ...pageQuery }, Closed);
