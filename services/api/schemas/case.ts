import { Type } from 'typebox';
import { Closed, FindingState, Nullable, TaskState, Time, Uuid } from './common.ts';

export const ByCase = Type.Object(
  {
    id: Type.String({
      minLength: 1,
      maxLength: 64,
      right: 'the number or id of a task, or the id of a finding',
    }),
  },
  Closed,
);

const said = (right: string) => Type.String({ minLength: 1, maxLength: 2000, pattern: '\\S', right });
export const ExportCase = Type.Object(
  { purpose: said('what for, 1 to 2000 characters') },
  { ...Closed, title: 'ExportCase' },
);
export const HoldCase = Type.Object(
  { reason: said('why, 1 to 2000 characters') },
  { ...Closed, title: 'HoldCase' },
);

export const Hold = Type.Object(
  {
    reason: Type.String(),
    placedAt: Time,
    placedBy: Nullable(Type.String()),
    liftedAt: Nullable(Time),
    liftedBy: Nullable(Type.String()),
    liftReason: Nullable(Type.String()),
  },
  { title: 'Hold' },
);

export const CasePage = Type.Object(
  {
    /** Id of its finding. */
    id: Uuid,
    state: FindingState,
    task: Nullable(Type.Object({ id: Uuid, number: Type.String(), state: TaskState })),
    /** Retention counts from the end of `closed` and `dismissed`. */
    phase: Type.Enum(['open', 'closed', 'dismissed']),
    /** Cases that are told with it: merged, answered by the same task, recurrences. */
    members: Type.Array(Uuid),
    /** The end of its chain: links, and the hash of the last. */
    chain: Type.Object({ links: Type.Integer(), hash: Type.String() }),
    items: Type.Array(Type.Object({ source: Type.String(), count: Type.Integer() })),
    /** Held by itself or by one of its members. */
    held: Type.Boolean(),
    holds: Type.Array(Hold),
    exports: Type.Array(
      Type.Object({
        id: Uuid,
        at: Time,
        by: Nullable(Type.String()),
        purpose: Type.String(),
        keyId: Nullable(Type.String()),
        manifestSha256: Nullable(Type.String()),
        /** null: it was broken off. */
        finishedAt: Nullable(Time),
      }),
    ),
    timeStamps: Type.Array(
      Type.Object({
        seq: Type.Integer(),
        state: Type.Enum(['pending', 'stamped', 'dead']),
        stampedAt: Nullable(Time),
        authority: Nullable(Type.String()),
        lastError: Nullable(Type.String()),
      }),
    ),
  },
  { title: 'CasePage' },
);

export const EvidenceKeys = Type.Object(
  {
    items: Type.Array(
      Type.Object({
        /** Hex SHA-256 over the key (SPKI, DER): the fingerprint. */
        id: Type.String(),
        publicKey: Type.String(),
        createdAt: Time,
        retiredAt: Nullable(Time),
      }),
    ),
  },
  { title: 'EvidenceKeys' },
);
