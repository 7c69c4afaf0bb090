/** 外发: deliveries to platforms, one by one and by destination; dead letters by cause. */
import { Type } from 'typebox';
import { DELIVERY_STATES } from '../../db/schema-record.ts';
import { Closed, Nullable, pageQuery, Time, Uuid } from './common.ts';

const State = Type.Enum([...DELIVERY_STATES]);
/** What is common to failures of one kind, as GET /outbox/causes names it. */
const Cause = Type.String({ maxLength: 500, right: 'a cause of GET /outbox/causes' });

export const OutboxRow = Type.Object(
  {
    id: Type.String(),
    type: Type.String(),
    webhook: Type.Object({ id: Uuid, name: Type.String(), url: Type.String() }),
    state: State,
    attempts: Type.Integer(),
    nextAt: Time,
    lastStatus: Nullable(Type.Integer()),
    lastError: Nullable(Type.String()),
    deliveredAt: Nullable(Time),
    createdAt: Time,
    /** Of the state set_aside: who decided that it need not be sent, and why. */
    setAside: Nullable(Type.Object({ reason: Type.String(), by: Type.String(), at: Time })),
  },
  { title: 'OutboxRow' },
);
/** What is to be told, as the platform receives it but for the signature. */
export const OutboxDetail = Type.Object(
  {
    ...OutboxRow.properties,
    idempotencyKey: Uuid,
    region: Type.String(),
    merchant: Nullable(Type.String()),
    payload: Type.Record(Type.String(), Type.Unknown()),
  },
  { title: 'OutboxDetail' },
);
export const OutboxPage = Type.Object(
  {
    counts: Type.Object({
      pending: Type.Integer(),
      delivered: Type.Integer(),
      dead: Type.Integer(),
      set_aside: Type.Integer(),
    }),
    items: Type.Array(OutboxRow),
    nextCursor: Nullable(Type.String()),
  },
  { title: 'OutboxPage' },
);
export const OutboxQuery = Type.Object(
  { ...pageQuery, state: Type.Optional(State), webhook: Type.Optional(Uuid), cause: Type.Optional(Cause) },
  Closed,
);
export const OutboxParams = Type.Object(
  { id: Type.String({ pattern: '^\\d{1,18}$', right: 'the number of an outbox row' }) },
  Closed,
);

export const Destination = Type.Object(
  {
    webhook: Type.Object({
      id: Uuid,
      name: Type.String(),
      url: Type.String(),
      channel: Type.Enum(['http', 'mqtt']),
      enabled: Type.Boolean(),
    }),
    pending: Type.Integer(),
    dead: Type.Integer(),
    oldestPendingAt: Nullable(Time),
    lastDeliveredAt: Nullable(Time),
    /** Of the last one that failed; null when none waits or died. */
    lastError: Nullable(Type.String()),
  },
  { title: 'Destination' },
);

export const DeadCause = Type.Object(
  {
    webhook: Type.Object({ id: Uuid, name: Type.String() }),
    cause: Type.String(),
    /** Of the newest one, in full. */
    lastError: Type.String(),
    count: Type.Integer(),
    oldestAt: Time,
    newestAt: Time,
  },
  { title: 'DeadCause' },
);
export const DeadCauseQuery = Type.Object(
  { state: Type.Optional(Type.Enum(['dead', 'set_aside'])), webhook: Type.Optional(Uuid) },
  Closed,
);
/** Absent: whatever the cause. */
export const MaybeCauseQuery = Type.Object({ cause: Type.Optional(Cause) }, Closed);
export const CauseQuery = Type.Object({ cause: Cause }, Closed);
export const SetAside = Type.Object(
  {
    reason: Type.String({
      minLength: 1,
      maxLength: 500,
      pattern: '\\S',
      right: 'why it need not be sent, in 1 to 500 characters',
    }),
  },
  Closed,
);
export const Retried = Type.Object({ retried: Type.Integer() }, { title: 'Retried' });
export const AsideCount = Type.Object({ setAside: Type.Integer() }, { title: 'AsideCount' });
export const TakenUp = Type.Object({ takenUp: Type.Integer() }, { title: 'TakenUp' });
