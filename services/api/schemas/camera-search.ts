import { Type } from 'typebox';
import { Closed, Code, Nullable, Time, Uuid } from './common.ts';

const FoundStream = Type.Object(
  {
    /** Without user and password. */
    url: Type.String(),
    codec: Type.String(),
    /** Pixels; 0 when the camera does not say. */
    width: Type.Integer(),
    height: Type.Integer(),
  },
  { title: 'FoundStream' },
);

/** One lens: a camera has one, a recorder one a channel. Its streams show the same picture, and no other source's do. */
const FoundSource = Type.Object(
  {
    /** As the device names it. */
    token: Type.String(),
    /** Largest first. */
    streams: Type.Array(FoundStream),
    /** Codes of cameras of ours that show it, where the account may see them. */
    known: Type.Array(Type.String()),
  },
  { title: 'FoundSource' },
);

const FoundCamera = Type.Object(
  {
    host: Type.String(),
    name: Type.String(),
    model: Type.String(),
    sources: Type.Array(FoundSource),
    /** Why it told no streams; `outside`: it names addresses outside the networks. */
    problem: Type.Enum(['', 'unauthorized', 'unreachable', 'unreadable', 'outside', 'ipv6']),
    /** Codes of cameras of ours at this address, whichever source they show, where the account may see them. */
    known: Type.Array(Type.String()),
  },
  { title: 'FoundCamera' },
);

export const CameraSearch = Type.Object(
  {
    id: Uuid,
    state: Type.Enum(['waiting', 'running', 'done']),
    askedAt: Time,
    /** Nobody has taken it up for a while: no gateway runs. */
    unheard: Type.Boolean(),
    /** Addresses that were asked; null while it is not done. */
    asked: Nullable(Type.Integer()),
    found: Type.Array(FoundCamera),
  },
  { title: 'CameraSearch' },
);

/** Only private networks, at most 1024 addresses together. */
export const NewCameraSearch = Type.Object(
  {
    merchant: Code,
    networks: Type.Array(Type.String({ maxLength: 20 }), {
      minItems: 1,
      maxItems: 8,
      right: '1 to 8 networks like 192.168.1.0/24',
    }),
    user: Type.Optional(Type.String({ maxLength: 100 })),
    password: Type.Optional(Type.String({ maxLength: 200, writeOnly: true })),
  },
  { ...Closed, title: 'NewCameraSearch' },
);
