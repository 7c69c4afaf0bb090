import { type Static, Type } from 'typebox';
import { EDGE_KINDS } from '../../edge/kinds.ts';
import { EDGE_FORMATS } from '../../edge/reading.ts';
import { Closed, Code, Nullable, pageQuery, Time, Uuid } from './common.ts';

const Format = Type.Enum([...EDGE_FORMATS], { title: 'EdgeFormat' });
const Kind = Type.Enum([...EDGE_KINDS], { title: 'EdgeKind' });
const Outcome = Type.Enum(['waiting', 'checking', 'finding', 'refuted', 'kept']);
/** A word of a box: a channel or a type. */
const Word = Type.String({ minLength: 1, maxLength: 200, right: 'a name of 1 to 200 characters' });

export const EdgeEvent = Type.Object(
  {
    id: Uuid,
    gateway: Type.Object({ id: Uuid, code: Type.String(), name: Type.String() }),
    camera: Nullable(Type.Object({ id: Uuid, code: Type.String(), name: Type.String() })),
    format: Format,
    channel: Type.String(),
    type: Type.String(),
    label: Type.String(),
    kind: Nullable(Type.String()),
    state: Type.Enum(['pulse', 'active', 'inactive']),
    happenedAt: Time,
    receivedAt: Time,
    repeats: Type.Integer(),
    endedAt: Nullable(Time),
    outcome: Outcome,
    reason: Type.String(),
    opinion: Nullable(Type.Enum(['agrees', 'uncertain', 'disagrees', 'cannot_tell'])),
    findingId: Nullable(Uuid),
    /** The device ticket that it belongs to. */
    faultId: Nullable(Uuid),
    picture: Type.Enum(['none', 'wanted', 'kept', 'failed']),
    pictureError: Nullable(Type.String()),
    /** Over the payload as it came. */
    sha256: Type.String(),
    /** Message and picture are gone since their time was over. */
    removedAt: Nullable(Time),
  },
  { title: 'EdgeEvent' },
);
export type EdgeEventItem = Static<typeof EdgeEvent>;

export const EdgeEventQuery = Type.Object(
  {
    ...pageQuery,
    gateway: Type.Optional(Code),
    camera: Type.Optional(Code),
    outcome: Type.Optional(Outcome),
    kind: Type.Optional(Kind),
  },
  Closed,
);

export const EdgeUnknown = Type.Object(
  {
    gateway: Type.Object({ id: Uuid, code: Type.String(), name: Type.String() }),
    format: Type.String(),
    what: Type.Enum(['type', 'field', 'channel']),
    name: Type.String(),
    count: Type.Integer(),
    firstAt: Time,
    lastAt: Time,
  },
  { title: 'EdgeUnknown' },
);
export const EdgeUnknownQuery = Type.Object({ gateway: Type.Optional(Code) }, Closed);

export const EdgeChannelBody = Type.Object({ gateway: Code, channel: Word, camera: Nullable(Code) }, Closed);
export const EdgeKindBody = Type.Object(
  { gateway: Nullable(Code), format: Format, type: Word, kind: Nullable(Kind) },
  Closed,
);
export const EdgeMapped = Type.Object(
  {
    /** Events that go on now: their camera and their kind are both known. */
    resumed: Type.Integer(),
  },
  { title: 'EdgeMapped' },
);

export const EdgeMapping = Type.Object(
  {
    channels: Type.Array(
      Type.Object({ gateway: Type.String(), channel: Type.String(), camera: Type.String() }),
    ),
    kinds: Type.Array(
      Type.Object({
        gateway: Nullable(Type.String()),
        format: Format,
        type: Type.String(),
        kind: Type.String(),
      }),
    ),
  },
  { title: 'EdgeMapping' },
);
