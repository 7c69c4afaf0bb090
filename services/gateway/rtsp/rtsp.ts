import { listen } from '../../db/listen.ts';
import { sessionCapacity } from '../../media/rtsp/capacity.ts';
import type { GatewayParts } from '../context.ts';
import type { Concern } from '../looks/ticker.ts';
import type { CameraEntry } from '../registry/entry.ts';
import { type Broadcasts, createBroadcasts } from '../video/broadcasts.ts';
import { createFeeds } from '../video/feeds.ts';
import { createPictureAt } from '../video/picture-at.ts';
import { startVideoServer } from '../video/server.ts';
import { createBursts } from './bursts.ts';
import { dueKeyframe, takeDueLook } from './due-look.ts';
import { createLeases } from './leases.ts';
import { createPulls } from './pulls.ts';

/** How often the schedule is read: a look is late by at most this. */
const SCHEDULE_MS = 250;
const BURSTS_MS = 1_000;

export interface RtspSide {
  concernOf(entry: CameraEntry): Concern;
  /** Ids of the cameras this process holds. */
  readonly held: ReadonlySet<string>;
  /** Live video that is handed out. */
  readonly video: Pick<Broadcasts, 'cameras' | 'viewers'>;
  /** Renews the leases now. */
  renew(): Promise<void>;
  stop(): Promise<void>;
}

/** The RTSP side of the gateway: leases → connections and rings → looks when due → bursts when wanted → video while watched. */
export async function startRtsp(parts: GatewayParts, env: NodeJS.ProcessEnv): Promise<RtspSide> {
  const pulls = createPulls(parts);
  const capacity = sessionCapacity(env);
  const video = createBroadcasts(parts, createFeeds(parts, pulls));
  const server = await startVideoServer(parts, video, createPictureAt(parts, pulls));
  const leases = createLeases(parts, {
    capacity,
    videoUrl: server.url,
    onChange: () => pulls.set(leases.held),
  });
  const bursts = createBursts(parts, pulls);
  const busy = new Set<string>();

  const schedule = (): void => {
    for (const [cameraId, pull] of pulls.all) {
      const entry = parts.registry.cameras.get(cameraId);
      if (entry === undefined || busy.has(cameraId)) continue;
      const due = dueKeyframe(parts, entry, pull);
      if (due === undefined) continue;
      busy.add(cameraId);
      parts.lanes
        .submit(cameraId, { replaceable: false, run: () => takeDueLook(parts, entry, pull, due) })
        .catch((error: Error) => {
          if (!parts.stopping.aborted) parts.onError(error);
        })
        .finally(() => busy.delete(cameraId));
    }
  };
  const answer = (): void => void bursts.answer().catch(parts.onError);

  // A changed address reaches the connections at once, also when the leases stay the same.
  parts.registry.onChange(() => pulls.set(leases.held));
  await leases.renew();
  leases.start();
  const listener = listen(parts.config.databaseUrl, ['mingzao_burst'], answer, parts.onError);
  const timers = [setInterval(schedule, SCHEDULE_MS), setInterval(answer, BURSTS_MS)];
  return {
    get held() {
      return leases.held;
    },
    video,
    renew: leases.renew,
    concernOf(entry) {
      if (entry.record.source === 'mqtt' || leases.held.has(entry.record.id)) return 'watch';
      return leases.leased.has(entry.record.id) ? 'other' : 'nobody';
    },
    async stop() {
      for (const timer of timers) clearInterval(timer);
      await Promise.all([listener.close(), server.close()]);
      await Promise.all([leases.close(), pulls.close()]);
    },
  };
}
