/**
 * A wall of live video: up to sixteen cameras for one page, over one HTTP stream.
 *
 * Browsers keep six connections of HTTP/1.1 to a host, so a stream a camera does not do. Of the two ways to carry many over one, a
 * multiplexed HTTP stream and a WebSocket, it is the stream: it passes the same guard, cookie and same-site rules as every other
 * route, goes through proxies that know nothing of upgrades, TCP pushes back by itself and says how far the reader is behind
 * (`writableLength`), and it needs no package. What a WebSocket would add is a way back; a wall says all it wants in its address, and
 * opened anew with other cameras it goes on where it was (StreamStart.stream), since sources linger for some seconds.
 *
 * A viewer that reads slowly is left out fragments up to the next keyframe, camera by camera (outlet.ts): what waits for it is bounded,
 * and the others go on.
 */
import type { ServerResponse } from 'node:http';
import type { Database } from '../../db/database.ts';
import { videoUrlOf } from '../../db/leases.ts';
import { recordLiveLooks } from '../../db/live.ts';
import { placesOfCameras } from '../../db/place-of.ts';
import { may } from '../../domain/access.ts';
import { mayBeSeen } from '../../domain/approval.ts';
import { createVideoTickets, type StreamStart } from '../../domain/live-video.ts';
import { fitsOnWall, type WallEnd, type WallLoad } from '../../domain/live-wall.ts';
import { clientLeft } from '../client-left.ts';
import { refuseVideo } from '../live-video.ts';
import type { LiveWindows } from '../live-windows.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { type SignedIn, stillSignedIn } from '../sessions.ts';
import { createOutlet } from './outlet.ts';
import { fillSeat, loadOf, type Seat } from './seat.ts';
import { createSources } from './sources.ts';

export interface WallWatch {
  session: SignedIn;
  /** In the wall's order: the index is the place. A grant of '' belongs to a seat that is refused. */
  seats: readonly (Seat & { grantId: string })[];
  /** The browser plays H.265. */
  hevc: boolean;
  mbits: number;
}

export interface LiveWalls {
  /**
   * Streams until the page leaves, the session is over, or no camera can show video; one whose right or purpose is over ends alone.
   * @throws Problem before anything is written
   */
  stream(watch: WallWatch, response: ServerResponse): void;
}

export function createLiveWalls(options: {
  db: Database;
  log: Log;
  metrics: Metrics;
  windows: LiveWindows;
  now: () => Date;
  secretKey: Buffer;
  /** Milliseconds between two looks at whether a wall may go on; each is a look in the log. */
  checkMs: number;
}): LiveWalls {
  const { db, log, metrics, windows, now } = options;
  const tickets = createVideoTickets(options.secretKey);
  const sources = createSources(
    () => now().getTime(),
    async (cameraId, stream) => {
      const url = await videoUrlOf(db, cameraId);
      if (url === undefined) return undefined;
      return { url: `${url}/video/${cameraId}/${stream}`, ticket: tickets.write(cameraId, stream, now()) };
    },
  );

  return {
    stream(watch, response) {
      if (clientLeft(response)) return;
      const leave = windows.enter(watch.session.actor.accountId, () => void response.destroy());
      if (leave === undefined) refuseVideo('full');
      const outlet = createOutlet(response, () => now().getTime());
      const loads = new Map<number, WallLoad>();
      const admit = (place: number, start: StreamStart): WallEnd | undefined => {
        if (/^(hvc1|hev1)/.test(start.codec) && !watch.hevc) return 'hevc';
        if (!fitsOnWall([...loads.values()], loadOf(start), watch.mbits)) return 'limit';
        loads.set(place, loadOf(start));
        return undefined;
      };
      const parts = { sources, outlet, admit, release: (place: number) => void loads.delete(place) };
      response.writeHead(200, {
        'content-type': 'application/octet-stream',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
        'x-content-type-options': 'nosniff',
      });
      response.flushHeaders();
      response.socket?.setNoDelay(true);
      response.on('error', () => {});
      outlet.begin();
      const stops = watch.seats.map(() => new AbortController());
      const filled = watch.seats.map(async (seat, place) => {
        const { signal = AbortSignal.abort() } = stops[place] ?? {};
        await fillSeat(parts, place, seat, signal).catch((error) => {
          log.warn({ err: error, cameraId: seat.cameraId }, 'a camera of a wall failed');
          outlet.end(place, 'gone');
        });
      });
      // Nothing can come any more. An end in the same turn would overtake what is corked.
      void Promise.all(filled).then(() => setImmediate(() => response.end()));

      const check = async (): Promise<void> => {
        const held = await stillAllowed(watch, now());
        if (held === undefined) return void response.destroy();
        for (const [place, { cameraId, refused }] of watch.seats.entries()) {
          if (refused !== undefined || held.has(cameraId) || stops[place]?.signal.aborted === true) continue;
          stops[place]?.abort();
          outlet.end(place, 'purpose');
        }
      };
      const checking = setInterval(() => {
        check().catch((error) => log.warn({ err: error }, 'a live wall cannot be checked for the moment'));
      }, options.checkMs);
      response.once('close', () => {
        clearInterval(checking);
        for (const stop of stops) stop.abort();
        leave();
        metrics.liveDropped.inc(outlet.dropped);
        if (outlet.dropped > 0)
          log.info({ dropped: outlet.dropped }, 'a wall was left out fragments: its viewer was slow');
      });
    },
  };

  /** Ids of the cameras that may go on, each kept as looked at; undefined: nobody is signed in any more. */
  async function stillAllowed({ session, seats }: WallWatch, at: Date): Promise<Set<string> | undefined> {
    const current = await stillSignedIn(db, session, at);
    if (current === undefined) return undefined;
    const shown = seats.filter(({ refused }) => refused === undefined);
    if (shown.length === 0) return new Set();
    const ids = shown.map(({ cameraId }) => cameraId);
    // Another address may have been given to a camera since: then it waits for its approval again.
    const places = (await placesOfCameras(db, ids)).filter(
      (place) => may(current.actor, 'live.view', place) && mayBeSeen(current.actor, place),
    );
    const asked = shown.filter(({ cameraId }) => places.some((place) => place.cameraId === cameraId));
    return await recordLiveLooks(db, asked, at);
  }
}
