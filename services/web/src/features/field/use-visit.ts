import { useEffect, useRef, useState } from 'react';
import { preparePhoto } from '../../offline/photo.ts';
import { dropDraft, type KeptPhoto, keepDraft, loadDraft, type StatedPlace } from '../../offline/store.ts';
import { newKey } from '../tasks/use-task-order.ts';
import { EMPTY, type FoundThing, isOld, type Said, type Written } from './visit-draft.ts';

export const MOST_PHOTOS = 9;

const stamp = (): string => new Date().toISOString();

/** A visit that is being written, kept in this browser with every change: the camera app may push the page out of memory. */
export function useVisit(id: string) {
  const [written, setWritten] = useState<Written>(EMPTY);
  const [photos, setPhotos] = useState<readonly KeptPhoto[]>([]);
  const [busy, setBusy] = useState(false);
  const [unreadable, setUnreadable] = useState('');
  const loaded = useRef(false);

  useEffect(() => {
    let left = false;
    loadDraft(id)
      .then((draft) => {
        if (left || draft === undefined) return;
        setWritten((now) => (now === EMPTY ? (JSON.parse(draft.text) as Written) : now));
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
    if (!loaded.current || (written === EMPTY && photos.length === 0)) return;
    keepDraft({ id, text: JSON.stringify(written), photos: [...photos] }).catch(() => undefined);
  }, [id, written, photos]);

  const addPhotos = async (of: string, files: readonly File[], place: StatedPlace | null): Promise<void> => {
    setBusy(true);
    setUnreadable('');
    for (const file of files) {
      const stated = { at: new Date().toISOString(), place };
      try {
        const photo = { key: newKey(), bytes: await preparePhoto(file), photoId: null, of, stated };
        setPhotos((before) =>
          before.filter((one) => one.of === of).length >= MOST_PHOTOS ? before : [...before, photo],
        );
      } catch {
        setUnreadable(of);
      }
    }
    setBusy(false);
  };

  return {
    ...written,
    photos,
    busy,
    unreadable,
    setNote: (note: string) =>
      setWritten((now) => ({ ...now, note, ...(now.note.trim() === '' && { noteAt: stamp() }) })),
    say: (item: string, change: Partial<Said>) =>
      setWritten((now) => ({
        ...now,
        said: { ...now.said, [item]: { outcome: '', text: '', ...now.said[item], ...change, at: stamp() } },
      })),
    addFound: (kind: string, zone: string) =>
      setWritten((now) => ({
        ...now,
        found: [...now.found, { item: `found ${newKey()}`, kind, zone, text: '', at: stamp() }],
      })),
    changeFound: (item: string, change: Partial<FoundThing>) =>
      setWritten((now) => ({
        ...now,
        found: now.found.map((one) => (one.item === item ? { ...one, ...change, at: stamp() } : one)),
      })),
    /** All that was said of one thing, photos too. */
    leaveOutItem: (item: string) => {
      setWritten((now) => ({
        ...now,
        said: Object.fromEntries(Object.entries(now.said).filter(([one]) => one !== item)),
        found: now.found.filter((one) => one.item !== item),
      }));
      setPhotos((before) => before.filter(({ of }) => of !== item));
    },
    addPhotos,
    leaveOut: (key: string) => setPhotos((before) => before.filter((photo) => photo.key !== key)),
    /** Photos of a thing that the server takes no more. */
    leaveOutOld: (item: string) =>
      setPhotos((before) => before.filter((photo) => photo.of !== item || !isOld(photo, Date.now()))),
    /** Once it is sent: `left` of it stays. */
    forget: async ({ photos: leftPhotos, ...left }: Written & { photos: readonly KeptPhoto[] }) => {
      const nothing = Object.keys(left.said).length === 0;
      const done = nothing
        ? dropDraft(id)
        : keepDraft({ id, text: JSON.stringify(left), photos: [...leftPhotos] });
      await done.catch(() => undefined);
    },
  };
}

export type VisitDraft = ReturnType<typeof useVisit>;
