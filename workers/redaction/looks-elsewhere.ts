import { loadReference } from '../../services/db/camera-references.ts';
import type { Database } from '../../services/db/database.ts';
import { judgeHealth } from '../../services/domain/camera-health.ts';
import { profileOf } from '../../services/domain/picture-profile.ts';
import { fineLumaOfJpeg } from '../../services/media/fine-luma.ts';
import { lumaOfJpeg } from '../../services/media/luma.ts';

/**
 * Whether this one picture shows another view than the approved one; false where none was approved. A single judgement may be wrong
 * (a van before the window): it costs one picture, not a ticket. @throws PictureError
 */
export async function looksElsewhere(db: Database, cameraId: string, jpeg: Buffer): Promise<boolean> {
  const reference = await loadReference(db, cameraId);
  if (reference?.approved !== true) return false;
  const profile = profileOf(await lumaOfJpeg(jpeg), await fineLumaOfJpeg(jpeg));
  return judgeHealth(profile, reference).verdict === 'moved';
}
