/**
 * Live video on its way from the gateway process that pulls a camera (services/gateway/video/server.ts) to somebody's page. Nothing is
 * kept here: a page that reads slowly slows the gateway's connection down, and the gateway cuts it off.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Database } from '../db/database.ts';
import { videoUrlOf } from '../db/leases.ts';
import { recordLiveLook } from '../db/live.ts';
import { may, type Place } from '../domain/access.ts';
import { createVideoTickets, type VideoStream } from '../domain/live-video.ts';
import { said } from '../domain/said.ts';
import { clientLeft } from './client-left.ts';
import { askGateway, PATIENCE_MS } from './live-source.ts';
import type { LiveWindows } from './live-windows.ts';
import type { Log } from './log.ts';
import { Problem } from './problem.ts';
import { type SignedIn, stillSignedIn } from './sessions.ts';

/** Seconds after which asking again makes sense. */
const AGAIN_S = 5;

export type NoVideo = 'awaiting' | 'pictures' | 'no_sub' | 'not_pulled' | 'full';

/** @throws Problem always */
export function refuseVideo(reason: NoVideo): never {
  switch (reason) {
    case 'awaiting':
      throw new Problem('conflict', said('not_approved_yet'), { extra: { reason } });
    case 'pictures':
      throw new Problem('conflict', said('camera_has_no_video'), { extra: { reason } });
    case 'no_sub':
      throw new Problem('conflict', said('no_sub_stream'), { extra: { reason } });
    case 'not_pulled':
      throw new Problem('unavailable', said('no_video_now'), {
        extra: { reason },
        retryAfterS: AGAIN_S,
      });
    case 'full':
      throw new Problem('unavailable', said('too_many_watch'), {
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
  windows: LiveWindows;
  now: () => Date;
  secretKey: Buffer;
  /** Milliseconds between two looks at whether a stream may go on; each is a look in the log. */
  checkMs: number;
}): LiveVideo {
  const { db, log, windows, now } = options;
  const tickets = createVideoTickets(options.secretKey);

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
      if (clientLeft(response)) return;
      const end = (): void => void response.destroy();
      const leave = windows.enter(watch.session.actor.accountId, end);
      if (leave === undefined) refuseVideo('full');
      let check: NodeJS.Timeout | undefined;
      const over = (): void => {
        leave();
        clearInterval(check);
      };
      response.once('close', over);
      try {
        const url = await videoUrlOf(db, watch.camera.id);
        if (url === undefined) refuseVideo('not_pulled');
        const { camera, stream } = watch;
        const ticket = tickets.write(camera.id, stream, now());
        const source = await ask(`${url}/video/${camera.id}/${stream}`, ticket);
        if (clientLeft(response)) return void source.destroy();
        pass(source, response);
      } catch (error) {
        over();
        throw error;
      }
      check = setInterval(() => {
        mayGoOn(watch)
          .then((goesOn) => {
            if (!goesOn) end();
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
  };
}

/** The gateway's answer, once its head is there. @throws Problem */
async function ask(url: string, ticket: string): Promise<IncomingMessage> {
  const answer = await askGateway(url, ticket);
  return typeof answer === 'string' ? refuseVideo(answer) : answer;
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
