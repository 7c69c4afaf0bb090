/**
 * Live video on its way from the gateway process that pulls a camera (services/gateway/video/server.ts) to somebody's page. Nothing is
 * kept here: a page that reads slowly slows the gateway's connection down, and the gateway cuts it off.
 */
import { type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { Database } from '../db/database.ts';
import { videoUrlOf } from '../db/leases.ts';
import { recordLiveLook } from '../db/live.ts';
import { may, type Place } from '../domain/access.ts';
import { createVideoTickets, type VideoStream } from '../domain/live-video.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import { Problem } from './problem.ts';
import { type SignedIn, stillSignedIn } from './sessions.ts';

/** Streams of this process, and of one account: four windows. */
const MOST = 64;
const MOST_OF_ONE = 4;
/** Milliseconds that a gateway has to answer: a sub-stream must be connected to first. */
const PATIENCE_MS = 12_000;
/** Seconds after which asking again makes sense. */
const AGAIN_S = 5;

export type NoVideo = 'pictures' | 'no_sub' | 'not_pulled' | 'full';

/** @throws Problem always */
export function refuseVideo(reason: NoVideo): never {
  switch (reason) {
    case 'pictures':
      throw new Problem('conflict', 'This camera sends pictures: it has no video.', { extra: { reason } });
    case 'no_sub':
      throw new Problem('conflict', 'No sub-stream of this camera is known.', { extra: { reason } });
    case 'not_pulled':
      throw new Problem('unavailable', 'No video comes from this camera now.', {
        extra: { reason },
        retryAfterS: AGAIN_S,
      });
    case 'full':
      throw new Problem('unavailable', 'As many watch live video as is allowed at the same time.', {
        extra: { reason },
        retryAfterS: AGAIN_S,
      });
  }
}

export interface LiveVideo {
  /**
   * Streams until the page leaves, the gateway ends it, or session, right or purpose are over.
   * @throws Problem before anything is written
   */
  stream(watch: Watch, response: ServerResponse): Promise<void>;
  /** The picture that an RTSP camera sent at a moment; undefined when no gateway holds it (any more). */
  pictureAt(cameraId: string, at: Date): Promise<{ bytes: Buffer; takenAt: Date } | undefined>;
  close(): void;
}

export interface Watch {
  session: SignedIn;
  camera: Place & { id: string };
  stream: VideoStream;
  grantId: string;
}

export function createLiveVideo(options: {
  db: Database;
  log: Log;
  metrics: Metrics;
  now: () => Date;
  secretKey: Buffer;
  /** Milliseconds between two looks at whether a stream may go on; each is a look in the log. */
  checkMs: number;
}): LiveVideo {
  const { db, log, metrics, now } = options;
  const tickets = createVideoTickets(options.secretKey);
  const open = new Set<{ accountId: string; end: () => void }>();
  let closed = false;

  const mayGoOn = async ({ session, camera, grantId }: Watch): Promise<boolean> => {
    const current = await stillSignedIn(db, session, now());
    return (
      current !== undefined &&
      may(current.actor, 'live.view', camera) &&
      (await recordLiveLook(db, grantId, camera.id, now()))
    );
  };

  return {
    async stream(watch, response) {
      const { accountId } = watch.session.actor;
      const ofOne = [...open].filter((one) => one.accountId === accountId).length;
      if (closed || open.size >= MOST || ofOne >= MOST_OF_ONE) refuseVideo('full');
      const entry = { accountId, end: () => void response.destroy() };
      open.add(entry);
      let check: NodeJS.Timeout | undefined;
      const over = (): void => {
        if (!open.delete(entry) || check === undefined) return;
        clearInterval(check);
        metrics.liveVideos.dec();
      };
      response.once('close', over);
      try {
        const url = await videoUrlOf(db, watch.camera.id);
        if (url === undefined) refuseVideo('not_pulled');
        const { camera, stream } = watch;
        const ticket = tickets.write(camera.id, stream, now());
        const source = await ask(`${url}/video/${camera.id}/${stream}`, ticket);
        if (response.destroyed) return void source.destroy();
        pass(source, response);
      } catch (error) {
        over();
        throw error;
      }
      metrics.liveVideos.inc();
      check = setInterval(() => {
        mayGoOn(watch)
          .then((goesOn) => {
            if (!goesOn) entry.end();
          })
          .catch((error) => log.warn({ err: error }, 'a live video cannot be checked for the moment'));
      }, options.checkMs);
    },
    async pictureAt(cameraId, at) {
      const url = await videoUrlOf(db, cameraId);
      if (url === undefined) return undefined;
      const ticket = tickets.write(cameraId, 'picture', now());
      try {
        const answer = await fetch(`${url}/video/${cameraId}/picture/${at.getTime()}`, {
          headers: { authorization: `Bearer ${ticket}` },
          signal: AbortSignal.timeout(PATIENCE_MS),
        });
        const bytes = Buffer.from(await answer.arrayBuffer());
        const takenAt = new Date(answer.headers.get('x-taken-at') ?? '');
        return answer.ok ? { bytes, takenAt } : undefined;
      } catch (error) {
        log.info({ err: error, cameraId }, 'no picture of that moment');
        return undefined;
      }
    },
    close() {
      closed = true;
      for (const { end } of open) end();
    },
  };
}

/** The gateway's answer, once its head is there. @throws Problem */
async function ask(url: string, ticket: string): Promise<IncomingMessage> {
  const answer = await new Promise<IncomingMessage | undefined>((done) => {
    const asked = request(url, { headers: { authorization: `Bearer ${ticket}` }, agent: false });
    asked.setTimeout(PATIENCE_MS, () => asked.destroy());
    asked.once('response', (response) => {
      // Between fragments a camera may be silent for long: the page says how old the picture is.
      asked.setTimeout(0);
      done(response);
    });
    // Gone since the lease was renewed; another process will have the camera soon.
    asked.on('error', () => done(undefined));
    asked.end();
  });
  if (answer?.statusCode === 200) return answer;
  answer?.destroy();
  return refuseVideo(answer?.statusCode === 503 ? 'full' : 'not_pulled');
}

function pass(source: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, {
    'content-type': 'application/octet-stream',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
    'x-content-type-options': 'nosniff',
  });
  response.socket?.setNoDelay(true);
  response.once('close', () => source.destroy());
  response.on('error', () => source.destroy());
  source.on('error', () => response.destroy());
  source.once('close', () => {
    if (!source.readableEnded) response.destroy();
  });
  source.pipe(response);
}
