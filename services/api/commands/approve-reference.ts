import { pictureOfProbe } from '../../db/camera-probes.ts';
import { approveReference, loadReference } from '../../db/camera-references.ts';
import type { Actor } from '../../domain/access.ts';
import { showsSource } from '../../domain/approval.ts';
import { fitAsReference, isBlack, isOtherView } from '../../domain/camera-health.ts';
import { profileOf } from '../../domain/picture-profile.ts';
import { FRESH_MIN } from '../../domain/probe.ts';
import { said } from '../../domain/said.ts';
import { ObjectKept } from '../../evidence/guarded-store.ts';
import { referenceKey, sha256 } from '../../evidence/keys.ts';
import { ObjectMissing } from '../../evidence/object-store.ts';
import { fineLumaOfJpeg } from '../../media/fine-luma.ts';
import { lumaOfJpeg } from '../../media/luma.ts';
import type { ApiContext } from '../context.ts';
import { Problem } from '../problem.ts';
import type { CameraRow } from '../queries/cameras.ts';

/** A picture that may become the reference, and when it was taken. */
interface Candidate {
  bytes: Buffer;
  at: Date;
  /** Of a test's: when it was asked for. */
  testAskedAt?: Date;
}

/**
 * Makes the camera's last picture, or the one that a test of it brought, its approved reference: here it shall look. The picture is kept;
 * the one approved before is no longer used. A camera that was waiting for it is in service from now on.
 * @throws Problem `conflict` when there is no fresh picture, or it shows too little to compare others with
 */
export async function approvePicture(
  context: ApiContext,
  actor: Actor,
  camera: CameraRow,
  probeId: string | undefined,
): Promise<void> {
  const { db, store, now } = context;
  const candidate =
    probeId === undefined ? await lastPicture(context, camera) : await pictureOfProbe(db, probeId, camera.id);
  const limit = now().getTime() - FRESH_MIN * 60_000;
  if (candidate === undefined || candidate.at.getTime() < limit) {
    throw new Problem('conflict', said('no_picture_to_approve', { minutes: FRESH_MIN }));
  }
  if (!showsSource(candidate, camera.source_changed_at)) {
    throw new Problem('conflict', said('picture_of_other_source'));
  }
  const { bytes, at: takenAt } = candidate;
  const thumbnail = await lumaOfJpeg(bytes);
  const profile = profileOf(thumbnail, await fineLumaOfJpeg(bytes));
  if (isBlack(thumbnail) || !fitAsReference(profile)) {
    throw new Problem('conflict', said('picture_shows_too_little'));
  }
  const hash = sha256(bytes);
  const objectKey = referenceKey(camera.id, hash);
  try {
    await store.put(objectKey, bytes, { contentType: 'image/jpeg', overwrite: true });
  } catch (error) {
    // Approved before: its name is the hash of its bytes, so that what is kept is the same.
    if (!(error instanceof ObjectKept)) throw error;
  }
  await approveReference(
    db,
    {
      cameraId: camera.id,
      objectKey,
      sha256: hash,
      profile,
      takenAt,
      approvedBy: actor.accountId,
      isOtherView: isOtherView(profile, await loadReference(db, camera.id)),
    },
    now(),
  );
}

/** The camera's last picture, if there is one. */
async function lastPicture({ store }: ApiContext, camera: CameraRow): Promise<Candidate | undefined> {
  const { picture_key: key, picture_at: at } = camera;
  if (key === null || at === null) return undefined;
  try {
    return { bytes: await store.get(key), at };
  } catch (error) {
    if (error instanceof ObjectMissing) return undefined;
    throw error;
  }
}
