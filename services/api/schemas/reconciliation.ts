/** 对账: a platform's list of cases against our tasks. */
import { Type } from 'typebox';
import { DIFFERENCE_KINDS, HEALED } from '../../domain/reconcile.ts';
import { TASK_STATES } from '../../domain/words.ts';
import { Closed, Nullable, pageQuery, Time, Uuid } from './common.ts';
import { ExternalRef } from './platform.ts';

const State = Type.Enum([...TASK_STATES.filter((state) => state !== 'closed'), 'open', 'closed'], {
  title: 'CaseState',
});
export const CaseListBody = Type.Object(
  {
    /** Tasks issued since then were told to the platform. */
    since: Time,
    /** The list is all that the platform has since then: what is not in it is missing there. */
    whole: Type.Optional(Type.Boolean()),
    items: Type.Array(
      Type.Object(
        {
          number: Type.String({ minLength: 1, maxLength: 40, right: 'the number of a task' }),
          /** The task's state, or only open or closed. */
          state: State,
          version: Type.Optional(Type.Integer({ minimum: 1 })),
          externalRef: Type.Optional(ExternalRef),
        },
        Closed,
      ),
      { maxItems: 5000, right: 'a list of at most 5000 cases' },
    ),
  },
  { ...Closed, title: 'CaseList' },
);
export const Reconciliation = Type.Object(
  {
    id: Uuid,
    webhook: Nullable(Type.Object({ id: Uuid, name: Type.String() })),
    platform: Nullable(Type.String()),
    how: Type.Enum(['fetched', 'posted']),
    state: Type.Enum(['running', 'done', 'failed']),
    /** Why it failed. */
    error: Type.String(),
    since: Time,
    whole: Type.Boolean(),
    /** Cases in the list. */
    cases: Type.Integer(),
    same: Type.Integer(),
    /** Left alone: what would heal them is still on its way. */
    inFlight: Type.Integer(),
    differences: Type.Integer(),
    /** Tasks whose events were sent again. */
    healed: Type.Integer(),
    startedAt: Time,
    finishedAt: Nullable(Time),
  },
  { title: 'Reconciliation' },
);
export const ReconciliationQuery = Type.Object(pageQuery, Closed);
export const CaseDifference = Type.Object(
  {
    id: Type.String(),
    number: Type.String(),
    taskId: Nullable(Uuid),
    kind: Type.Enum([...DIFFERENCE_KINDS]),
    stateHere: Nullable(Type.String()),
    versionHere: Nullable(Type.Integer()),
    stateThere: Nullable(Type.String()),
    versionThere: Nullable(Type.Integer()),
    externalRef: Nullable(Type.String()),
    /** sent_again: its events; notice: a person was told; none: nothing can be done from here. */
    healed: Type.Enum([...HEALED]),
  },
  { title: 'CaseDifference' },
);
