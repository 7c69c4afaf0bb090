import { setTimeout as sleep } from 'node:timers/promises';
import { fulfilBurst, type LookRecord, loadWantedBursts } from '../../db/looks.ts';
import type { StoredClip, StoredFrame } from '../../db/schema-watch.ts';
import { burstOffsetsMs, MOTION_BURST_FRAMES, MOTION_BURST_SPAN_S } from '../../domain/schedule.ts';
import { sha256, spoolClipKey, spoolFrameKey } from '../../evidence/keys.ts';
import { withNearest } from '../../media/decode.ts';
import { packMp4 } from '../../media/mp4.ts';
import type { GatewayParts } from '../context.ts';
import { type Frame, storedFrame } from '../looks/intake.ts';
import { isNightWatch, isOutOfHours } from '../registry/entry.ts';
import { frameOf } from './due-look.ts';
import type { Pull, Pulls } from './pulls.ts';

/** Without the first frame, which is there already: by day, and while animals are looked for. */
const DAY_OFFSETS_MS = burstOffsetsMs().slice(1);
const NIGHT_OFFSETS_MS = burstOffsetsMs(MOTION_BURST_FRAMES, MOTION_BURST_SPAN_S).slice(1);
/** In the night of a kitchen that never closes staff may be there: their rules ask more seconds than motion does. */
const BOTH_OFFSETS_MS = [
  ...NIGHT_OFFSETS_MS,
  ...DAY_OFFSETS_MS.filter((offset) => offset > MOTION_BURST_SPAN_S * 1000),
];
/** Half of a clip, milliseconds. */
const CLIP_MS = 5_000;
/** A keyframe this near to a wanted time is taken: it is decoded alone. */
const KEYFRAME_MS = 200;
/** How long to wait for pictures that do not come, from the look's first frame on. */
const WAIT_MS = 16_000;
const LOOK_AGAIN_MS = 250;

export interface Bursts {
  /** Answers what is wanted of our cameras and not in hand yet. */
  answer(): Promise<void>;
  close(): Promise<void>;
}

/** Gives suspicious looks the rest of their burst and the clip, out of the rings. */
export function createBursts(parts: GatewayParts, pulls: Pulls): Bursts {
  const inHand = new Map<string, Promise<void>>();
  /** Decoding is heavy: one burst after the other. */
  let decoding: Promise<unknown> = Promise.resolve();

  const offsetsOf = (look: LookRecord): readonly number[] => {
    const entry = parts.registry.cameras.get(look.cameraId);
    if (entry === undefined || !isNightWatch(entry, look.capturedAt)) return DAY_OFFSETS_MS;
    return isOutOfHours(entry, look.capturedAt) ? NIGHT_OFFSETS_MS : BOTH_OFFSETS_MS;
  };

  /** Waits until the ring reaches the burst's end, or it is plain that it never will. */
  async function whenComplete(look: LookRecord): Promise<Pull | undefined> {
    const startMs = look.capturedAt.getTime();
    const lastMs = startMs + (offsetsOf(look).at(-1) ?? 0);
    for (;;) {
      const pull = pulls.all.get(look.cameraId);
      if (pull === undefined || pull.newestMs >= lastMs) return pull;
      if (parts.now().getTime() >= startMs + WAIT_MS) return pull;
      await sleep(LOOK_AGAIN_MS, undefined, { signal: parts.stopping });
    }
  }

  async function fulfil(look: LookRecord): Promise<void> {
    const pull = await whenComplete(look);
    // Another process has the camera now, and may have its pictures.
    if (pull === undefined) return;
    const cut = decoding.then(() => cutOut(look, pull));
    decoding = cut.catch(() => {});
    const { frames, clip } = await cut;
    const stored: StoredFrame[] = [];
    for (const frame of frames) stored.push(await spoolFrame(look.id, frame));
    const storedClip = clip === null ? null : await spoolClip(look.id, clip);
    // Given up means: judge with what is there. A clip alone helps nobody.
    const burst = { frames: stored, clip: stored.length === 0 ? null : storedClip };
    await parts.trying(() => fulfilBurst(parts.db, look.id, burst, parts.now()));
    await parts.trying(() => parts.queue.add(look.id, { burst: true }));
  }

  async function cutOut(look: LookRecord, pull: Pull) {
    const startMs = look.capturedAt.getTime();
    const times = offsetsOf(look).map((offset) => startMs + offset);
    const packets = pull.ring.cut(startMs, (times.at(-1) ?? startMs) + LOOK_AGAIN_MS);
    const known = new Set(look.frames.map((frame) => frame.sha256));
    let frames: Frame[] = [];
    let clip: Awaited<ReturnType<typeof packMp4>> | null = null;
    try {
      const found = await withNearest(
        packets,
        times,
        async (picture) => (picture.damaged ? undefined : await frameOf(picture)),
        { keyframeToleranceMs: KEYFRAME_MS },
      );
      // Only pictures after the first one: an old ring's end lies before it.
      frames = found.filter((frame) => frame !== undefined && frame.at > look.capturedAt) as Frame[];
      frames = frames.filter((frame) => !known.has(frame.sha256));
      const around = pull.ring.cut(startMs - CLIP_MS, startMs + CLIP_MS);
      if (around.length > 0) clip = await packMp4(around);
    } catch (error) {
      parts.log.warn({ err: error, lookId: look.id }, 'a burst could not be cut');
    }
    return { frames, clip };
  }

  async function spoolFrame(lookId: string, frame: Frame): Promise<StoredFrame> {
    const key = spoolFrameKey(lookId, frame.sha256);
    await parts.trying(() => parts.store.put(key, frame.bytes, { contentType: 'image/jpeg' }));
    return storedFrame(key, frame);
  }

  async function spoolClip(lookId: string, clip: Awaited<ReturnType<typeof packMp4>>): Promise<StoredClip> {
    const hash = sha256(clip.bytes);
    const key = spoolClipKey(lookId, hash);
    await parts.trying(() => parts.store.put(key, clip.bytes, { contentType: 'video/mp4' }));
    return {
      key,
      sha256: hash,
      bytes: clip.bytes.length,
      codec: clip.codecString,
      from: new Date(clip.startMs).toISOString(),
      to: new Date(clip.startMs + clip.durationMs).toISOString(),
    };
  }

  return {
    async answer() {
      for (const look of await loadWantedBursts(parts.db, [...pulls.all.keys()])) {
        if (inHand.has(look.id)) continue;
        const work = fulfil(look)
          .catch((error: Error) => {
            if (!parts.stopping.aborted) parts.onError(error);
          })
          .finally(() => inHand.delete(look.id));
        inHand.set(look.id, work);
      }
    },
    async close() {
      await Promise.all(inHand.values());
    },
  };
}
