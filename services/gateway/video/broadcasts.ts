import { initSegment } from '../../media/live/init-segment.ts';
import type { GatewayParts } from '../context.ts';
import type { Follower, Pulls } from '../rtsp/pulls.ts';
import { Broadcast, type Viewer } from './broadcast.ts';

/** A keyframe older than this is no live picture, milliseconds. */
const FRESH_MS = 20_000;

export interface Broadcasts {
  /** Cameras that are cut into fragments now. */
  readonly cameras: number;
  readonly viewers: number;
  /**
   * Lets somebody watch. The camera's packets are cut into fragments from its first viewer to its last.
   * @returns how to leave; undefined when the camera is not pulled here or sends nothing
   */
  join(cameraId: string, viewer: Viewer): Promise<(() => void) | undefined>;
  close(): void;
}

interface Running {
  broadcast: Broadcast;
  stop(): void;
}

export function createBroadcasts(parts: GatewayParts, pulls: Pulls): Broadcasts {
  const running = new Map<string, Running>();
  const starting = new Map<string, Promise<Running | undefined>>();

  const start = async (cameraId: string): Promise<Running | undefined> => {
    for (;;) {
      const pull = pulls.all.get(cameraId);
      const first = pull?.ring.latestKeyframe();
      if (pull === undefined || !first || parts.now().getTime() - pull.newestMs > FRESH_MS) return undefined;
      const init = await initSegment(first.config);
      // Packets came meanwhile: begin with the newest keyframe that this header fits.
      const newest = pull.ring.latestKeyframe();
      if (pulls.all.get(cameraId) !== pull || newest?.config !== first.config) continue;
      const broadcast = new Broadcast(pull.ring, newest, init, () => parts.now().getTime());
      const since = performance.now();
      const stop = (): void => {
        if (!pull.followers.delete(follower)) return;
        running.delete(cameraId);
        const { madeBytes, sentBytes } = broadcast;
        const seconds = Math.round((performance.now() - since) / 1000);
        parts.log.info({ cameraId, seconds, madeBytes, sentBytes }, 'live video ends');
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
      pull.followers.add(follower);
      const started = { broadcast, stop };
      running.set(cameraId, started);
      parts.log.info({ cameraId, codec: init.codecString }, 'live video begins');
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
    async join(cameraId, viewer) {
      let found = running.get(cameraId);
      if (found === undefined) {
        const begun = starting.get(cameraId) ?? start(cameraId).finally(() => starting.delete(cameraId));
        starting.set(cameraId, begun);
        found = await begun;
        // Who came first may have left again.
        if (found !== undefined && running.get(cameraId) !== found) return undefined;
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
