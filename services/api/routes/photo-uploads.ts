import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { openUpload } from '../../db/photo-uploads.ts';
import { loadPhotos } from '../../db/task-answers.ts';
import { said } from '../../domain/said.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import { addTaskPhoto } from '../commands/add-task-photo.ts';
import { MOST_PART_BYTES, takePart, takesParts } from '../commands/take-part.ts';
import type { ApiContext } from '../context.ts';
import { Problem } from '../problem.ts';
import { commandsOf, photoItem } from '../queries/task-page.ts';
import { selectTasks, type TaskRow } from '../queries/tasks.ts';
import { ById, Closed, Nullable, Uuid } from '../schemas/common.ts';
import { NewUpload, UploadHeaders } from '../schemas/ledger.ts';
import { AnswerPhoto } from '../schemas/task.ts';
import { seen } from '../scope.ts';

const Upload = Type.Object(
  {
    /** null: the photo is whole. */
    id: Nullable(Uuid),
    /** Bytes that have arrived: where to go on. */
    offset: Type.Integer(),
    photo: Nullable(AnswerPhoto),
  },
  { title: 'PhotoUpload' },
);

/** Photos for an answer over a bad line, in parts: what has arrived stays, sending goes on where it broke off. */
export function photoUploadRoutes(api: App, context: ApiContext): void {
  const { db, files } = context;

  const answerable = async (request: FastifyRequest): Promise<TaskRow> => {
    const actor = actorOf(request);
    const { id } = request.params as { id: string };
    const found = await selectTasks(db).where('task.id', '=', id).executeTakeFirst();
    const task = seen(actor, 'task.answer', found, 'task') as TaskRow;
    if (commandsOf(actor, task).length === 0)
      throw new Problem('conflict', said('no_answer_wanted', { state: task.state }));
    return task;
  };

  api.register(async (scope: App) => {
    takesParts(scope);

    scope.post(
      '/tasks/:id/photo-uploads',
      {
        config: { access: 'task.answer' },
        schema: {
          tags: ['tasks'],
          summary: 'Begin to send a photo in parts, or ask where to go on',
          description:
            'Asked again with the same photo, it is the same upload; one that is whole gives its photo.',
          params: ById,
          body: NewUpload,
          response: { 200: Upload },
        },
      },
      async (request) => {
        const task = await answerable(request);
        const { sha256, bytes } = request.body;
        const row = (await loadPhotos(db, task.id)).find((one) => one.sha256 === sha256);
        if (row !== undefined) return { id: null, offset: row.bytes, photo: photoItem(files, row, false) };
        const { accountId } = actorOf(request);
        const upload = await openUpload(db, { taskId: task.id, accountId, sha256, bytes }, context.now());
        if (upload === undefined) throw new Problem('conflict', said('too_many_uploads'));
        return { ...upload, photo: null };
      },
    );

    scope.post(
      '/tasks/:id/photo-uploads/:one',
      {
        bodyLimit: MOST_PART_BYTES,
        config: { access: 'task.answer' },
        schema: {
          tags: ['tasks'],
          summary: 'The next part of a photo (application/octet-stream, at most 1 MB)',
          description:
            'The header Upload-Offset says where the part begins. When that is not where the upload stands: 409 with the offset.',
          consumes: ['application/octet-stream'],
          params: Type.Object({ id: Uuid, one: Uuid }, Closed),
          headers: UploadHeaders,
          response: { 200: Upload },
        },
      },
      async (request) => {
        const task = await answerable(request);
        const { accountId } = actorOf(request);
        const upload = { id: request.params.one, taskId: task.id, accountId };
        return await takePart(context, upload, request.headers['upload-offset'] ?? 0, request.body, (data) =>
          addTaskPhoto(context, task.id, accountId, data),
        );
      },
    );
  });
}
