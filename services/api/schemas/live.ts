import { Type } from 'typebox';
import { LIVE_PURPOSES } from '../../domain/live.ts';
import { CameraRef, Closed, Code, MerchantRef, Nullable, pageQuery, Time, Uuid } from './common.ts';

const Purpose = Type.Enum([...LIVE_PURPOSES], { title: 'LivePurpose' });

export const LiveGrant = Type.Object(
  {
    id: Uuid,
    purpose: Type.String(),
    note: Type.String(),
    /** null: every camera in the account's scope. */
    cameraId: Nullable(Uuid),
    grantedAt: Time,
    expiresAt: Time,
  },
  { title: 'LiveGrant' },
);
export const LiveGrants = Type.Object({ items: Type.Array(LiveGrant) });

export const NewLiveGrant = Type.Object(
  {
    purpose: Purpose,
    /** Must be given where the purpose is `other`. */
    note: Type.Optional(Type.String({ maxLength: 500, right: 'at most 500 characters' })),
    /** Code; absent: every camera in the account's scope. */
    camera: Type.Optional(Nullable(Code)),
  },
  { ...Closed, title: 'NewLiveGrant' },
);

export const LiveLook = Type.Object(
  {
    by: Type.Object({ id: Uuid, username: Type.String(), displayName: Type.String() }),
    purpose: Type.String(),
    note: Type.String(),
    camera: CameraRef,
    merchant: MerchantRef,
    firstAt: Time,
    lastAt: Time,
    /** Pictures and streams that were opened. */
    looks: Type.Integer(),
  },
  { title: 'LiveLook' },
);

export const LiveLookQuery = Type.Object(
  {
    ...pageQuery,
    camera: Type.Optional(Code),
    by: Type.Optional(Type.String({ maxLength: 64, right: 'a user name' })),
    from: Type.Optional(Time),
    to: Type.Optional(Time),
  },
  Closed,
);
