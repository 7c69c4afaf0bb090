import { ApiError, ask } from '../api/client.ts';
import type { TaskDetail } from '../api/task-types.ts';
import { sha256 } from './photo.ts';
import { isKnownRefusal } from './refusal.ts';
import { type Outcome, type Outgoing, outcomeOf, requestOf } from './requests.ts';
import { changeWaiting, dropWaiting, type KeptPhoto, type Waiting, type WaitingAnswer } from './store.ts';

/** Bytes of one part: small enough to arrive within the time limit of a request on a poor line. */
const PART_BYTES = 128 * 1024;

interface Upload {
  id: string | null;
  offset: number;
  photo: { id: string } | null;
}

/** `stop`: not reached, try again later. `refused`: the server said no, a person must look. `gone`: another tab has sent it. */
export type Sent =
  | ({ kind: 'sent' } & Outcome)
  | { kind: 'gone' }
  | { kind: 'stop'; error: ApiError }
  | { kind: 'refused'; why: string };

/** Bytes of an answer's photos that have arrived, of all. */
export type OnProgress = (sent: number, all: number) => void;

const isLater = (status: number): boolean =>
  status === 0 || status >= 500 || status === 401 || status === 408 || status === 429;

/** Sends one thing that waits: its photos, each going on where it broke off, then what it says. */
export async function sendOne(waiting: Waiting, onProgress: OnProgress): Promise<Sent> {
  try {
    const whole = await sendPhotos(waiting, onProgress);
    if (whole === undefined) return { kind: 'gone' };
    const { path, body } = requestOf(whole);
    const headers = { 'idempotency-key': waiting.key };
    const answer = await ask<unknown>(path, { method: 'POST', body, headers, as: waiting.account });
    await dropWaiting(waiting.key);
    return { kind: 'sent', ...outcomeOf(waiting, answer) };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (isLater(error.status)) return { kind: 'stop', error };
    const { why } = error.problem;
    if (why === 'already_acknowledged' && waiting.command === 'acknowledge')
      return await acknowledgedBefore(waiting);
    if (why === 'unknown_photo') await forgetPhotos(waiting);
    return { kind: 'refused', why: isKnownRefusal(why) ? why : error.message };
  }
}

/** @returns it with the ids of its photos; undefined when it is gone */
async function sendPhotos(waiting: Waiting, onProgress: OnProgress): Promise<Waiting | undefined> {
  const to = { ...requestOf(waiting), as: waiting.account };
  const all = waiting.photos.reduce((sum, photo) => sum + photo.bytes.byteLength, 0);
  let before = 0;
  let now = await changeWaiting(waiting.key, (kept) => kept);
  for (const photo of waiting.photos) {
    if (now === undefined) return undefined;
    const from = before;
    const { key } = photo;
    const id = now.photos.find((one) => one.key === key)?.photoId;
    const photoId = id ?? (await sendPhoto(to, photo, (sent) => onProgress(from + sent, all)));
    now = await changePhotos(waiting.key, (one) =>
      one.key === key ? { ...one, photoId: one.photoId ?? photoId } : one,
    );
    before += photo.bytes.byteLength;
    onProgress(before, all);
  }
  return now;
}

const changePhotos = (key: string, change: (photo: KeptPhoto) => KeptPhoto): Promise<Waiting | undefined> =>
  changeWaiting(key, (kept) => ({ ...kept, photos: kept.photos.map(change) }));

/** They waited too long at the server, which forgot them: sent again, they are new ones. */
async function forgetPhotos(waiting: Waiting): Promise<void> {
  await changePhotos(waiting.key, (photo) => ({ ...photo, photoId: null }));
}

/** A colleague was quicker: what was wanted is so. */
async function acknowledgedBefore(waiting: WaitingAnswer): Promise<Sent> {
  const path = `/tasks/${encodeURIComponent(waiting.taskId)}`;
  const task = await ask<TaskDetail>(path, { as: waiting.account });
  await dropWaiting(waiting.key);
  return { kind: 'sent', task, version: task.version };
}

/** @returns its id */
async function sendPhoto(
  to: Outgoing & { as: string },
  photo: KeptPhoto,
  onSent: (bytes: number) => void,
): Promise<string> {
  const { bytes } = photo;
  const { as } = to;
  const hash = await sha256(bytes);
  if (hash === undefined) {
    const body = new Blob([bytes], { type: 'image/jpeg' });
    return (await ask<{ id: string }>(to.photos, { method: 'POST', body, as })).id;
  }
  const begin = { sha256: hash, bytes: bytes.byteLength };
  let upload = await ask<Upload>(to.uploads, { method: 'POST', body: begin, as });
  while (upload.photo === null) {
    const { id, offset } = upload;
    onSent(offset);
    const end = Math.min(bytes.byteLength, offset + PART_BYTES);
    // Whole, but its end was never told: any part asks for it again.
    const part = bytes.slice(offset < end ? offset : offset - 1, end);
    try {
      upload = await ask<Upload>(`${to.uploads}/${id}`, {
        method: 'POST',
        body: new Blob([part], { type: 'application/octet-stream' }),
        headers: { 'upload-offset': String(offset) },
        as,
      });
    } catch (error) {
      const at = error instanceof ApiError && error.status === 409 ? error.problem.offset : undefined;
      if (typeof at !== 'number' || at <= offset) throw error;
      // The part had arrived, its answer had not.
      upload = { id, offset: at, photo: null };
    }
  }
  return upload.photo.id;
}
