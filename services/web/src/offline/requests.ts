/** How each thing that waits is sent: where its photos go, what is asked, and what the answer means. */
import type { TaskDetail } from '../api/task-types.ts';
import { isRecord, type KeptPhoto, type Waiting, type WaitingVisit } from './store.ts';

export interface Outgoing {
  /** Photos whole, and in parts; below /api/v1. */
  photos: string;
  uploads: string;
  path: string;
  body: Record<string, unknown>;
}

const task = (id: string): string => `/tasks/${encodeURIComponent(id)}`;

/** All photos must have arrived. */
export function requestOf(waiting: Waiting): Outgoing {
  const ids = waiting.photos.flatMap(({ photoId }) => photoId ?? []);
  switch (waiting.command) {
    case 'acknowledge':
    case 'submit':
    case 'appeal': {
      const said = waiting.command === 'acknowledge' ? {} : { text: waiting.text, photos: ids };
      const base = task(waiting.taskId);
      return {
        photos: `${base}/photos`,
        uploads: `${base}/photo-uploads`,
        path: `${base}/${waiting.command}`,
        body: { ...said, version: waiting.version },
      };
    }
    case 'visit':
      return { ...REPORTS, path: '/field/visits', body: visitBody(waiting) };
    case 'draft':
      return { ...REPORTS, path: `${task(waiting.taskId)}/document-drafts`, body: waiting.body };
    case 'supervision':
      return { ...REPORTS, path: '/supervision/visits', body: waiting.body };
    case 'lead':
      return { ...REPORTS, path: '/leads', body: waiting.body };
  }
}

const REPORTS = { photos: '/report-photos', uploads: '/report-photo-uploads' };

function visitBody({ body, tasks, findings, found, photos }: WaitingVisit): Record<string, unknown> {
  const withPhotos = <T extends { item: string }>({ item, ...said }: T) => ({
    ...said,
    photos: photos.filter((photo) => photo.of === item).flatMap(photoOf),
  });
  return {
    ...body,
    tasks: tasks.map(withPhotos),
    findings: findings.map(withPhotos),
    found: found.map(withPhotos),
  };
}

function photoOf({ photoId, stated }: KeptPhoto) {
  if (photoId === null || stated === undefined) return [];
  return [{ id: photoId, takenAt: stated.at, ...(stated.place !== null && { place: stated.place }) }];
}

/** What became of it: of an answer the task, with the version that it has right after. */
export interface Outcome {
  task: TaskDetail | null;
  version: number | null;
}

export function outcomeOf(waiting: Waiting, answer: unknown): Outcome {
  if (isRecord(waiting)) return { task: null, version: null };
  return answer as { task: TaskDetail; version: number };
}
