import type { Static } from 'typebox';
import { loadAnswers, loadPhotos } from '../../db/task-answers.ts';
import { loadTaskFindings } from '../../db/task-findings.ts';
import { factsOf } from '../../db/task-record.ts';
import { type Actor, may } from '../../domain/access.ts';
import { commandsFor, LIFE, type TaskCommand } from '../../domain/task-life.ts';
import { historyFor } from '../../domain/withheld.ts';
import type { ApiContext } from '../context.ts';
import type { FileSigner } from '../file-address.ts';
import { notFound } from '../problem.ts';
import type { AnswerPhoto, TaskPage } from '../schemas/task.ts';
import { typesToMerchants } from './documents.ts';
import { evidenceItem, loadEvidence, loadHistory } from './evidence.ts';
import { siblingItem } from './findings.ts';
import { selectTasks, type TaskRow, taskItems } from './tasks.ts';
import { visitItems } from './visits.ts';

const MOST_VISITS = 20;

/** Commands that the actor may give for the task as it is now. */
export function commandsOf(actor: Actor, task: TaskRow): TaskCommand[] {
  return commandsFor(factsOf(task)).filter((command) => {
    const { action } = LIFE[command].by;
    return action !== null && may(actor, action, task);
  });
}

/** One task with all that belongs to it. @throws Problem not-found when it is gone */
export async function taskPage(
  context: ApiContext,
  actor: Actor,
  row: TaskRow,
): Promise<Static<typeof TaskPage>> {
  const { db, files } = context;
  const findings = await loadTaskFindings(db, row.id);
  const [[item], evidence, history, toMerchant, answers, rows, visits] = await Promise.all([
    taskItems(context, [row]),
    loadEvidence(
      db,
      findings.map(({ id }) => id),
    ),
    loadHistory(db, 'task', row.id),
    typesToMerchants(db),
    loadAnswers(db, row.id),
    loadPhotos(db, row.id),
    visitItems(context, actor, { taskId: row.id }, MOST_VISITS),
  ]);
  const ofVisits = new Set(
    visits.flatMap(({ items }) => items.flatMap(({ photos: some }) => some.map(({ id }) => id))),
  );
  if (item === undefined) throw notFound('task');
  const originals = may(actor, 'task.decide', row) || may(actor, 'case.export', row);
  const photos = new Map(rows.map((photo) => [photo.id, photoItem(files, photo, originals)]));
  const given = new Set(answers.flatMap((answer) => answer.photos.map((photo) => photo.id)));
  return {
    ...item,
    findings: findings.map(siblingItem),
    evidence: evidence.filter(({ id }) => !ofVisits.has(id)).map((one) => evidenceItem(files, one)),
    answers: answers.map((answer) => ({
      id: answer.id,
      type: answer.type,
      at: answer.at.toISOString(),
      by: answer.username,
      text: answer.text,
      photos: answer.photos.flatMap((photo) => photos.get(photo.id) ?? []),
    })),
    photos: [...photos.values()].filter((photo) => !given.has(photo.id)),
    visits,
    history: historyFor(history, (action) => may(actor, action, row), toMerchant),
    commands: commandsOf(actor, row),
  };
}

/** The task's page as it is now. @throws Problem not-found */
export async function freshTaskPage(context: ApiContext, actor: Actor, id: string) {
  const row = await selectTasks(context.db).where('task.id', '=', id).executeTakeFirst();
  if (row === undefined) throw notFound('task');
  return await taskPage(context, actor, row);
}

type PhotoRow = Awaited<ReturnType<typeof loadPhotos>>[number];

/** @param originals whether the account may have the bytes as received: they tell where and with what a photo was taken */
export function photoItem(files: FileSigner, row: PhotoRow, originals: boolean): Static<typeof AnswerPhoto> {
  return {
    id: row.id,
    url: files.address('answer', row.id),
    originalUrl: originals ? files.address('original', row.id) : null,
    sha256: row.sha256,
    bytes: row.bytes,
    width: row.width,
    height: row.height,
    uploadedAt: row.uploaded_at.toISOString(),
  };
}
