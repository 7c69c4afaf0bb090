import type { VideoStream } from '../../domain/live-video.ts';
import { initSegment } from '../../media/live/init-segment.ts';
import type { GatewayParts } from '../context.ts';
import type { Follower } from '../rtsp/pulls.ts';
import { Broadcast, type Viewer } from './broadcast.ts';
import type { Feeds } from './feeds.ts';

export interface Broadcasts {
  /** Cameras that are cut into fragments now. */
  readonly cameras: number;
  readonly viewers: number;
  /**
   * Lets somebody watch a camera. Its packets are cut into fragments from its first viewer to its last.
   * @returns how to leave; undefined when the camera is not pulled here or sends nothing
   */
  join(cameraId: string, stream: VideoStream, viewer: Viewer): Promise<(() => void) | undefined>;
  close(): void;
}

interface Running {
  broadcast: Broadcast;
  stop(): void;
}

export function createBroadcasts(parts: Pick<GatewayParts, 'log' | 'now'>, feeds: Feeds): Broadcasts {
  const running = new Map<string, Running>();
  const starting = new Map<string, Promise<Running | undefined>>();

  const start = async (key: string, cameraId: string, stream: VideoStream): Promise<Running | undefined> => {
    const feed = await feeds.open(cameraId, stream);
    if (feed === undefined) return undefined;
    for (;;) {
      const first = feed.ring.latestKeyframe();
      if (first === null || !feed.isCurrent()) {
        feed.close();
        return undefined;
      }
      const init = await initSegment(first.config).catch((error: unknown) => {
        feed.close();
        throw error;
      });
      // Packets came meanwhile: begin with the newest keyframe that this header fits.
      const newest = feed.ring.latestKeyframe();
      if (!feed.isCurrent() || newest?.config !== first.config) continue;
      const broadcast = new Broadcast(feed.ring, newest, init, () => parts.now().getTime());
      const since = performance.now();
      const stop = (): void => {
        if (!feed.followers.delete(follower)) return;
        running.delete(key);
        feed.close();
        const { madeBytes, sentBytes } = broadcast;
        const seconds = Math.round((performance.now() - since) / 1000);
        parts.log.info({ cameraId, stream, seconds, madeBytes, sentBytes }, 'live video ends');
      };
      const follower: Follower = {
        packet(packet) {
          if (broadcast.push(packet)) return;
          broadcast.end('changed');
          stop();
        },
        end() {
          broadcast.end('gone');
          stop();
        },
      };
      feed.followers.add(follower);
      const started = { broadcast, stop };
      running.set(key, started);
      parts.log.info({ cameraId, stream, codec: init.codecString }, 'live video begins');
      return started;
    }
  };

  return {
    get cameras() {
      return running.size;
    },
    get viewers() {
      return [...running.values()].reduce((sum, { broadcast }) => sum + broadcast.viewers, 0);
    },
    async join(cameraId, stream, viewer) {
      const key = `${cameraId} ${stream}`;
      let found = running.get(key);
      if (found === undefined) {
        const begun = starting.get(key) ?? start(key, cameraId, stream).finally(() => starting.delete(key));
        starting.set(key, begun);
        found = await begun;
        // Who came first may have left again.
        if (found !== undefined && running.get(key) !== found) return undefined;
      }
      if (found === undefined) return undefined;
      const { broadcast, stop } = found;
      broadcast.join(viewer);
      return () => {
        if (!broadcast.leave(viewer)) stop();
      };
    },
    close() {
      for (const { broadcast, stop } of [...running.values()]) {
        broadcast.end('stopping');
        stop();
      }
    },
  };
}
