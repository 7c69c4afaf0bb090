import { sql } from 'kysely';
import type { Reference } from '../domain/camera-health.ts';
import type { PictureProfile } from '../domain/picture-profile.ts';
import type { Declined } from '../domain/probe.ts';
import { recordChange } from './audit.ts';
import type { Database } from './database.ts';
import { placeOfCamera } from './place-of.ts';
import type { Author } from './registry-audit.ts';

/** The picture that a camera's pictures are compared with, and when it was taken. */
export interface StoredReference extends Reference {
  takenAt: Date;
}

/** The approved one, else the automatic one, else undefined. What another source showed before is none. */
export async function loadReference(db: Database, cameraId: string): Promise<StoredReference | undefined> {
  const row = await db
    .selectFrom('camera_reference')
    .innerJoin('camera', 'camera.id', 'camera_reference.camera_id')
    .select(['origin', 'taken_at', 'thumbnail', 'small', 'tile_detail'])
    .where('camera_id', '=', cameraId)
    .where((eb) =>
      eb.or([eb('source_changed_at', 'is', null), eb('taken_at', '>', eb.ref('source_changed_at'))]),
    )
    .orderBy('origin')
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { thumbnail, small, tile_detail: bytes } = row;
  const detail = Float32Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(i * 4));
  return {
    profile: { thumbnail, small, detail },
    approved: row.origin === 'approved',
    takenAt: row.taken_at,
  };
}

function columnsOf(profile: PictureProfile, takenAt: Date) {
  const bytes = Buffer.alloc(profile.detail.length * 4);
  for (const [i, value] of profile.detail.entries()) bytes.writeFloatLE(value, i * 4);
  return {
    taken_at: takenAt,
    thumbnail: Buffer.from(profile.thumbnail),
    small: Buffer.from(profile.small),
    tile_detail: bytes,
  };
}

/** A good picture that the gateway chose; a later one replaces it. A camera that was removed meanwhile is passed over. */
export async function saveAutomaticReference(
  db: Database,
  cameraId: string,
  profile: PictureProfile,
  takenAt: Date,
): Promise<void> {
  const columns = columnsOf(profile, takenAt);
  await sql`
    insert into camera_reference (camera_id, origin, taken_at, thumbnail, small, tile_detail)
    select camera.id, 'automatic', ${columns.taken_at}, ${columns.thumbnail}, ${columns.small}, ${columns.tile_detail}
    from camera where camera.id = ${cameraId}
    on conflict (camera_id, origin) do update set taken_at = excluded.taken_at, thumbnail = excluded.thumbnail,
      small = excluded.small, tile_detail = excluded.tile_detail
  `.execute(db);
}

/** A picture that a person approved: here the camera shall look. The one approved before is replaced; from now on it is in service. */
export async function approveReference(
  db: Database,
  reference: {
    cameraId: string;
    objectKey: string;
    sha256: string;
    profile: PictureProfile;
    takenAt: Date;
    approvedBy: string;
    /** It shows another view than the one approved before. */
    isOtherView?: boolean;
  },
  now: Date,
): Promise<void> {
  const columns = {
    ...columnsOf(reference.profile, reference.takenAt),
    object_key: reference.objectKey,
    sha256: reference.sha256,
    approved_by: reference.approvedBy,
    approved_at: now,
  };
  await db.transaction().execute(async (tx) => {
    await tx
      .insertInto('camera_reference')
      .values({ camera_id: reference.cameraId, origin: 'approved', ...columns })
      .onConflict((conflict) => conflict.columns(['camera_id', 'origin']).doUpdateSet(columns))
      .execute();
    const { numUpdatedRows } = await tx
      .updateTable('camera')
      .set({ awaits_approval: false, declined: null })
      .where('id', '=', reference.cameraId)
      .where('awaits_approval', '=', true)
      .executeTakeFirst();
    if (reference.isOtherView === true)
      await tx
        .updateTable('camera')
        .set({ view_changed_at: now })
        .where('id', '=', reference.cameraId)
        .execute();
    const about = { entity: 'camera', entityId: reference.cameraId };
    const inService = { before: { awaits_approval: true }, after: { awaits_approval: false } };
    await recordChange(tx, {
      ...about,
      detail: numUpdatedRows > 0n ? [{ ...about, ...inService }] : [],
      to: 'reference_approved',
      actorId: reference.approvedBy,
      note: reference.sha256,
      at: now,
      place: await placeOfCamera(tx, reference.cameraId),
    });
  });
}

/** A person will not have this picture: the camera is out of service until another is approved, and switched off where none may be. */
export async function declinePicture(
  db: Database,
  cameraId: string,
  declined: Declined,
  author: Author,
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const about = { entity: 'camera', entityId: cameraId };
    const before = await tx
      .selectFrom('camera')
      .select(['awaits_approval', 'enabled'])
      .where('id', '=', cameraId)
      .forUpdate()
      .executeTakeFirstOrThrow();
    const after = {
      awaits_approval: true,
      enabled: before.enabled && declined.reason !== 'private_place',
    };
    await tx
      .updateTable('camera')
      .set({ ...after, declined: JSON.stringify(declined) })
      .where('id', '=', cameraId)
      .execute();
    const place = await placeOfCamera(tx, cameraId);
    const detail = [{ ...about, before, after }];
    await recordChange(tx, { ...about, ...author, to: 'reference_declined', place, detail });
  });
}
