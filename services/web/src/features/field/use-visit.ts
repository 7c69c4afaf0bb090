import { useEffect, useRef, useState } from 'react';
import { preparePhoto } from '../../offline/photo.ts';
import { dropDraft, type KeptPhoto, keepDraft, loadDraft, type StatedPlace } from '../../offline/store.ts';
import { newKey } from '../tasks/use-task-order.ts';

export const MOST_PHOTOS = 9;

export interface Said {
  outcome: string;
  text: string;
}

export interface FoundThing {
  item: string;
  kind: string;
  zone: string;
  text: string;
}

interface Written {
  note: string;
  /** By item: `task ID`, `finding ID`. */
  said: Record<string, Said>;
  found: FoundThing[];
}

const EMPTY: Written = { note: '', said: {}, found: [] };

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
    setNote: (note: string) => setWritten((now) => ({ ...now, note })),
    say: (item: string, change: Partial<Said>) =>
      setWritten((now) => ({
        ...now,
        said: { ...now.said, [item]: { outcome: '', text: '', ...now.said[item], ...change } },
      })),
    addFound: (kind: string, zone: string) =>
      setWritten((now) => ({
        ...now,
        found: [...now.found, { item: `found ${newKey()}`, kind, zone, text: '' }],
      })),
    changeFound: (item: string, change: Partial<FoundThing>) =>
      setWritten((now) => ({
        ...now,
        found: now.found.map((one) => (one.item === item ? { ...one, ...change } : one)),
      })),
    leaveOutFound: (item: string) => {
      setWritten((now) => ({ ...now, found: now.found.filter((one) => one.item !== item) }));
      setPhotos((before) => before.filter(({ of }) => of !== item));
    },
    addPhotos,
    leaveOut: (key: string) => setPhotos((before) => before.filter((photo) => photo.key !== key)),
    forget: () => dropDraft(id).catch(() => undefined),
  };
}

export type VisitDraft = ReturnType<typeof useVisit>;
