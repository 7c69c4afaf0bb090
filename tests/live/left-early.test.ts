/** A page that is closed before its stream begins takes nobody's place: of live video, of walls, of events. */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { get, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { encodeVideo } from '../../services/media/encode.ts';
import { as, signIn, useApi } from '../api/support.ts';
import { seedKitchen } from '../support/kitchen.ts';
import { numberedPictures, WIDE } from '../support/media.ts';
import { testRtspServer } from '../support/rtsp-server.ts';
import { isOnline, makeRtsp, startGatewayProcess } from './support.ts';

/** As many windows as one account may have. */
const MOST = 4;

// The gateway is a process of its own: both need the same time.
const api = useApi({ now: () => new Date() });
let base = '';
let authorization = '';
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mingzao-left-'));
  const inspector = await as(api(), 'li', 'inspector');
  authorization = `Bearer ${await signIn(api(), 'li')}`;
  base = await api().app.listen({ host: '127.0.0.1', port: 0 });
  await inspector('POST /live/grants', { purpose: 'patrol' });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Asks, and returns how to leave. */
function ask(path: string): () => void {
  const asked = get(`${base}/api/v1${path}`, { headers: { authorization } });
  asked.on('error', () => {});
  return () => asked.destroy();
}

/** The answer to the next request, as the server has it. */
async function nextResponse(): Promise<ServerResponse> {
  const [, response] = (await once(api().app.server, 'request')) as [unknown, ServerResponse];
  return response;
}

/** Asks for a stream and leaves while it is about to begin. @param hold lets it begin once the promise is fulfilled */
async function leaveBefore(path: string, hold: (until: Promise<unknown>) => Promise<unknown>): Promise<void> {
  const arrives = nextResponse();
  const leave = ask(path);
  const response = await arrives;
  const closed = once(response, 'close');
  const begun = hold(closed);
  leave();
  await closed;
  await begun;
}

/** Status, and why there is none. */
const window = async (path: string): Promise<string> => {
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const answer = await fetch(`${base}/api/v1${path}`, { headers: { authorization }, signal: stop.signal });
  return answer.ok ? 'open' : await answer.text();
};

test('of a live video', async () => {
  const path = join(folder, 'h264.mp4');
  await encodeVideo(path, numberedPictures(56, WIDE), {
    codec: 'h264',
    framesPerS: 10,
    gopS: 1,
    seconds: 60,
  });
  const server = await testRtspServer({ mounts: { '/kitchen': path } });
  const { cameraId } = await seedKitchen(api().context.db);
  await makeRtsp(api(), cameraId, server.url('/kitchen'));
  startGatewayProcess(api());
  await isOnline(api(), cameraId);
  const { liveVideo } = api().context;
  const begin = liveVideo.stream;
  for (let i = 0; i < MOST; i += 1)
    await leaveBefore(`/cameras/${cameraId}/video`, async (left) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      vi.spyOn(liveVideo, 'stream').mockImplementationOnce(async (watch, response) => {
        await left;
        await begin(watch, response).finally(resolve);
      });
      await promise;
    });
  expect(await window(`/cameras/${cameraId}/video`)).toBe('open');
}, 60_000);

test('of a wall', async () => {
  const { cameraCode } = await seedKitchen(api().context.db);
  const { liveWalls } = api().context;
  const begin = liveWalls.stream;
  for (let i = 0; i < MOST; i += 1)
    await leaveBefore(`/live/wall-video?cameras=${cameraCode}`, async (left) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      vi.spyOn(liveWalls, 'stream').mockImplementationOnce((watch, response) => {
        void left.then(() => begin(watch, response)).then(resolve);
      });
      await promise;
    });
  expect(await window(`/live/wall-video?cameras=${cameraCode}`)).toBe('open');
});

test('of events', async () => {
  const { events, metrics } = api().context;
  const latest = events.latest;
  for (let i = 0; i < 3; i += 1)
    await leaveBefore('/events', async (left) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      vi.spyOn(events, 'latest').mockImplementationOnce(async () => {
        const from = await latest();
        await left;
        // What waits for the answer goes on in this turn.
        setImmediate(resolve);
        return from;
      });
      await promise;
    });
  const { values } = await metrics.streams.get();
  expect(values.map(({ value }) => value)).toEqual([0]);
});
