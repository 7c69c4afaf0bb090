import { said } from '../../domain/said.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import { addTaskPhoto } from '../commands/add-task-photo.ts';
import { MOST_PHOTO_BYTES, takesJpeg } from '../commands/keep-photo.ts';
import type { ApiContext } from '../context.ts';
import { Problem } from '../problem.ts';
import { commandsOf } from '../queries/task-page.ts';
import { selectTasks } from '../queries/tasks.ts';
import { ById } from '../schemas/common.ts';
import { AnswerPhoto } from '../schemas/task.ts';
import { seen } from '../scope.ts';

/** Photos for an answer: sent one by one, then named by the answer. */
export function taskPhotoRoutes(api: App, context: ApiContext): void {
  const { db } = context;
  // A scope of its own: nowhere else are pictures read.
  api.register(async (scope: App) => {
    takesJpeg(scope);
    scope.post(
      '/tasks/:id/photos',
      {
        bodyLimit: MOST_PHOTO_BYTES,
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
        if (commandsOf(actor, task).length === 0)
          throw new Problem('conflict', said('no_answer_wanted', { state: task.state }));
        return await reply
          .code(201)
          .send(await addTaskPhoto(context, task.id, actor.accountId, request.body));
      },
    );
  });
}
