import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { addPart, closeUpload, openUpload } from '../../db/photo-uploads.ts';
import { loadPhotos } from '../../db/task-answers.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import { addTaskPhoto } from '../commands/add-task-photo.ts';
import type { ApiContext } from '../context.ts';
import { invalid, notFound, Problem } from '../problem.ts';
import { commandsOf, photoItem } from '../queries/task-page.ts';
import { selectTasks, type TaskRow } from '../queries/tasks.ts';
import { ById, Closed, Nullable, Uuid } from '../schemas/common.ts';
import { NewUpload } from '../schemas/ledger.ts';
import { AnswerPhoto } from '../schemas/task.ts';
import { seen } from '../scope.ts';

/** Bytes of one part at most. */
const MOST_PART_BYTES = 1024 * 1024;

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
      throw new Problem('conflict', `The task is ${task.state}: no answer is wanted now.`);
    return task;
  };

  api.register(async (scope: App) => {
    const asBuffer = { parseAs: 'buffer', bodyLimit: MOST_PART_BYTES } as const;
    scope.addContentTypeParser(['application/octet-stream', 'image/jpeg'], asBuffer, (_request, body, done) =>
      done(null, body),
    );

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
        if (upload === undefined)
          throw new Problem('conflict', 'Too many photos are under way: finish those first.');
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
          headers: Type.Object({
            /** Absent: 0. */
            'upload-offset': Type.Optional(
              Type.Integer({ minimum: 0, right: 'the position of the part, in bytes' }),
            ),
          }),
          response: { 200: Upload },
        },
      },
      async (request) => {
        const task = await answerable(request);
        const { accountId } = actorOf(request);
        const { body } = request;
        if (!Buffer.isBuffer(body) || body.length === 0)
          throw invalid({ field: 'body', message: 'is empty: send the bytes of the part' });
        const upload = { id: request.params.one, taskId: task.id, accountId };
        const part = await addPart(db, upload, request.headers['upload-offset'] ?? 0, body);
        switch (part.kind) {
          case 'unknown':
            throw notFound('upload');
          case 'refused':
            throw new Problem(
              'conflict',
              part.why === 'position'
                ? 'The upload stands elsewhere: go on at its offset.'
                : 'This is more than the photo has.',
              { extra: { offset: part.offset, why: part.why } },
            );
          case 'more':
            return { id: upload.id, offset: part.offset, photo: null };
          case 'whole': {
            const { data, sha256, offset } = part;
            if (createHash('sha256').update(data).digest('hex') !== sha256) {
              await closeUpload(db, upload.id);
              throw invalid({
                field: 'sha256',
                message: 'is not that of what arrived: send the photo again',
              });
            }
            const photo = await addTaskPhoto(context, task.id, accountId, data).catch(async (error) => {
              if (error instanceof Problem) await closeUpload(db, upload.id);
              throw error;
            });
            await closeUpload(db, upload.id);
            return { id: null, offset, photo };
          }
        }
      },
    );
  });
}
