import { Type } from 'typebox';
import { DRAW_FORMAT, DRAW_SUBJECTS } from '../../domain/draw.ts';
import {
  Closed,
  Code,
  MerchantRef,
  Nullable,
  pageQuery,
  RegionRef,
  ShortCode,
  Time,
  Uuid,
} from './common.ts';

const Hash = Type.String({ pattern: '^[0-9a-f]{64}$', right: '64 hex digits' });
const Weight = Type.Integer({ minimum: 1, maximum: 50 });
const Quota = Type.Integer({ minimum: 1, maximum: 5000 });

/** services/domain/draw.ts says what each means. */
export const DrawList = Type.Object(
  {
    subject: Type.Enum([...DRAW_SUBJECTS]),
    perTown: Nullable(Quota),
    total: Nullable(Quota),
    inspectorsEach: Type.Integer({ minimum: 0, maximum: 10 }),
    entries: Type.Array(
      Type.Object({
        id: Type.String(),
        name: Type.String(),
        town: Type.String(),
        merchant: Type.String(),
        weight: Type.Integer({ minimum: 1, maximum: 1000 }),
      }),
    ),
    inspectors: Type.Array(Type.String()),
    conflicts: Type.Array(
      Type.Unsafe<[string, string]>(Type.Array(Type.String(), { minItems: 2, maxItems: 2 })),
    ),
    publicSource: Type.String(),
  },
  { title: 'DrawList' },
);
export const DrawResult = Type.Array(
  Type.Object({ id: Type.String(), ticket: Hash, inspectors: Type.Array(Type.String()) }),
  { title: 'DrawResult' },
);
export const DrawExport = Type.Object(
  {
    format: Type.Literal(DRAW_FORMAT),
    number: Type.String(),
    region: Type.String(),
    committedAt: Time,
    drawnAt: Time,
    list: DrawList,
    listHash: Hash,
    commitment: Hash,
    secret: Hash,
    publicValue: Type.String(),
    seed: Hash,
    result: DrawResult,
    resultHash: Hash,
  },
  { title: 'DrawExport' },
);

export const Draw = Type.Object(
  {
    id: Uuid,
    number: Type.String(),
    region: RegionRef,
    state: Type.Enum(['committed', 'drawn', 'cancelled']),
    subject: Type.Enum([...DRAW_SUBJECTS]),
    /** That may be drawn. */
    entries: Type.Integer(),
    listHash: Hash,
    commitment: Hash,
    publicSource: Type.String(),
    committedAt: Time,
    committedBy: Type.String(),
    endedAt: Nullable(Time),
    endedBy: Nullable(Type.String()),
    /** Null until it is drawn. */
    seed: Nullable(Hash),
    resultHash: Nullable(Hash),
  },
  { title: 'Draw' },
);
export const DrawPage = Type.Object(
  {
    ...Draw.properties,
    list: DrawList,
    result: Nullable(DrawResult),
  },
  { title: 'DrawPage' },
);
export const DrawQuery = Type.Object({ ...pageQuery, region: Type.Optional(ShortCode) }, Closed);
export const NewDraw = Type.Object(
  {
    region: ShortCode,
    subject: Type.Enum([...DRAW_SUBJECTS]),
    /** Drawn of each town, e.g. 6 merchants a town a quarter; or `total`. */
    perTown: Type.Optional(Quota),
    total: Type.Optional(Quota),
    inspectorsEach: Type.Optional(Type.Integer({ minimum: 0, maximum: 10 })),
    type: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    /** Tickets by 包保等级; one unless told. */
    weights: Type.Optional(
      Type.Object(
        {
          A: Type.Optional(Weight),
          B: Type.Optional(Weight),
          C: Type.Optional(Weight),
          D: Type.Optional(Weight),
        },
        Closed,
      ),
    ),
    /** Further tickets for each finding that was confirmed in the days before. */
    history: Type.Optional(
      Type.Object(
        {
          days: Type.Integer({ minimum: 1, maximum: 730 }),
          perFinding: Type.Integer({ minimum: 1, maximum: 20 }),
          most: Type.Integer({ minimum: 1, maximum: 100 }),
        },
        Closed,
      ),
    ),
    /** What the value from outside will be and when it will be known, e.g. the numbers of a lottery. */
    publicSource: Type.Optional(Type.String({ minLength: 1, maxLength: 500 })),
  },
  { ...Closed, title: 'NewDraw' },
);
export const Reveal = Type.Object(
  { publicValue: Type.Optional(Type.String({ minLength: 1, maxLength: 500 })) },
  Closed,
);
export const Cancel = Type.Object(
  { reason: Type.String({ minLength: 1, maxLength: 500, pattern: '\\S', right: 'a reason' }) },
  Closed,
);

export const InspectorConflict = Type.Object(
  {
    id: Uuid,
    username: Type.String(),
    merchant: MerchantRef,
    reason: Type.String(),
    recordedAt: Time,
    endedAt: Nullable(Time),
  },
  { title: 'InspectorConflict' },
);
export const NewInspectorConflict = Type.Object(
  {
    username: Type.String({ minLength: 1, maxLength: 64 }),
    merchant: Code,
    reason: Type.String({ minLength: 1, maxLength: 500, pattern: '\\S', right: 'a reason' }),
  },
  Closed,
);
