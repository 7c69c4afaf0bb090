import { useEffect, useRef, useState } from 'react';
import { newKey } from '../features/tasks/use-task-order.ts';
import { preparePhoto } from './photo.ts';
import { dropDraft, type KeptPhoto, keepDraft, loadDraft } from './store.ts';

export const MOST_PHOTOS = 9;

/**
 * An answer that is being written. It is kept in this browser with every change: on many phones the camera app pushes the page
 * out of memory, and what was written must still be there when it comes back.
 */
export function useDraft(id: string) {
  const [text, setText] = useState('');
  const [photos, setPhotos] = useState<readonly KeptPhoto[]>([]);
  const [busy, setBusy] = useState(false);
  const [unreadable, setUnreadable] = useState(false);
  const loaded = useRef(false);

  useEffect(() => {
    let left = false;
    loadDraft(id)
      .then((draft) => {
        if (left || draft === undefined) return;
        setText((typed) => (typed === '' ? draft.text : typed));
        setPhotos((added) => [...draft.photos, ...added]);
      })
      .catch(() => undefined)
      .finally(() => {
        loaded.current = true;
      });
    return () => {
      left = true;
    };
  }, [id]);

  useEffect(() => {
    if (!loaded.current || (text === '' && photos.length === 0)) return;
    // A browser that keeps nothing still sends: the answer itself says so when it cannot be kept.
    keepDraft({ id, text, photos: [...photos] }).catch(() => undefined);
  }, [id, text, photos]);

  const add = async (files: readonly File[]): Promise<void> => {
    setBusy(true);
    setUnreadable(false);
    for (const file of files) {
      try {
        const photo = { key: newKey(), bytes: await preparePhoto(file), photoId: null };
        setPhotos((before) => [...before, photo].slice(0, MOST_PHOTOS));
      } catch {
        setUnreadable(true);
      }
    }
    setBusy(false);
  };
  const leaveOut = (key: string): void => setPhotos((before) => before.filter((photo) => photo.key !== key));
  const forget = (): Promise<void> => dropDraft(id).catch(() => undefined);
  return { text, setText, photos, add, leaveOut, forget, busy, unreadable };
}
