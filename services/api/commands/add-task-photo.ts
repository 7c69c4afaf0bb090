import type { Static } from 'typebox';
import { addPhoto, loadPhotos, MOST_PHOTOS } from '../../db/task-answers.ts';
import { said } from '../../domain/said.ts';
import type { ApiContext } from '../context.ts';
import { notFound, Problem } from '../problem.ts';
import { photoItem } from '../queries/task-page.ts';
import type { AnswerPhoto } from '../schemas/task.ts';
import { keepPhoto } from './keep-photo.ts';

/** Keeps a photo for an answer; the same bytes sent twice are one photo. @throws Problem for what is no JPEG, or one too many */
export async function addTaskPhoto(
  context: ApiContext,
  taskId: string,
  accountId: string,
  body: unknown,
): Promise<Static<typeof AnswerPhoto>> {
  const { db, store, files } = context;
  const photo = { taskId, accountId, ...(await keepPhoto(context, `answers/${taskId}`, body)) };
  const id = await addPhoto(db, photo, context.now());
  if (id === undefined) await store.remove(photo.shownKey);
  if (id === undefined) throw new Problem('conflict', said('task_photos_full', { most: MOST_PHOTOS }));
  const row = (await loadPhotos(db, taskId)).find((one) => one.id === id);
  if (row === undefined) throw notFound('photo');
  if (row.shown_key !== photo.shownKey) await store.remove(photo.shownKey);
  return photoItem(files, row, false);
}
