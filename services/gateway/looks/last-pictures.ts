import type { Database } from '../../db/database.ts';
import { type PictureUpdate, updatePictures } from '../../db/status.ts';
import { pictureKey } from '../../evidence/keys.ts';
import type { ObjectStore } from '../../evidence/object-store.ts';
import { later } from '../times.ts';
import type { Frame } from './intake.ts';

/** Milliseconds between writes of what was seen of cameras. */
const FLUSH_MS = 2_000;
/** Pictures that are written at once. */
const WRITERS = 4;

type Seen = Pick<PictureUpdate, 'cameraId' | 'frameAt'> & Partial<PictureUpdate>;

/** Keeps each camera's last picture and times fresh. A courtesy, not a promise: under load the newest wins, failures pass. */
export interface LastPictures {
  /** A picture came. */
  saw(cameraId: string, at: Date): void;
  /** A picture to be shown as the camera's last one. `looked`: it belongs to a look. */
  show(cameraId: string, frame: Frame, looked: boolean, codec?: string): void;
  flush(): Promise<void>;
  close(): Promise<void>;
}

export function createLastPictures(
  db: Database,
  store: ObjectStore,
  now: () => Date,
  onError: (error: Error) => void,
): LastPictures {
  let seen = new Map<string, Seen>();
  const waiting = new Map<string, { frame: Frame; update: Seen }>();
  let writers = 0;

  const note = (update: Seen): void => {
    const before = seen.get(update.cameraId);
    if (before === undefined) return void seen.set(update.cameraId, update);
    const frameAt = later(before.frameAt, update.frameAt);
    seen.set(update.cameraId, { ...before, ...update, frameAt });
  };
  const write = async (): Promise<void> => {
    writers += 1;
    for (const [cameraId, { frame, update }] of waiting) {
      waiting.delete(cameraId);
      try {
        await store.put(pictureKey(cameraId), frame.bytes, { contentType: 'image/jpeg', overwrite: true });
        note(update);
      } catch (error) {
        onError(error as Error);
      }
    }
    writers -= 1;
  };
  const flush = async (): Promise<void> => {
    if (seen.size === 0) return;
    const batch = [...seen.values()].map((update) => ({
      lookAt: null,
      pictureKey: null,
      pictureAt: null,
      sourceInfo: {},
      ...update,
    }));
    seen = new Map();
    await updatePictures(db, batch, now());
  };
  const timer = setInterval(() => void flush().catch(onError), FLUSH_MS);
  return {
    saw: (cameraId, at) => note({ cameraId, frameAt: at }),
    show(cameraId, frame, looked, codec = 'jpeg') {
      const { at, width, height } = frame;
      const update: Seen = {
        cameraId,
        frameAt: at,
        pictureKey: pictureKey(cameraId),
        pictureAt: at,
        sourceInfo: { width, height, codec },
        ...(looked ? { lookAt: at } : {}),
      };
      waiting.set(cameraId, { frame, update });
      if (writers < WRITERS) void write();
    },
    flush,
    async close() {
      clearInterval(timer);
      waiting.clear();
      await flush().catch(onError);
    },
  };
}
