/** 外发: deliveries to platforms, one by one and by destination. */
import { Type } from 'typebox';
import { Closed, Nullable, pageQuery, Time, Uuid } from './common.ts';

const State = Type.Enum(['pending', 'delivered', 'dead']);

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
    counts: Type.Object({ pending: Type.Integer(), delivered: Type.Integer(), dead: Type.Integer() }),
    items: Type.Array(OutboxRow),
    nextCursor: Nullable(Type.String()),
  },
  { title: 'OutboxPage' },
);
export const OutboxQuery = Type.Object(
  { ...pageQuery, state: Type.Optional(State), webhook: Type.Optional(Uuid) },
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
export const Retried = Type.Object({ retried: Type.Integer() }, { title: 'Retried' });
