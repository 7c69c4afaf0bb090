import { setTimeout as sleep } from 'node:timers/promises';
import { createSealer } from '../../db/seal.ts';
import type { VideoStream } from '../../domain/live-video.ts';
import { PacketRing } from '../../media/ring.ts';
import { subStreamCapacity } from '../../media/rtsp/capacity.ts';
import { openRtspSession } from '../../media/rtsp/session.ts';
import type { GatewayParts } from '../context.ts';
import type { Follower, Pull, Pulls } from '../rtsp/pulls.ts';

/** Milliseconds in which a sub-stream must have begun. */
const BEGIN_MS = 8_000;
const LOOK_AGAIN_MS = 50;
/** A keyframe older than this is no live picture, milliseconds. */
const FRESH_MS = 20_000;
const SUB_RING = { maxMs: 10_000, maxBytes: 4 * 1024 * 1024 };

/** Where a live video's packets come from. */
export interface Feed extends Pick<Pull, 'ring' | 'followers'> {
  /** The packets still come from there. */
  isCurrent(): boolean;
  /** Nobody watches any more. */
  close(): void;
}

export interface Feeds {
  /** undefined: not pulled here, or nothing comes */
  open(cameraId: string, stream: VideoStream): Promise<Feed | undefined>;
}

/**
 * The main stream is pulled all the time, for looks. A camera's sub-stream is pulled only while it is watched: on a wall, and by browsers
 * that cannot play the main one.
 */
export function createFeeds(parts: GatewayParts, pulls: Pulls): Feeds {
  const sealer = createSealer(parts.config.secretKey);
  let subStreams = 0;

  const main = (cameraId: string): Feed | undefined => {
    const pull = pulls.all.get(cameraId);
    if (pull === undefined || parts.now().getTime() - pull.newestMs > FRESH_MS) return undefined;
    const { ring, followers } = pull;
    return { ring, followers, isCurrent: () => pulls.all.get(cameraId) === pull, close: () => {} };
  };

  /** A session of its own, tied to the pull of the camera: whoever loses the camera loses both. */
  const sub = async (cameraId: string): Promise<Feed | undefined> => {
    const pull = pulls.all.get(cameraId);
    if (pull === undefined || subStreams >= subStreamCapacity(pulls.all.size)) return undefined;
    const row = await parts.db
      .selectFrom('camera')
      .select('rtsp_sub_url_sealed')
      .where('id', '=', cameraId)
      .executeTakeFirst();
    const sealed = row?.rtsp_sub_url_sealed;
    if (!sealed) return undefined;
    const ring = new PacketRing(SUB_RING);
    const followers = new Set<Follower>();
    const giveUp = new AbortController();
    subStreams += 1;
    try {
      const session = await openRtspSession({
        url: sealer.open(sealed),
        now: () => parts.now().getTime(),
        signal: giveUp.signal,
        connectTimeoutMs: BEGIN_MS,
        onPacket(packet) {
          ring.push(packet);
          for (const follower of followers) follower.packet(packet);
        },
      });
      let open = true;
      const guard: Follower = { packet: () => {}, end: () => void session.close() };
      pull.followers.add(guard);
      void session.closed.then(() => {
        open = false;
        subStreams -= 1;
        pull.followers.delete(guard);
        for (const follower of followers) follower.end();
      });
      const late = performance.now() + BEGIN_MS;
      while (open && ring.latestKeyframe() === null && performance.now() < late) await sleep(LOOK_AGAIN_MS);
      const feed: Feed = { ring, followers, isCurrent: () => open, close: () => void session.close() };
      if (ring.latestKeyframe() !== null) return feed;
      feed.close();
      return undefined;
    } catch (error) {
      subStreams -= 1;
      parts.log.info({ cameraId, why: (error as Error).message }, 'no sub-stream');
      return undefined;
    }
  };
  return { open: async (cameraId, stream) => (stream === 'main' ? main(cameraId) : await sub(cameraId)) };
}
