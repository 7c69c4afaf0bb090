/** Telling people: habits, addresses, policy, and what was sent. */
import { Type } from 'typebox';
import { LANGUAGES, NOTIFY_CHANNELS, NOTIFY_TOPICS } from '../../domain/notify.ts';
import { SMS_CONTENT_TYPES } from '../../domain/sms-request.ts';
import { Closed, Name, Nullable, pageQuery, RegionRef, ShortCode, TaskClass, Time, Uuid } from './common.ts';

const Clock = Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$', right: 'a time like 22:30' });
const Topics = Type.Array(Type.Enum([...NOTIFY_TOPICS]), { maxItems: 3, uniqueItems: true });
export const NotifyChannel = Type.Enum([...NOTIFY_CHANNELS], { title: 'NotifyChannel' });
const HttpUrl = Type.String({
  pattern: '^https?://[^\\s]+$',
  maxLength: 2000,
  right: 'an http or https address',
});

export const Habits = Type.Object(
  {
    language: Type.Enum([...LANGUAGES]),
    quiet: Type.Union(
      [
        Type.Object(
          { from: Clock, to: Clock, timeZone: Type.String({ minLength: 1, maxLength: 64 }) },
          Closed,
        ),
        Type.Null(),
      ],
      { right: 'null, or times from and to like 22:30 with a timeZone' },
    ),
    topics: Topics,
    leastClass: TaskClass,
  },
  { ...Closed, title: 'NotifyHabits' },
);

const Target = {
  id: Uuid,
  channel: NotifyChannel,
  name: Type.String(),
  /** The host of a robot, the last digits of a phone: never what would let others send. */
  shown: Type.String(),
  enabled: Type.Boolean(),
  createdAt: Time,
};
export const MyTarget = Type.Object(
  { ...Target, device: Nullable(Type.String()) },
  { title: 'MyNotifyTarget' },
);
export const MyNotifications = Type.Object(
  {
    habits: Habits,
    targets: Type.Array(MyTarget),
    /** Application server key of push subscriptions (RFC 8292), base64url. */
    pushKey: Type.String(),
  },
  { title: 'MyNotifications' },
);

const Base64Url = (bytes: number, what: string) =>
  Type.String({ pattern: `^[A-Za-z0-9_-]{${Math.ceil((bytes * 4) / 3)}}={0,2}$`, right: what });
const robot = {
  channel: Type.Enum(['wecom', 'dingtalk', 'feishu', 'webhook']),
  name: Type.Optional(Name),
  url: HttpUrl,
  /** 加签 / 签名校验; not with WeCom. A webhook's is whsec_ and base64 (Standard Webhooks), and must be there. */
  secret: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
};
export const NewPush = Type.Object(
  {
    channel: Type.Literal('push'),
    name: Type.Optional(Name),
    /** Chosen by the browser once: subscribing anew replaces its old address. */
    device: Type.String({ minLength: 8, maxLength: 64 }),
    subscription: Type.Object({
      endpoint: HttpUrl,
      keys: Type.Object({
        p256dh: Base64Url(65, "the browser's key: 65 bytes in base64url"),
        auth: Base64Url(16, '16 bytes in base64url'),
      }),
    }),
  },
  Closed,
);
export const NewRobot = Type.Object(robot, Closed);
export const NewSms = Type.Object(
  {
    channel: Type.Literal('sms'),
    name: Type.Optional(Name),
    phone: Type.String({
      pattern: '^\\+?\\d{6,15}$',
      right: 'a phone number of digits, e.g. +8613800000000',
    }),
  },
  Closed,
);
export const NewMyTarget = Type.Union([NewPush, NewRobot, NewSms], {
  right: 'a push subscription, a robot (wecom, dingtalk, feishu), a webhook or a phone (sms)',
});

/** A group's: one of `merchant` and `region`. */
const owner = {
  merchant: Type.Optional(Type.String({ maxLength: 64 })),
  region: Type.Optional(ShortCode),
  habits: Habits,
};
export const NewSharedTarget = Type.Union(
  [
    Type.Object({ ...robot, ...owner }, Closed),
    Type.Object(
      {
        channel: Type.Literal('gateway'),
        name: Type.Optional(Name),
        gateway: Type.String({ maxLength: 64 }),
        merchant: Type.String({ maxLength: 64 }),
        habits: Habits,
      },
      Closed,
    ),
  ],
  {
    right: 'a robot (wecom, dingtalk, feishu) or webhook of a merchant or region, or a gateway of a merchant',
  },
);
export const SharedTarget = Type.Object(
  {
    ...Target,
    merchant: Nullable(Type.Object({ id: Uuid, code: Type.String(), name: Type.String() })),
    region: Nullable(RegionRef),
    habits: Habits,
  },
  { title: 'NotifyTarget' },
);
export const SharedTargetChange = Type.Partial(
  Type.Object({ name: Name, enabled: Type.Boolean(), habits: Habits }),
  Closed,
);

const seconds = (most: number) => Type.Integer({ minimum: 0, maximum: most });
/** A wait and an interval of class 1 stay within 45 s together: the merchant is told within 60 s. */
export const NotifySettings = Type.Object(
  {
    waitS: seconds(3600),
    graveWaitS: seconds(15),
    intervalS: seconds(86_400),
    graveIntervalS: seconds(30),
    reminderMin: seconds(10_080),
    graveReminderMin: seconds(10_080),
    mostReminders: Type.Integer({ minimum: 0, maximum: 20 }),
    graveThroughQuiet: Type.Boolean(),
    buzzerMin: Type.Integer({ minimum: 1, maximum: 240 }),
  },
  { ...Closed, title: 'NotifySettings' },
);
export const NotifyPolicyRow = Type.Object(
  { region: Nullable(RegionRef), settings: NotifySettings },
  { title: 'NotifyPolicy' },
);
export const NotifyPolicyChange = Type.Object(
  { region: Nullable(ShortCode), settings: NotifySettings },
  Closed,
);

