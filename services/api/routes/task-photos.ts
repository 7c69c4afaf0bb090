import { randomUUID } from 'node:crypto';
import { addPhoto, loadPhotos, MOST_PHOTOS } from '../../db/task-answers.ts';
import { sha256 } from '../../evidence/keys.ts';
import { PictureError } from '../../media/picture-error.ts';
import { shownCopy } from '../../media/shown-copy.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import type { ApiContext } from '../context.ts';
import { notFound, Problem } from '../problem.ts';
import { commandsOf, photoItem } from '../queries/task-page.ts';
import { selectTasks } from '../queries/tasks.ts';
import { ById } from '../schemas/common.ts';
import { AnswerPhoto } from '../schemas/task.ts';
import { seen } from '../scope.ts';

/** Bytes of a photo: what phones send at their best quality. */
const MOST_BYTES = 10 * 1024 * 1024;

/** Photos for an answer: sent one by one, then named by the answer. */
export function taskPhotoRoutes(api: App, context: ApiContext): void {
  const { db, store, files } = context;
  // A scope of its own: nowhere else are pictures read.
  api.register(async (scope: App) => {
    scope.addContentTypeParser(
      'image/jpeg',
      { parseAs: 'buffer', bodyLimit: MOST_BYTES },
      (_request, body, done) => done(null, body),
    );
    scope.post(
      '/tasks/:id/photos',
      {
        bodyLimit: MOST_BYTES,
        config: { access: 'task.answer' },
        schema: {
          tags: ['tasks'],
          summary:
            'A photo for an answer: the JPEG itself (image/jpeg), at most 10 MB and 4096 pixels a side',
          description:
            'Kept as received, with its EXIF; shown is a copy without metadata. The same photo sent twice is one photo.',
          consumes: ['image/jpeg'],
          params: ById,
          response: { 201: AnswerPhoto },
        },
      },
      async (request, reply) => {
        const actor = actorOf(request);
        const found = await selectTasks(db).where('task.id', '=', request.params.id).executeTakeFirst();
        const task = seen(actor, 'task.answer', found, 'task');
        if (!Buffer.isBuffer(request.body))
          throw new Problem('wrong-media-type', 'Send the JPEG itself, as image/jpeg.');
        if (commandsOf(actor, task).length === 0)
          throw new Problem('conflict', `The task is ${task.state}: no answer is wanted now.`);
        const bytes = request.body;
        const { jpeg, original } = await shownCopy(bytes).catch(refuse);
        const hash = sha256(bytes);
        const photo = {
          taskId: task.id,
          key: `answers/${task.id}/${hash}.jpg`,
          sha256: hash,
          bytes: bytes.length,
          ...original,
          // A name of its own: an encoder that changed would write other bytes for the same photo.
          shownKey: `answers/${task.id}/${randomUUID()}.jpg`,
          shownSha256: sha256(jpeg),
          accountId: actor.accountId,
        };
        await store.put(photo.key, bytes, { contentType: 'image/jpeg' });
        await store.put(photo.shownKey, jpeg, { contentType: 'image/jpeg' });
        const id = await addPhoto(db, photo, context.now());
        if (id === undefined)
          throw new Problem('conflict', `The task holds ${MOST_PHOTOS} photos: there can be no more.`);
        const row = (await loadPhotos(db, task.id)).find((one) => one.id === id);
        if (row === undefined) throw notFound('photo');
        if (row.shown_key !== photo.shownKey) await store.remove(photo.shownKey);
        return await reply.code(201).send(photoItem(files, row));
      },
    );
  });
}

function refuse(error: unknown): never {
  if (!(error instanceof PictureError)) throw error;
  throw new Problem(error.fault === 'too_large' ? 'too-large' : 'invalid-request', error.message);
}
