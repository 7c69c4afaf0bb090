import { Type } from 'typebox';
import { MOST_ON_WALL } from '../../domain/wall-draw.ts';
import { Closed, Code, ShortCode } from './common.ts';

/** Short enough to be read out and typed again. */
const Seed = Type.String({ pattern: '^[0-9a-z]{4,32}$', right: '4 to 32 digits or lower-case letters' });

export const NewWallDraw = Type.Object(
  {
    count: Type.Integer({ minimum: 1, maximum: MOST_ON_WALL }),
    /** Of a wall that was drawn before; absent: a new one. */
    seed: Type.Optional(Seed),
    region: Type.Optional(ShortCode),
    merchant: Type.Optional(Code),
  },
  { ...Closed, title: 'NewWallDraw' },
);

/** services/domain/wall-draw.ts says what each means. */
export const WallDraw = Type.Object(
  {
    seed: Type.String(),
    listHash: Type.String(),
    /** Cameras that could be drawn. */
    of: Type.Integer(),
    /** Codes, in the order in which they were drawn. */
    cameras: Type.Array(Type.String()),
  },
  { title: 'WallDraw' },
);
