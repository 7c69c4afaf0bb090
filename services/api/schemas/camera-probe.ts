import { Type } from 'typebox';
import { RtspUrl } from './camera.ts';
import { Closed, Code, Nullable, Time, Uuid } from './common.ts';

export const StreamAnswer = Type.Union(
  [
    Type.Object({
      ok: Type.Literal(true),
      codec: Type.String(),
      /** Pixels. */
      width: Type.Integer(),
      height: Type.Integer(),
      framesPerS: Nullable(Type.Number()),
      tookMs: Type.Integer(),
    }),
    Type.Object({
      ok: Type.Literal(false),
      /** Plain words, as in the state of a camera. */
      cause: Type.String(),
    }),
  ],
  { title: 'StreamAnswer' },
);

/** A test of a camera's connection, and what came of it. */
export const CameraProbe = Type.Object(
  {
    id: Uuid,
    state: Type.Enum(['waiting', 'running', 'done']),
    askedAt: Time,
    /** Nobody has taken it up for a while: no gateway runs. */
    unheard: Type.Boolean(),
    main: Nullable(StreamAnswer),
    sub: Nullable(StreamAnswer),
    /** The first picture as a data: address, and when it was taken. */
    picture: Nullable(Type.Object({ url: Type.String(), at: Time })),
  },
  { title: 'CameraProbe' },
);

/** A camera that is there already, with its own addresses or those given; or addresses at a merchant. */
export const NewCameraProbe = Type.Object(
  {
    merchant: Code,
    camera: Type.Optional(Code),
    rtspUrl: Type.Optional(RtspUrl),
    rtspSubUrl: Type.Optional(Nullable(RtspUrl)),
  },
  { ...Closed, title: 'NewCameraProbe' },
);
