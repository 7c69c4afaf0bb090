import { approveReference } from '../../db/camera-references.ts';
import type { Actor } from '../../domain/access.ts';
import { fitAsReference, isBlack } from '../../domain/camera-health.ts';
import { profileOf } from '../../domain/picture-profile.ts';
import { referenceKey, sha256 } from '../../evidence/keys.ts';
import { ObjectMissing } from '../../evidence/object-store.ts';
import { fineLumaOfJpeg } from '../../media/fine-luma.ts';
import { lumaOfJpeg } from '../../media/luma.ts';
import type { ApiContext } from '../context.ts';
import { Problem } from '../problem.ts';
import type { CameraRow } from '../queries/cameras.ts';

/** A picture older than this does not show where the camera looks now, in minutes. */
const FRESH_MIN = 10;

/**
 * Makes the camera's last picture its approved reference: here it shall look. The picture is kept; the one approved before is
 * no longer used.
 * @throws Problem `conflict` when there is no fresh picture, or it shows too little to compare others with
 */
export async function approveCurrentPicture(
  context: ApiContext,
  actor: Actor,
  camera: CameraRow,
): Promise<void> {
  const { db, store, now } = context;
  const { picture_key: key, picture_at: takenAt } = camera;
  const ageMin = takenAt === null ? Number.POSITIVE_INFINITY : (now().getTime() - takenAt.getTime()) / 60_000;
  if (key === null || takenAt === null || ageMin > FRESH_MIN) {
    throw new Problem('conflict', `There is no picture of the last ${FRESH_MIN} minutes to approve.`);
  }
  const bytes = await store.get(key).catch((error: unknown) => {
    if (error instanceof ObjectMissing) throw new Problem('conflict', 'There is no picture to approve.');
    throw error;
  });
  const thumbnail = await lumaOfJpeg(bytes);
  const profile = profileOf(thumbnail, await fineLumaOfJpeg(bytes));
  if (isBlack(thumbnail) || !fitAsReference(profile)) {
    throw new Problem(
      'conflict',
      'The picture shows too little to compare others with: it is dark or without detail.',
    );
  }
  const hash = sha256(bytes);
  const objectKey = referenceKey(camera.id, hash);
  await store.put(objectKey, bytes, { contentType: 'image/jpeg', overwrite: true });
  await approveReference(
    db,
    { cameraId: camera.id, objectKey, sha256: hash, profile, takenAt, approvedBy: actor.accountId },
    now(),
  );
}
