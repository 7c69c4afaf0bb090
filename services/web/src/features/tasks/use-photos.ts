import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../../api/client.ts';
import { keys } from '../../api/keys.ts';
import type { AnswerPhoto, TaskDetail } from '../../api/task-types.ts';
import { useWhy } from '../../ui/Failure.tsx';

const MOST_BYTES = 10 * 1024 * 1024;
/** Photos in one answer. */
export const MOST_PHOTOS = 9;

/** Photos for an answer: sent as soon as they are chosen, so that sending the answer itself is quick. */
export function usePhotos(task: TaskDetail) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const reason = useWhy();
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const photos = task.photos.filter((photo) => !left.has(photo.id)).slice(0, MOST_PHOTOS);

  const send = async (file: File): Promise<void> => {
    if (file.type !== 'image/jpeg') return setProblem(t('order.photoType'));
    if (file.size > MOST_BYTES) return setProblem(t('order.photoSize'));
    const path = `/tasks/${encodeURIComponent(task.id)}/photos`;
    const photo = await ask<AnswerPhoto>(path, { method: 'POST', body: file });
    setLeft((before) => new Set([...before].filter((id) => id !== photo.id)));
  };
  const add = async (files: readonly File[]): Promise<void> => {
    setBusy(true);
    setProblem('');
    try {
      for (const file of files) await send(file);
    } catch (error) {
      setProblem(t('order.photoFailed', { why: reason(error) }));
    }
    await client.invalidateQueries({ queryKey: keys.task(task.id) });
    setBusy(false);
  };
  const leaveOut = (id: string): void => setLeft((before) => new Set([...before, id]));
  return { photos, busy, problem, add, leaveOut };
}
