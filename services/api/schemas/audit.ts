import { Type } from 'typebox';
import { Closed, Nullable, pageQuery, Time, Uuid } from './common.ts';

const Fields = Nullable(Type.Record(Type.String(), Type.Unknown()));

export const AuditRow = Type.Object(
  {
    id: Type.String(),
    at: Time,
    /** null: the system itself. */
    by: Nullable(Type.Object({ id: Uuid, username: Type.String() })),
    entity: Type.String(),
    entityId: Uuid,
    /** What it is called now; null where it is gone, or has no name. */
    name: Nullable(Type.String()),
    from: Nullable(Type.String()),
    /** The state it went to, or what was done to it. */
    to: Type.String(),
    command: Type.String(),
    reason: Type.String(),
    note: Type.String(),
    region: Nullable(Type.String()),
    merchantId: Nullable(Uuid),
    /** How many things were changed; the first of them follow. */
    changeCount: Type.Integer(),
    changes: Type.Array(
      Type.Object({ entity: Type.String(), entityId: Uuid, before: Fields, after: Fields }),
    ),
  },
  { title: 'AuditRow' },
);

const filter = {
  entity: Type.Optional(
    Type.String({ pattern: '^[a-z][a-z_]{0,39}$', right: 'a kind of thing, e.g. camera' }),
  ),
  /** Also finds the imports that changed it. */
  entityId: Type.Optional(Uuid),
  by: Type.Optional(Type.String({ maxLength: 64, right: 'a user name' })),
  /** The state it went to, or what was done to it, e.g. created. */
  what: Type.Optional(Type.String({ pattern: '^[a-z][a-z_]{0,39}$', right: 'what was done, e.g. created' })),
  from: Type.Optional(Time),
  to: Type.Optional(Time),
};
export const AuditFilter = Type.Object(filter);
export const AuditQuery = Type.Object({ ...pageQuery, ...filter }, Closed);
export const AuditExportQuery = Type.Object(filter, Closed);
