import { Type } from 'typebox';
import { openUpload } from '../../db/photo-uploads.ts';
import { said } from '../../domain/said.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import { addPhotoOf } from '../commands/add-report-photo.ts';
import { keepPhoto } from '../commands/keep-photo.ts';
import { MOST_PART_BYTES, takePart, takesParts } from '../commands/take-part.ts';
import type { ApiContext } from '../context.ts';
import { Problem } from '../problem.ts';
import { ById, Nullable, Uuid } from '../schemas/common.ts';
import { ReportPhoto } from '../schemas/finding-case.ts';
import { NewUpload, UploadHeaders } from '../schemas/ledger.ts';

const Upload = Type.Object(
  {
    /** null: the photo is whole. */
    id: Nullable(Uuid),
    /** Bytes that have arrived: where to go on. */
    offset: Type.Integer(),
    photo: Nullable(ReportPhoto),
  },
  { title: 'ReportPhotoUpload' },
);

/** Photos for a report or visit over a bad line, in parts, as those of answers (photo-uploads.ts). */
export function reportPhotoUploadRoutes(api: App, context: ApiContext): void {
  const { db, now } = context;
  api.register(async (scope: App) => {
    takesParts(scope);

    scope.post(
      '/report-photo-uploads',
      {
        config: { access: 'finding.create' },
        schema: {
          tags: ['findings'],
          summary: 'Begin to send a photo for a report or visit in parts, or ask where to go on',
          description: 'Asked again with the same photo, it is the same upload.',
          body: NewUpload,
          response: { 200: Upload },
        },
      },
      async (request) => {
        const { accountId } = actorOf(request);
        const upload = await openUpload(db, { taskId: null, accountId, ...request.body }, now());
        if (upload === undefined) throw new Problem('conflict', said('too_many_uploads'));
        return { ...upload, photo: null };
      },
    );

    scope.post(
      '/report-photo-uploads/:id',
      {
        bodyLimit: MOST_PART_BYTES,
        config: { access: 'finding.create' },
        schema: {
          tags: ['findings'],
          summary: 'The next part of a photo (application/octet-stream, at most 1 MB)',
          description:
            'The header Upload-Offset says where the part begins. When that is not where the upload stands: 409 with the offset.',
          consumes: ['application/octet-stream'],
          params: ById,
          headers: UploadHeaders,
          response: { 200: Upload },
        },
      },
      async (request) => {
        const { accountId } = actorOf(request);
        const upload = { id: request.params.id, taskId: null, accountId };
        return await takePart(
          context,
          upload,
          request.headers['upload-offset'] ?? 0,
          request.body,
          async (data) => {
            const photo = await keepPhoto(context, `reports/${accountId}`, data);
            return await addPhotoOf(context, photo, { cameraId: null, takenAt: null, accountId });
          },
        );
      },
    );
  });
}
