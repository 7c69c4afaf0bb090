/** Pieces that many schemas share. `right` says in an error what would be right; OpenAPI shows it as it is. */
import { type TSchema, Type } from 'typebox';
import {
  CAMERA_SOURCES,
  CAMERA_STATES,
  FINDING_STATES,
  ROLES,
  TASK_STATES,
  VIOLATION_KINDS,
  ZONE_KINDS,
} from '../../domain/words.ts';

export const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/** What is written whole comes after the version that was looked at; null: there was none yet. Where another is there: 409. */
export const After = Nullable(Type.Integer({ minimum: 1, right: 'the version that was looked at, or null' }));

/** ISO 8601, UTC. */
export const Time = Type.String({ format: 'date-time', right: 'a time like 2026-11-21T08:30:00Z' });
export const Uuid = Type.String({ format: 'uuid', right: 'an id (UUID)' });

const codePattern = (most: number) =>
  Type.String({
    pattern: `^[a-z0-9][a-z0-9-]{0,${most - 1}}$`,
    right: `a code: 1 to ${most} lower-case letters, digits and dashes, no dash first`,
  });
/** Code of a merchant, gateway or camera. */
export const Code = codePattern(64);
/** Of the cameras of a wall. */
export const Codes = Type.String({
  maxLength: 1040,
  pattern: '^[^,]{1,64}(,[^,]{1,64}){0,15}$',
  right: 'at most 16 codes with commas between them',
});
/** Code of a region or zone. */
export const ShortCode = codePattern(32);
/** An address names things by id or by code. */
export const IdOrCode = Type.String({ minLength: 1, maxLength: 64, right: 'an id or a code' });

export const Name = Type.String({
  minLength: 1,
  maxLength: 200,
  pattern: '\\S',
  right: 'a name of 1 to 200 characters',
});

export const Box = Type.Array(Type.Number({ minimum: 0, maximum: 1 }), {
  minItems: 4,
  maxItems: 4,
  right: 'four numbers [x1, y1, x2, y2] from 0 to 1',
});
export const Boxes = Type.Array(Box, { maxItems: 50, right: 'a list of at most 50 boxes [x1, y1, x2, y2]' });

const Corner = Type.Array(Type.Number({ minimum: 0, maximum: 1 }), { minItems: 2, maxItems: 2 });
/** A box [x1, y1, x2, y2], or the corners [[x, y], …] of a polygon. */
export const Area = Type.Union([Box, Type.Array(Corner, { minItems: 3, maxItems: 40 })], {
  right: 'a box [x1, y1, x2, y2], or 3 to 40 corners [[x, y], …], from 0 to 1',
});
export const Areas = Type.Array(Area, {
  maxItems: 50,
  right: 'a list of at most 50 areas, each a box [x1, y1, x2, y2] or corners [[x, y], …]',
});

const Point = Type.Array(Type.Number({ minimum: 0, maximum: 1 }), { minItems: 2, maxItems: 2 });
/** Two points one metre apart on the floor: the scale of a camera. */
export const MetreLine = Type.Array(Point, {
  minItems: 2,
  maxItems: 2,
  right: 'two points [[x1, y1], [x2, y2]] from 0 to 1, one metre apart on the floor',
});

export const ViolationKind = Type.Enum([...VIOLATION_KINDS], { title: 'ViolationKind' });
/** Code of a kind of finding: those that models find, and those that people report (GET /finding-kinds). */
export const KindCode = Type.String({
  pattern: '^[a-z][a-z0-9_]{0,31}$',
  title: 'KindCode',
  right: 'the code of a kind of finding, e.g. no_hat',
});
export const ZoneKind = Type.Enum([...ZONE_KINDS], { title: 'ZoneKind' });
export const FindingState = Type.Enum([...FINDING_STATES], { title: 'FindingState' });
export const TaskState = Type.Enum([...TASK_STATES], { title: 'TaskState' });
export const CameraState = Type.Enum([...CAMERA_STATES], { title: 'CameraState' });
export const CameraSource = Type.Enum([...CAMERA_SOURCES], { title: 'CameraSource' });
export const Role = Type.Enum([...ROLES], { title: 'Role' });
/** Severity, 1 is gravest. */
export const TaskClass = Type.Union([Type.Literal(1), Type.Literal(2), Type.Literal(3)], {
  right: '1, 2 or 3',
});

export const RegionRef = Type.Object(
  {
    id: Uuid,
    code: Type.String(),
    path: Type.String(),
    name: Type.String(),
  },
  { title: 'RegionRef' },
);
export const MerchantRef = Type.Object(
  { id: Uuid, code: Type.String(), name: Type.String() },
  { title: 'MerchantRef' },
);
export const ZoneRef = Type.Object(
  { id: Uuid, code: Type.String(), kind: ZoneKind, name: Type.String() },
  { title: 'ZoneRef' },
);
export const CameraRef = Type.Object(
  { id: Uuid, code: Type.String(), name: Type.String() },
  { title: 'CameraRef' },
);
export const GatewayRef = Type.Object(
  { id: Uuid, code: Type.String(), name: Type.String() },
  { title: 'GatewayRef' },
);
export const ModelRef = Type.Object(
  { name: Type.String(), version: Type.String(), sha256: Type.String() },
  { title: 'ModelRef' },
);

export const Page = <T extends TSchema>(item: T) =>
  Type.Object({ items: Type.Array(item), nextCursor: Nullable(Type.String()) });

export const MOST_ITEMS = 200;
/** Query of every list. */
export const pageQuery = {
  cursor: Type.Optional(Type.String({ maxLength: 400, right: 'the nextCursor of the page before' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST_ITEMS, default: 50 })),
};

export const Closed = { additionalProperties: false } as const;
export const ByIdOrCode = Type.Object({ id: IdOrCode }, Closed);
export const ById = Type.Object({ id: Uuid }, Closed);

export const Nothing = Type.Null({ description: 'Done; no content' });
