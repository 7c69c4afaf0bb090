/** Orders of platforms, and what they know of our tasks. */
import { Type } from 'typebox';
import { PLATFORM_COMMANDS } from '../../domain/platform-order.ts';
import { Closed, Nullable, pageQuery, TaskState, Time, Uuid } from './common.ts';

const TaskNumber = Type.String({
  minLength: 1,
  maxLength: 40,
  right: 'the number of a task, like ZG-20261121-000123',
});
export const ExternalRef = Type.String({
  minLength: 1,
  maxLength: 200,
  pattern: '\\S',
  right: "the platform's own number of the case, 1 to 200 characters",
});

export const PlatformOrderBody = Type.Object(
  {
    task: TaskNumber,
    /** receipt 签收, comment 批注, assign 指派, close 办结, return 退回, withdraw 撤销. */
    command: Type.Enum([...PLATFORM_COMMANDS]),
    /** The version of the task that was looked at; needed for what changes its state. */
    version: Type.Optional(Type.Integer({ minimum: 1, right: 'the version of the task that was looked at' })),
    externalRef: Type.Optional(ExternalRef),
    note: Type.Optional(Type.String({ maxLength: 2000, right: 'a text of at most 2000 characters' })),
    /** Name of an account here that may visit merchants. */
    assignee: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    /** Whom the platform means, in its own words. */
    unit: Type.Optional(Type.String({ minLength: 1, maxLength: 200, pattern: '\\S' })),
    /** Somebody was there (到场核查); needed to close what was returned twice. */
    visited: Type.Optional(Type.Boolean()),
  },
  { ...Closed, title: 'PlatformOrder' },
);
export const PlatformOrderDone = Type.Object(
  {
    task: Type.String(),
    state: TaskState,
    version: Type.Integer(),
    /** The key was used before: nothing was done this time. */
    repeated: Type.Boolean(),
    externalRef: Nullable(Type.String()),
  },
  { title: 'PlatformOrderDone' },
);
export const PlatformCommandRow = Type.Object(
  {
    id: Type.String(),
    platform: Type.String(),
    via: Type.Enum(['http', 'mqtt']),
    key: Type.String(),
    /** Number, as it was given. */
    task: Type.String(),
    /** The task, if there is one that the platform may give orders for. */
    found: Nullable(Type.Object({ id: Uuid, state: TaskState, merchant: Type.String() })),
    command: Type.String(),
    externalRef: Nullable(Type.String()),
    done: Type.Boolean(),
    /** Why it was refused; empty: done. */
    why: Type.String(),
    at: Time,
  },
  { title: 'PlatformCommandRow' },
);
export const PlatformCommandQuery = Type.Object(
  {
    ...pageQuery,
    done: Type.Optional(Type.Boolean()),
    /** Number of the task, as it was given. */
    task: Type.Optional(Type.String({ minLength: 1, maxLength: 64, right: 'the number of a task' })),
  },
  Closed,
);

/** What platforms know of a task. */
export const TaskPlatforms = Type.Object(
  {
    cases: Type.Array(
      Type.Object({
        platform: Type.String(),
        externalRef: Nullable(Type.String()),
        receivedAt: Nullable(Time),
      }),
    ),
    assignment: Nullable(
      Type.Object({
        assignee: Nullable(Type.String()),
        unit: Nullable(Type.String()),
        by: Type.String(),
        at: Time,
      }),
    ),
  },
  { title: 'TaskPlatforms' },
);
