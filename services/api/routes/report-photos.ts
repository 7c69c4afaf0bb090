import { currentGrants, grantFor, recordLiveLook } from '../../db/live.ts';
import { mayBeSeen } from '../../domain/approval.ts';
import { said } from '../../domain/said.ts';
import { ObjectMissing } from '../../evidence/object-store.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import { addPhotoOf } from '../commands/add-report-photo.ts';
import { keepPhoto, MOST_PHOTO_BYTES, takesJpeg } from '../commands/keep-photo.ts';
import type { ApiContext } from '../context.ts';
import { notFound, Problem } from '../problem.ts';
import { ReportPhoto, Snapshot } from '../schemas/finding-case.ts';
import { seen } from '../scope.ts';

const tags = ['findings'];
/** A camera's picture older than this is not what it sees now, in minutes. */
const FRESH_MIN = 10;

/** Photographs for a report: sent one by one, or taken from a camera, then named by the report. */
export function reportPhotoRoutes(api: App, context: ApiContext): void {
  const { db, liveVideo, store, now } = context;

  /** What a camera sees now is seen under a purpose only, and kept before anything is shown. */
  const look = async (accountId: string, cameraId: string): Promise<void> => {
    const grant = grantFor(await currentGrants(db, accountId, now()), cameraId);
    if (grant === undefined || !(await recordLiveLook(db, grant.id, cameraId, now())))
      throw new Problem('purpose-required', said('purpose_first'));
  };

  api.register(async (scope: App) => {
    takesJpeg(scope);
    scope.post(
      '/report-photos',
      {
        bodyLimit: MOST_PHOTO_BYTES,
        config: { access: 'finding.create' },
        schema: {
          tags,
          summary: 'A photo for a report: the JPEG itself (image/jpeg), at most 10 MB and 4096 pixels a side',
          description:
            'Kept as received, with its EXIF; shown is a copy without metadata. Unused, it goes after a day.',
          consumes: ['image/jpeg'],
          response: { 201: ReportPhoto },
        },
      },
      async (request, reply) => {
        const { accountId } = actorOf(request);
        const photo = await keepPhoto(context, `reports/${accountId}`, request.body);
        return await reply
          .code(201)
          .send(await addPhotoOf(context, photo, { cameraId: null, takenAt: null, accountId }));
      },
    );
  });

  api.post(
    '/report-photos/snapshot',
    {
      config: { access: 'finding.create' },
      schema: {
        tags,
        summary:
          "A camera's current picture as a photo for a report: asks a purpose and is logged, as every live look",
        body: Snapshot,
        response: { 201: ReportPhoto },
      },
    },
    async (request, reply) => {
      const actor = actorOf(request);
      const found = await db
        .selectFrom('camera')
        .innerJoin('merchant', 'merchant.id', 'camera.merchant_id')
        .innerJoin('region', 'region.id', 'merchant.region_id')
        .innerJoin('camera_status', 'camera_status.camera_id', 'camera.id')
        .select([
          'camera.id',
          'camera.source',
          'camera.awaits_approval',
          'camera.merchant_id as merchantId',
          'region.path as regionPath',
          'camera_status.picture_key',
          'camera_status.picture_at',
        ])
        .where('camera.code', '=', request.body.camera)
        .executeTakeFirst();
      const camera = seen(actor, 'live.view', found && { ...found, cameraId: found.id }, 'camera');
      if (!mayBeSeen(actor, camera)) throw new Problem('conflict', said('not_approved_yet'));
      await look(actor.accountId, camera.id);
      const { accountId } = actor;
      const isFresh = (takenAt: Date): boolean => now().getTime() - takenAt.getTime() <= FRESH_MIN * 60_000;
      // What was on the screen is what is reported, while it is held.
      const at = request.body.at === undefined ? undefined : new Date(request.body.at);
      const seenThen =
        at !== undefined && camera.source === 'rtsp' ? await liveVideo.pictureAt(camera.id, at) : undefined;
      if (seenThen !== undefined && isFresh(seenThen.takenAt)) {
        const photo = await keepPhoto(context, `reports/${accountId}`, seenThen.bytes);
        const { takenAt } = seenThen;
        return await reply
          .code(201)
          .send(await addPhotoOf(context, photo, { cameraId: camera.id, takenAt, accountId }));
      }
      const { picture_key: key, picture_at: takenAt } = camera;
      if (key === null || takenAt === null || !isFresh(takenAt))
        throw new Problem('conflict', said('no_fresh_picture', { minutes: FRESH_MIN }));
      const bytes = await store.get(key).catch((error: unknown) => {
        throw error instanceof ObjectMissing ? notFound('picture') : error;
      });
      const photo = await keepPhoto(context, `reports/${accountId}`, bytes);
      return await reply
        .code(201)
        .send(await addPhotoOf(context, photo, { cameraId: camera.id, takenAt, accountId }));
    },
  );
}
