/** One open stream of server-sent events. */
import type { ServerResponse } from 'node:http';
import type { FastifyBaseLogger } from 'fastify';
import type { EventCursor, EventRow } from '../db/events.ts';
import { type Actor, may } from '../domain/access.ts';
import { EVENT_RIGHTS, isEventType } from '../domain/event-types.ts';
import { payloadFor } from '../domain/withheld.ts';
import { clientLeft } from './client-left.ts';
import type { ApiContext } from './context.ts';
import { type SignedIn, stillSignedIn } from './sessions.ts';

/** Milliseconds a browser waits before it connects again. */
const RETRY_MS = 1000;
/** After so many events that it may not see, a client is told how far the stream is, so that it resumes there. */
const SKIPPED_MOST = 200;

/**
 * The event as the actor may have it; undefined: not at all. Deny by default: of a type that is not known here (a newer version of
 * the service wrote it) nobody hears.
 */
function seenBy(actor: Actor, event: EventRow): EventRow | undefined {
  const { type, payload } = event;
  if (!isEventType(type)) return undefined;
  const place = {
    regionPath: event.region_path,
    merchantId: event.merchant_id,
    cameraId: typeof payload.cameraId === 'string' ? payload.cameraId : null,
  };
  if (!may(actor, EVENT_RIGHTS[type], place)) return undefined;
  const told = payloadFor(type, payload, (action) => may(actor, action, place));
  return told && { ...event, payload: told };
}

function written(event: EventRow): string {
  const id = `${event.xid}-${event.id}`;
  const { type, at, merchant_id: merchantId, payload } = event;
  return `id: ${id}\nevent: ${type}\ndata: ${JSON.stringify({ id, type, at, merchantId, payload })}\n\n`;
}

export interface StreamOptions {
  session: SignedIn;
  types: ReadonlySet<string> | undefined;
  from: EventCursor;
  /** The client's cursor was of no use: say so first. */
  reset: boolean;
  log: FastifyBaseLogger;
}

/**
 * Writes events as they come, in order, none twice. A client that reads slowly is waited for: its events stay in the
 * database. Ends with the client, with the session, and when the server stops.
 */
export function streamEvents(context: ApiContext, response: ServerResponse, options: StreamOptions): void {
  if (clientLeft(response)) return;
  const { events, metrics } = context;
  let { actor } = options.session;
  let cursor = options.from;
  let busy = false;
  let woken = false;
  let ended = false;

  const drained = (): Promise<void> =>
    new Promise((done) => {
      const go = (): void => {
        response.off('drain', go);
        response.off('close', go);
        done();
      };
      response.on('drain', go);
      response.on('close', go);
    });
  const write = async (text: string): Promise<void> => {
    if (!response.write(text)) await drained();
  };

  const pump = async (): Promise<void> => {
    let skipped = 0;
    for (;;) {
      const batch = await events.after(cursor);
      if (batch.length === 0 || ended) break;
      for (const event of batch) {
        if (ended) return;
        const wanted = options.types === undefined || options.types.has(event.type);
        const seen = wanted ? seenBy(actor, event) : undefined;
        if (seen !== undefined) {
          await write(written(seen));
          skipped = 0;
        } else {
          skipped += 1;
        }
        cursor = { xid: event.xid, id: event.id };
      }
      if (skipped >= SKIPPED_MOST) {
        await write(`id: ${cursor.xid}-${cursor.id}\n\n`);
        skipped = 0;
      }
    }
  };

  const wake = (): void => {
    woken = true;
    if (busy || ended) return;
    busy = true;
    woken = false;
    pump()
      // The database is away: the hub wakes us again once it reads from it.
      .catch((error) => options.log.warn({ err: error }, 'events cannot be read for the moment'))
      .finally(() => {
        busy = false;
        if (woken) wake();
      });
  };

  const beat = async (): Promise<void> => {
    try {
      const session = await stillSignedIn(context.db, options.session, context.now());
      if (session === undefined || !may(session.actor, 'event.read')) return end();
      actor = session.actor;
    } catch (error) {
      options.log.warn({ err: error }, 'a session cannot be checked for the moment');
    }
    // Not while events wait to be read by a slow client: they show that we are there.
    if (!response.writableNeedDrain && !ended) response.write(': here\n\n');
    wake();
  };

  const end = (): void => {
    if (ended) return;
    ended = true;
    clearInterval(heartbeat);
    unsubscribe();
    metrics.streams.dec();
    // The connection goes with the stream: kept alive, it would hold up a server that stops.
    const { socket } = response;
    response.end(() => socket?.end());
  };

  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
    'x-content-type-options': 'nosniff',
  });
  response.write(
    `retry: ${RETRY_MS}\nid: ${cursor.xid}-${cursor.id}\n${options.reset ? 'event: reset\ndata: {}\n' : ''}\n`,
  );
  metrics.streams.inc();
  const heartbeat = setInterval(() => void beat(), events.heartbeatMs);
  const unsubscribe = events.subscribe({ wake, end });
  response.on('close', end);
  response.on('error', end);
  wake();
}
