import { Type } from 'typebox';
import { Closed, Nullable, Time, Uuid } from './common.ts';

const NoticeKind = Type.Enum(['sign', 'staff'], { title: 'NoticeKind' });

/** A sign that says that a camera watches, or staff that was told: who recorded it, and when. */
export const CameraNotice = Type.Object(
  {
    id: Uuid,
    kind: NoticeKind,
    note: Type.String(),
    recordedBy: Type.String(),
    recordedAt: Time,
    /** The photo by a signed address, without metadata; null: none was taken, or the account may see none. */
    photo: Nullable(Type.String()),
  },
  { title: 'CameraNotice' },
);
export const CameraNotices = Type.Object({ items: Type.Array(CameraNotice) }, { title: 'CameraNotices' });
export const NoticeQuery = Type.Object(
  { kind: NoticeKind, note: Type.Optional(Type.String({ maxLength: 500 })) },
  Closed,
);
