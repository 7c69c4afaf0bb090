import type { Database, Tx } from './database.ts';
import { answerHash } from './history-hash.ts';

/** What the merchant says: how it was put right, or why it is not so. */
export interface NewAnswer {
  type: 'submission' | 'appeal';
  text: string;
  /** Photos of this task, uploaded before; in the order they are shown. */
  photoIds: string[];
}

/** Writes an answer with its photos as they are. `unknown_photo`: one of them is none of this task. */
export async function addAnswer(
  tx: Tx,
  answer: NewAnswer & { taskId: string; accountId: string },
  now: Date,
): Promise<{ contentHash: string } | 'unknown_photo'> {
  const ids = [...new Set(answer.photoIds)];
  const rows =
    ids.length === 0
      ? []
      : await tx
          .selectFrom('task_photo')
          .select(['id', 'object_key', 'sha256', 'bytes'])
          .where('task_id', '=', answer.taskId)
          .where('id', 'in', ids)
          .execute();
  const known = new Map(rows.map((row) => [row.id, row]));
  const photos = ids.flatMap((id) => {
    const row = known.get(id);
    return row === undefined ? [] : [{ id, key: row.object_key, sha256: row.sha256, bytes: row.bytes }];
  });
  if (photos.length < ids.length) return 'unknown_photo';
  const contentHash = answerHash({ type: answer.type, text: answer.text, photos });
  await tx
    .insertInto('task_answer')
    .values({
      task_id: answer.taskId,
      type: answer.type,
      text: answer.text,
      photos: JSON.stringify(photos),
      content_hash: contentHash,
      account_id: answer.accountId,
      at: now,
    })
    .execute();
  return { contentHash };
}

export interface NewPhoto {
  taskId: string;
  key: string;
  sha256: string;
  bytes: number;
  width: number;
  height: number;
  shownKey: string;
  shownSha256: string;
  accountId: string;
}

/** Photos that a task may hold: more is no answer but a flood. */
export const MOST_PHOTOS = 30;

/** Keeps a photo whose bytes are stored. The same bytes sent twice are one photo. @returns its id, or undefined when the task holds too many */
export async function addPhoto(db: Database, photo: NewPhoto, now: Date): Promise<string | undefined> {
  return await db.transaction().execute(async (tx) => {
    await tx.selectFrom('task').select('id').where('id', '=', photo.taskId).forUpdate().execute();
    const there = await tx
      .selectFrom('task_photo')
      .select(['id', 'sha256'])
      .where('task_id', '=', photo.taskId)
      .execute();
    const same = there.find((one) => one.sha256 === photo.sha256);
    if (same !== undefined) return same.id;
    if (there.length >= MOST_PHOTOS) return undefined;
    const { id } = await tx
      .insertInto('task_photo')
      .values({
        task_id: photo.taskId,
        object_key: photo.key,
        sha256: photo.sha256,
        bytes: photo.bytes,
        width: photo.width,
        height: photo.height,
        shown_key: photo.shownKey,
        shown_sha256: photo.shownSha256,
        uploaded_by: photo.accountId,
        uploaded_at: now,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    return id;
  });
}

/** Answers of a task, oldest first, with who gave them. */
export async function loadAnswers(db: Database, taskId: string) {
  return await db
    .selectFrom('task_answer')
    .innerJoin('account', 'account.id', 'task_answer.account_id')
    .selectAll('task_answer')
    .select('account.username')
    .where('task_id', '=', taskId)
    .orderBy('at')
    .orderBy('task_answer.id')
    .execute();
}

export async function loadPhotos(db: Database, taskId: string) {
  return await db
    .selectFrom('task_photo')
    .selectAll()
    .where('task_id', '=', taskId)
    .orderBy('uploaded_at')
    .orderBy('id')
    .execute();
}
