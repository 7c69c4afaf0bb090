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
    /** The photo by a signed address, without metadata; null: none was taken, its time is over, or the account may see none. */
    photo: Nullable(Type.String()),
    /** When the photo's time was over; what was recorded stays. */
    photoRemovedAt: Nullable(Time),
  },
  { title: 'CameraNotice' },
);
export const CameraNotices = Type.Object({ items: Type.Array(CameraNotice) }, { title: 'CameraNotices' });
export const NoticeQuery = Type.Object(
  { kind: NoticeKind, note: Type.Optional(Type.String({ maxLength: 500 })) },
  Closed,
);
