/**
 * Live video for the API, by HTTP. The process that pulls a camera has its packets in memory, and only that one; where it listens stands in
 * the camera's lease. Neither the broker nor Redis carries the pictures: the broker's business is acknowledging looks, Redis may be
 * absent, and both would have to hold back a slow reader's pictures for it. A connection of its own pushes back by itself: what a
 * reader does not take piles up here, is bounded, and then the reader is cut off.
 *
 * `GET /video/{camera id}/{main or sub}`, `authorization: Bearer <ticket>` (domain/live-video.ts) → 200 with records, 403, 404 (not pulled here), 503 (full).
 * `GET /video/{camera id}/picture/{Unix milliseconds}` → the picture of that moment, image/jpeg, `x-taken-at`; 404 when it is not held.
 */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import { createVideoTickets, type VideoStream } from '../../domain/live-video.ts';
import type { GatewayParts } from '../context.ts';
import type { Broadcasts } from './broadcasts.ts';
import type { PictureAt } from './picture-at.ts';

/** Who may watch at the same time, over all cameras of this process. */
const MOST_VIEWERS = 48;
/** Bytes that wait for one viewer: some ten seconds of a camera, and the group of pictures that it began with. */
const MOST_WAITING_BYTES = 6 * 1024 * 1024;
/** Bytes a second over all viewers, on average over RATE_MS: half of a gigabit line, so that cameras still get through. */
const MOST_BYTES_A_SECOND = 60_000_000;
const RATE_MS = 5_000;
const PICTURE_PATH = /^\/video\/([0-9a-f-]{36})\/picture\/(\d{1,15})$/;
const PATH = /^\/video\/([0-9a-f-]{36})\/(main|sub)$/;

export interface VideoServer {
  /** Where the API finds it. */
  readonly url: string;
  readonly viewers: number;
  close(): Promise<void>;
}

export async function startVideoServer(
  parts: Pick<GatewayParts, 'config' | 'log' | 'now' | 'onError'>,
  broadcasts: Broadcasts,
  pictureAt: PictureAt,
): Promise<VideoServer> {
  const { config, log, now } = parts;
  const tickets = createVideoTickets(config.secretKey);
  const rate = createRate();
  let viewers = 0;

  const refuse = (response: ServerResponse, status: number): void => {
    response.writeHead(status).end();
  };
  const serve = async (cameraId: string, stream: VideoStream, response: ServerResponse): Promise<void> => {
    let leave: (() => void) | undefined;
    let gone = false;
    response.once('close', () => {
      gone = true;
      leave?.();
    });
    response.on('error', () => {});
    const head = (): void => {
      if (response.headersSent) return;
      response.writeHead(200, { 'content-type': 'application/octet-stream', 'cache-control': 'no-store' });
    };
    leave = await broadcasts.join(cameraId, stream, {
      write(record, bytes) {
        if (gone) return;
        head();
        rate.add(bytes);
        response.cork();
        for (const part of record) response.write(part);
        response.uncork();
        if (response.writableLength <= MOST_WAITING_BYTES) return;
        log.info(
          { cameraId, waitingBytes: response.writableLength },
          'a viewer was too slow for the live video',
        );
        gone = true;
        response.destroy();
      },
      end: () => response.end(),
    });
    if (leave === undefined) return refuse(response, 404);
    if (gone) leave();
  };

  const show = async (cameraId: string, atMs: number, response: ServerResponse): Promise<void> => {
    const frame = await pictureAt(cameraId, atMs);
    if (frame === undefined) return refuse(response, 404);
    response.writeHead(200, { 'content-type': 'image/jpeg', 'x-taken-at': frame.at.toISOString() });
    response.end(frame.bytes);
  };

  const server = createServer((request, response) => {
    const failed = (error: Error): void => {
      parts.onError(error);
      response.destroy();
    };
    const [, pictured, at] = PICTURE_PATH.exec(request.url ?? '') ?? [];
    const [, cameraId, named] = PATH.exec(request.url ?? '') ?? [];
    const stream = named === 'sub' ? 'sub' : 'main';
    const ticket = /^Bearer (\S{10,200})$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    if (request.method === 'GET' && pictured !== undefined) {
      if (!tickets.holds(ticket, pictured, 'picture', now())) return refuse(response, 403);
      return void show(pictured, Number(at), response).catch(failed);
    }
    if (request.method !== 'GET' || cameraId === undefined) return refuse(response, 404);
    if (!tickets.holds(ticket, cameraId, stream, now())) return refuse(response, 403);
    if (viewers >= MOST_VIEWERS || rate.perSecond() > MOST_BYTES_A_SECOND) return refuse(response, 503);
    viewers += 1;
    response.once('close', () => {
      viewers -= 1;
    });
    serve(cameraId, stream, response).catch(failed);
  });
  server.on('clientError', (_error, socket) => socket.destroy());
  server.listen(config.videoPort, config.videoHost);
  await once(server, 'listening');
  const { address, port } = server.address() as AddressInfo;
  const everywhere = address === '0.0.0.0' || address === '::';
  const host = everywhere ? hostname() : address.includes(':') ? `[${address}]` : address;
  return {
    url: `http://${host}:${port}`,
    get viewers() {
      return viewers;
    },
    async close() {
      broadcasts.close();
      server.close();
      server.closeAllConnections();
      if (server.listening) await once(server, 'close');
    },
  };
}

/** Bytes a second, on average over the last seconds. */
function createRate() {
  let since = performance.now();
  let bytes = 0;
  let before = 0;
  const turn = (): void => {
    const passed = performance.now() - since;
    if (passed < RATE_MS) return;
    before = (bytes * 1000) / passed;
    bytes = 0;
    since = performance.now();
  };
  return {
    add(count: number): void {
      turn();
      bytes += count;
    },
    perSecond(): number {
      turn();
      return Math.max(before, (bytes * 1000) / RATE_MS);
    },
  };
}
