import type { Static } from 'typebox';
import { addWaitingPhoto } from '../../db/waiting-photos.ts';
import { said } from '../../domain/said.ts';
import type { ApiContext } from '../context.ts';
import { Problem } from '../problem.ts';
import type { ReportPhoto } from '../schemas/finding-case.ts';
import type { KeptPhoto } from './keep-photo.ts';

/** A stored photo waits for a report of this account. @throws Problem when too many do */
export async function addPhotoOf(
  { db, store, files, now }: ApiContext,
  photo: KeptPhoto,
  from: { cameraId: string | null; takenAt: Date | null; accountId: string },
): Promise<Static<typeof ReportPhoto>> {
  const at = now();
  const { accountId, ...told } = from;
  const id = await addWaitingPhoto(db, 'report_photo', { ...photo, accountId }, at, told);
  if (id === undefined) {
    await store.remove(photo.shownKey);
    throw new Problem('conflict', said('too_many_report_photos'));
  }
  return {
    id,
    url: files.address('report', id),
    sha256: photo.sha256,
    bytes: photo.bytes,
    width: photo.width,
    height: photo.height,
    takenAt: from.takenAt?.toISOString() ?? null,
    uploadedAt: at.toISOString(),
  };
}