export const SmsProviderRow = Type.Object(
  { id: Uuid, region: Nullable(RegionRef), name: Type.String(), host: Type.String(), createdAt: Time },
  { title: 'SmsProvider' },
);
export const SmsProviderChange = Type.Object(
  {
    region: Nullable(ShortCode),
    name: Name,
    request: Type.Object(
      {
        url: HttpUrl,
        method: Type.Enum(['GET', 'POST', 'PUT']),
        headers: Type.Record(
          Type.String({ pattern: '^[A-Za-z0-9-]{1,64}$' }),
          Type.String({ maxLength: 1000, pattern: '^[ -~]*$' }),
        ),
        contentType: Type.Enum([...SMS_CONTENT_TYPES]),
        body: Type.String({ maxLength: 5000 }),
        success: Nullable(
          Type.Union([
            Type.Object(
              {
                path: Type.String({ minLength: 1, maxLength: 100 }),
                equals: Type.String({ maxLength: 100 }),
              },
              Closed,
            ),
            Type.Object({ contains: Type.String({ minLength: 1, maxLength: 200 }) }, Closed),
          ]),
        ),
      },
      Closed,
    ),
  },
  Closed,
);

const Duty = Type.Object(
  {
    account: Type.String({ minLength: 1, maxLength: 64 }),
    topics: Topics,
    /** 1: at once; n: with the n-th message, when nobody has acknowledged. */
    step: Type.Integer({ minimum: 1, maximum: 5 }),
  },
  Closed,
);
export const Duties = Type.Object(
  {
    people: Type.Array(
      Type.Object({
        account: Type.String(),
        displayName: Type.String(),
        channels: Type.Array(NotifyChannel),
        topics: Topics,
        step: Type.Integer(),
      }),
    ),
  },
  { title: 'NotifyDuties' },
);
export const DutiesChange = Type.Object({ duties: Type.Array(Duty, { maxItems: 200 }) }, Closed);

export const MessageStateSchema = Type.Enum(['pending', 'delivered', 'dead', 'stopped'], {
  title: 'MessageState',
});
const message = {
  id: Type.String(),
  channel: NotifyChannel,
  target: Type.Object({ id: Uuid, name: Type.String() }),
  /** Whose it is: a person, or the group of a merchant or region. */
  account: Nullable(Type.String()),
  merchant: Nullable(Type.String()),
  class: TaskClass,
  title: Type.String(),
  lines: Type.Array(Type.String()),
  link: Type.String(),
  count: Type.Integer(),
  state: MessageStateSchema,
  attempts: Type.Integer(),
  nextAt: Time,
  lastStatus: Nullable(Type.Integer()),
  lastError: Nullable(Type.String()),
  deliveredAt: Nullable(Time),
  createdAt: Time,
};
export const Message = Type.Object(message, { title: 'Message' });
export const MessageDetail = Type.Object(
  {
    ...message,
    sendings: Type.Array(
      Type.Object({
        attempt: Type.Integer(),
        at: Time,
        ok: Type.Boolean(),
        status: Nullable(Type.Integer()),
        error: Type.String(),
      }),
    ),
    notifications: Type.Array(
      Type.Object({
        subject: Type.String(),
        occurrence: Type.Integer(),
        about: Type.String(),
        createdAt: Time,
      }),
    ),
  },
  { title: 'MessageDetail' },
);
export const MessagePage = Type.Object(
  {
    counts: Type.Object({
      pending: Type.Integer(),
      delivered: Type.Integer(),
      dead: Type.Integer(),
      stopped: Type.Integer(),
    }),
    items: Type.Array(Message),
    nextCursor: Nullable(Type.String()),
  },
  { title: 'MessagePage' },
);
export const MessageQuery = Type.Object(
  {
    ...pageQuery,
    state: Type.Optional(MessageStateSchema),
    channel: Type.Optional(NotifyChannel),
    /** Code. */
    merchant: Type.Optional(Type.String({ maxLength: 64 })),
    /** User name. */
    account: Type.Optional(Type.String({ maxLength: 64 })),
    alert: Type.Optional(Uuid),
  },
  Closed,
);
export const MessageParams = Type.Object(
  { id: Type.String({ pattern: '^\\d{1,18}$', right: 'the number of a message' }) },
  Closed,
);

export const Notification = Type.Object(
  {
    id: Type.String(),
    channel: NotifyChannel,
    account: Nullable(Type.String()),
    target: Type.Object({ id: Uuid, name: Type.String() }),
    subject: Type.String(),
    occurrence: Type.Integer(),
    about: Type.String(),
    state: Type.Enum(['waiting', 'gathered', 'dropped']),
    /** Why it waits (group, quiet, muted) or was dropped. */
    reason: Type.String(),
    dueAt: Time,
    messageId: Nullable(Type.String()),
    messageState: Nullable(MessageStateSchema),
    createdAt: Time,
  },
  { title: 'Notification' },
);
export const NotificationQuery = Type.Object(
  {
    ...pageQuery,
    alert: Type.Optional(Uuid),
    /** User name. */
    account: Type.Optional(Type.String({ maxLength: 64 })),
    state: Type.Optional(Type.Enum(['waiting', 'gathered', 'dropped'])),
  },
  Closed,
);
