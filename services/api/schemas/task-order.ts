import { Type } from 'typebox';
import { Closed, TaskState, Uuid } from './common.ts';
import { TaskPage } from './task.ts';

/** Sent again with the same key, a command does nothing and is answered as it was the first time. */
export const OrderHeaders = Type.Object({
  'idempotency-key': Type.String({
    minLength: 8,
    maxLength: 200,
    right: 'a key of 8 to 200 characters that is new for each command, the same when it is sent again',
  }),
});

const version = Type.Integer({ minimum: 1, right: 'the version of the task that was looked at' });
const text = (right: string) => Type.String({ minLength: 1, maxLength: 2000, pattern: '\\S', right });
const said = text('a text of 1 to 2000 characters');
const note = Type.Optional(Type.String({ maxLength: 2000, right: 'a note of at most 2000 characters' }));
/** Photos in an answer. */
const photos = Type.Optional(
  Type.Array(Uuid, { maxItems: 9, uniqueItems: true, right: 'at most 9 ids of photos of this task' }),
);

export const Acknowledge = Type.Object({ version }, { ...Closed, title: 'Acknowledge' });
export const Answer = Type.Object({ version, text: said, photos }, { ...Closed, title: 'AnswerGiven' });
export const Close = Type.Object(
  {
    version,
    note,
    /** Somebody was there; needed after two returns. */
    visited: Type.Optional(Type.Boolean()),
  },
  { ...Closed, title: 'Close' },
);
export const WithNote = Type.Object({ version, note: said }, { ...Closed, title: 'WithNote' });
export const Transfer = Type.Object(
  { version, to: text('the office that takes it over, 1 to 2000 characters'), note },
  { ...Closed, title: 'Transfer' },
);
export const DecideAppeal = Type.Object(
  { version, decision: Type.Enum(['uphold', 'reject']), note: said },
  { ...Closed, title: 'DecideAppeal' },
);

export const Ordered = Type.Object(
  {
    /** As they were right after the command, also when it was sent again. */
    state: TaskState,
    version: Type.Integer(),
    /** The key was used before: nothing was done this time. */
    repeated: Type.Boolean(),
    /** As it is now. */
    task: TaskPage,
  },
  { title: 'Ordered' },
);
