/** The gateway's hand-out of live video: to whom, to how many, and what becomes of who reads too slowly. */
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import pino from 'pino';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createVideoTickets } from '../../services/domain/live-video.ts';
import type { Viewer } from '../../services/gateway/video/broadcast.ts';
import type { Broadcasts } from '../../services/gateway/video/broadcasts.ts';
import { startVideoServer } from '../../services/gateway/video/server.ts';
import { testConfig } from '../gateway/support/running.ts';

const CAMERA = '3f0e8a52-5d5f-4c1c-9a53-0d3a6f0b7c11';
const OTHER = '3f0e8a52-5d5f-4c1c-9a53-0d3a6f0b7c12';
const MEGABYTE = 1_048_576;

/** Lets the test write to each viewer itself. */
function studio() {
  const viewers = new Set<Viewer>();
  const broadcasts: Broadcasts = {
    cameras: 1,
    get viewers() {
      return viewers.size;
    },
    async join(cameraId, _stream, viewer) {
      if (cameraId !== CAMERA) return undefined;
      viewers.add(viewer);
      viewer.write([Buffer.from('hello')], 5);
      return () => void viewers.delete(viewer);
    },
    close: () => {},
  };
  return { viewers, broadcasts };
}

async function started() {
  const { viewers, broadcasts } = studio();
  const config = testConfig('postgres://nobody@127.0.0.1:1/none', '/nowhere');
  const lines: string[] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) });
  const now = (): Date => new Date();
  const server = await startVideoServer(
    { config, log, now, onError: () => {} },
    broadcasts,
    async () => undefined,
  );
  onTestFinished(() => server.close());
  const ticket = createVideoTickets(config.secretKey).write(CAMERA, 'main', now());
  const ask = async (camera = CAMERA, bearer = ticket): Promise<IncomingMessage> => {
    const request = get(`${server.url}/video/${camera}/main`, {
      agent: false,
      headers: { authorization: `Bearer ${bearer}` },
    });
    const [answer] = (await once(request, 'response')) as [IncomingMessage];
    answer.on('error', () => {});
    return answer;
  };
  return { server, viewers, ask, lines, config };
}

const until = async (check: () => boolean): Promise<void> => {
  while (!check()) await new Promise((done) => setImmediate(done));
};

describe('the hand-out of live video', () => {
  test('is for the API alone: a ticket for this camera, not an old one, not another secret', async () => {
    const { ask, config, viewers } = await started();
    const tickets = createVideoTickets(config.secretKey);
    expect((await ask()).statusCode).toBe(200);
    expect(viewers.size).toBe(1);
    expect((await ask(OTHER)).statusCode).toBe(403);
    expect((await ask(OTHER, tickets.write(OTHER, 'main', new Date()))).statusCode).toBe(404);
    expect((await ask(CAMERA, tickets.write(CAMERA, 'main', new Date(Date.now() - 31_000)))).statusCode).toBe(
      403,
    );
    const stranger = createVideoTickets(Buffer.alloc(32, 7));
    expect((await ask(CAMERA, stranger.write(CAMERA, 'main', new Date()))).statusCode).toBe(403);
    expect((await ask(CAMERA, tickets.write(CAMERA, 'sub', new Date()))).statusCode).toBe(403);
    expect((await ask(CAMERA, 'nothing.at-all-of-use')).statusCode).toBe(403);
    expect(viewers.size).toBe(1);
  });

  test('who does not read is cut off, and what waits for it is bounded; others go on', async () => {
    const { ask, viewers, lines } = await started();
    const [slow, quick] = [await ask(), await ask()];
    slow.pause();
    let read = 0;
    quick.on('data', (chunk: Buffer) => {
      read += chunk.length;
    });
    const cut = new Promise((done) => slow.once('close', done));
    let written = 0;
    // Kernels hold some megabytes for a reader; then it must end.
    while (viewers.size === 2 && written < 64) {
      for (const viewer of viewers) viewer.write([Buffer.alloc(MEGABYTE / 4)], MEGABYTE / 4);
      written += 0.25;
      const sent = written * MEGABYTE;
      await until(() => read >= sent);
    }
    expect(viewers.size).toBe(1);
    expect(written).toBeLessThan(32);
    slow.resume();
    await cut;
    expect(lines.filter((line) => line.includes('too slow'))).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '{}').waitingBytes).toBeLessThan(7 * MEGABYTE);
    expect(read).toBeGreaterThanOrEqual(written * MEGABYTE);
  }, 30_000);

  test('the forty-ninth is refused; when one leaves there is room again', async () => {
    const { ask, server, viewers } = await started();
    const open = [];
    for (let i = 0; i < 48; i += 1) open.push(await ask());
    expect((await ask()).statusCode).toBe(503);
    open[0]?.destroy();
    await until(() => server.viewers === 47 && viewers.size === 47);
    expect((await ask()).statusCode).toBe(200);
  }, 30_000);
});
