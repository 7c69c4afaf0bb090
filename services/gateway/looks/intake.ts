import { addBurstFrame } from '../../db/burst-frames.ts';
import type { Database } from '../../db/database.ts';
import { acceptLook, closeGathering, LIVE_WITHIN_MS } from '../../db/looks.ts';
import type { StoredFrame } from '../../db/schema-watch.ts';
import { burstOffsetsMs } from '../../domain/schedule.ts';
import type { CameraSource } from '../../domain/words.ts';
import { spoolFrameKey } from '../../evidence/keys.ts';
import type { ObjectStore } from '../../evidence/object-store.ts';
import type { LookQueue } from '../../queue/look-queue.ts';
import { keepTrying } from '../keep-trying.ts';

/** A frame this much before its place in the burst still takes it: cameras are not punctual. */
const EARLY_MS = 250;
const OFFSETS_MS = burstOffsetsMs().map((offset) => offset - EARLY_MS);

/** Milliseconds after a burst's first frame from which the next one is taken, when it holds `count`. */
export function nextFrameMs(count: number): number {
  return OFFSETS_MS[count] ?? Number.POSITIVE_INFINITY;
}

/** One JPEG: as received, or made of a stream's picture. */
export interface Frame {
  bytes: Buffer;
  /** Hex. */
  sha256: string;
  at: Date;
  /** Pixels of the JPEG. */
  width: number;
  height: number;
  /** Pixels as the camera sent it, where the JPEG is smaller. */
  sent?: { width: number; height: number };
}

/** What is written of a frame whose bytes lie under `key`. */
export function storedFrame(key: string, { bytes, sha256, at, width, height, sent }: Frame): StoredFrame {
  const size = { width, height, ...(sent === undefined ? {} : { sent }) };
  return { key, sha256, bytes: bytes.length, at: at.toISOString(), ...size };
}

/**
 * Where looks become durable: bytes into the spool, then the row, then the job. Each step waits for an outage to end; when it
 * returns, the message behind it may be acknowledged. All steps may be repeated.
 */
export interface LookIntake {
  /** A look that is complete. */
  accept(look: {
    id: string;
    cameraId: string;
    source: CameraSource;
    frames: readonly Frame[];
  }): Promise<void>;
  /** A look of an RTSP camera whose burst is cut out of the ring next, without asking a worker first. */
  acceptForBurst(look: { id: string; cameraId: string; first: Frame }): Promise<void>;
  /** The first frame of a burst. @returns how many frames the look holds, undefined when it gathers no more */
  begin(look: {
    id: string;
    cameraId: string;
    source: CameraSource;
    first: Frame;
  }): Promise<number | undefined>;
  /** A further one, taken if it is its turn. @returns like `begin` */
  append(lookId: string, frame: Frame): Promise<number | undefined>;
  /** The burst is over. */
  finish(lookId: string): Promise<void>;
}

export function createLookIntake(options: {
  db: Database;
  store: ObjectStore;
  queue: LookQueue;
  now: () => Date;
  signal: AbortSignal;
  onError: (error: Error) => void;
}): LookIntake {
  const { db, store, queue, now } = options;
  const trying = <T>(work: () => Promise<T>): Promise<T> => keepTrying(work, options.signal, options.onError);

  async function spool(lookId: string, frame: Frame): Promise<StoredFrame> {
    const key = spoolFrameKey(lookId, frame.sha256);
    await trying(() => store.put(key, frame.bytes, { contentType: 'image/jpeg' }));
    return storedFrame(key, frame);
  }

  async function record(
    look: { id: string; cameraId: string; source: CameraSource },
    frames: StoredFrame[],
    gathering: boolean,
  ): Promise<'accepted' | 'known'> {
    const { id, cameraId, source } = look;
    const capturedAt = new Date(frames[0]?.at ?? 0);
    return await trying(() => acceptLook(db, { id, cameraId, source, capturedAt, frames, gathering }, now()));
  }

  return {
    async accept(look) {
      const frames: StoredFrame[] = [];
      for (const frame of look.frames) frames.push(await spool(look.id, frame));
      await record(look, frames, false);
      const age = now().getTime() - (look.frames[0]?.at.getTime() ?? 0);
      // Also for a look known before: its job may have been lost between the row and the queue.
      await trying(() => queue.add(look.id, { replayed: age >= LIVE_WITHIN_MS }));
    },
    async acceptForBurst({ id, cameraId, first }) {
      const frames = [await spool(id, first)];
      const look = { id, cameraId, source: 'rtsp', capturedAt: first.at, frames } as const;
      await trying(() => acceptLook(db, { ...look, gathering: false, wantsBurst: true }, now()));
    },
    async begin(look) {
      const frame = await spool(look.id, look.first);
      if ((await record(look, [frame], true)) === 'accepted') return 1;
      // Another process has begun the look of this due point: then this frame joins it.
      return await trying(() => addBurstFrame(db, look.id, frame, OFFSETS_MS));
    },
    async append(lookId, frame) {
      const stored = await spool(lookId, frame);
      return await trying(() => addBurstFrame(db, lookId, stored, OFFSETS_MS));
    },
    async finish(lookId) {
      await trying(() => closeGathering(db, lookId, now()));
      await trying(() => queue.add(lookId));
    },
  };
}
