import { Type } from 'typebox';
import { recordChange } from '../../db/audit.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import { authorOf } from '../author.ts';
import { keepPhoto, MOST_PHOTO_BYTES, takesJpeg } from '../commands/keep-photo.ts';
import type { ApiContext } from '../context.ts';
import { shownTo } from '../live-grant.ts';
import { isIdOrCode } from '../queries/by-id.ts';
import { selectCameras } from '../queries/cameras.ts';
import { CameraNotices, NoticeQuery } from '../schemas/camera-notice.ts';
import { ByIdOrCode } from '../schemas/common.ts';
import { seen } from '../scope.ts';

const tags = ['registry'];

/** 告知: that signs are up and staff was told, per camera; appended, never changed. */
export function cameraNoticeRoutes(api: App, context: ApiContext): void {
  const { db, files } = context;
  const find = (idOrCode: string) =>
    selectCameras(db).where(isIdOrCode('camera', idOrCode)).executeTakeFirst();
  const list = async (cameraId: string, showPhotos: boolean) => {
    const rows = await db
      .selectFrom('camera_notice as notice')
      .innerJoin('account', 'account.id', 'notice.recorded_by')
      .select(['notice.id', 'kind', 'note', 'username', 'recorded_at', 'shown_key', 'notice.removed_at'])
      .where('camera_id', '=', cameraId)
      .orderBy('recorded_at', 'desc')
      .limit(100)
      .execute();
    return {
      items: rows.map(
        ({ id, kind, note, username, recorded_at: at, shown_key: key, removed_at: removedAt }) => ({
          id,
          kind,
          note,
          recordedBy: username,
          recordedAt: at.toISOString(),
          photo: key !== null && removedAt === null && showPhotos ? files.address('notice', id) : null,
          photoRemovedAt: removedAt?.toISOString() ?? null,
        }),
      ),
    };
  };

  api.get(
    '/cameras/:id/notices',
    {
      config: { access: 'registry.read' },
      schema: {
        tags,
        summary: 'Signs that are up and staff that was told, newest first',
        params: ByIdOrCode,
        response: { 200: CameraNotices },
      },
    },
    async (request) => {
      const actor = actorOf(request);
      const camera = seen(actor, 'registry.read', await find(request.params.id), 'camera');
      return await list(camera.id, (await shownTo(context, actor, camera)).stored);
    },
  );

  api.register(async (scope: App) => {
    takesJpeg(scope);
    scope.post(
      '/cameras/:id/notices',
      {
        bodyLimit: MOST_PHOTO_BYTES,
        config: { access: 'registry.write' },
        schema: {
          tags,
          summary: 'Record a sign or that staff was told; with a photo (image/jpeg) or without a body',
          consumes: ['image/jpeg'],
          params: ByIdOrCode,
          querystring: NoticeQuery,
          body: Type.Optional(Type.Unknown()),
          response: { 201: CameraNotices },
        },
      },
      async (request, reply) => {
        const actor = actorOf(request);
        const camera = seen(actor, 'registry.write', await find(request.params.id), 'camera');
        const { kind, note = '' } = request.query;
        const photo = Buffer.isBuffer(request.body)
          ? await keepPhoto(context, `notices/${camera.id}`, request.body)
          : undefined;
        const author = authorOf(request, context);
        await db.transaction().execute(async (tx) => {
          const row = await tx
            .insertInto('camera_notice')
            .values({
              camera_id: camera.id,
              kind,
              note,
              object_key: photo?.key ?? null,
              sha256: photo?.sha256 ?? null,
              shown_key: photo?.shownKey ?? null,
              shown_sha256: photo?.shownSha256 ?? null,
              recorded_by: actor.accountId,
              recorded_at: author.at,
            })
            .returning('id')
            .executeTakeFirstOrThrow();
          const about = { entity: 'camera', entityId: camera.id, to: `${kind}_recorded`, place: camera };
          await recordChange(tx, { ...about, ...author, note: photo?.sha256 ?? row.id });
        });
        return await reply.code(201).send(await list(camera.id, true));
      },
    );
  });
}
