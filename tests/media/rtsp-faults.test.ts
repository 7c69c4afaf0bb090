/** Servers that answer wrongly or not at all: plain TCP, no GStreamer. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { RtspError } from '../../services/media/rtsp/error.ts';
import { openRtspSession } from '../../services/media/rtsp/session.ts';

/** A TCP server; returns its rtsp:// address with an account whose password must never show. */
async function tcpServer(serve: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    serve(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `rtsp://admin:geheim77@127.0.0.1:${(server.address() as AddressInfo).port}/live?password=geheim77`;
}

async function failureOf(url: string, connectTimeoutMs = 5000): Promise<RtspError> {
  const outcome = await openRtspSession({ url, connectTimeoutMs, onPacket: () => {} }).catch(
    (error: unknown) => error,
  );
  if (!(outcome instanceof RtspError)) throw new Error(`no RtspError: ${String(outcome)}`);
  expect(outcome.message).not.toContain('geheim77');
  expect(String(outcome.stack)).not.toContain('geheim77');
  return outcome;
}

/** Answers requests by method; SDP and headers as a camera would send them. */
function camera(answers: Record<string, string>): (socket: Socket) => void {
  return (socket) => {
    socket.on('data', (chunk) => {
      for (const request of chunk.toString('latin1').split('\r\n\r\n')) {
        const method = request.split(' ')[0] ?? '';
        const cseq = /CSeq: *(\d+)/i.exec(request)?.[1];
        const answer = answers[method];
        if (cseq !== undefined && answer !== undefined) socket.write(answer.replace('CSEQ', cseq));
      }
    });
  };
}

const OK = 'RTSP/1.0 200 OK\r\nCSeq: CSEQ\r\n';

function describeAnswer(media: string): string {
  const sdp = `v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=x\r\nt=0 0\r\n${media}`;
  return `${OK}Content-Type: application/sdp\r\nContent-Length: ${sdp.length}\r\n\r\n${sdp}`;
}

const H264 = 'm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:trackID=0\r\n';
const PLAYING = {
  OPTIONS: `${OK}Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN\r\n\r\n`,
  DESCRIBE: describeAnswer(H264),
  SETUP: `${OK}Session: 1;timeout=60\r\nTransport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n\r\n`,
  PLAY: `${OK}Session: 1\r\n\r\n`,
};

test('a server that accepts and says nothing: timeout, in time', async () => {
  const url = await tcpServer(() => {});
  const startedAt = performance.now();
  const error = await failureOf(url, 400);
  expect(error.kind).toBe('timeout');
  expect(performance.now() - startedAt).toBeLessThan(3000);
});

test('a server that falls silent after DESCRIBE: timeout', async () => {
  const url = await tcpServer(camera({ OPTIONS: PLAYING.OPTIONS, DESCRIBE: PLAYING.DESCRIBE }));
  expect((await failureOf(url, 400)).kind).toBe('timeout');
});

test('a camera that starts to play and sends no packet: timeout of reading', async () => {
  const url = await tcpServer(camera(PLAYING));
  const session = await openRtspSession({ url, readTimeoutMs: 300, onPacket: () => {} });
  const error = await session.closed;
  expect(error?.kind).toBe('timeout');
  expect(error?.message).toContain('sent nothing for 0.3 s');
});

test('a camera that plays can be closed although it sends nothing', async () => {
  const url = await tcpServer(camera(PLAYING));
  const session = await openRtspSession({ url, onPacket: () => {} });
  await session.close();
  await session.close();
  expect(await session.closed).toBeNull();
});

test('connection refused', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  expect((await failureOf(`rtsp://a:geheim77@127.0.0.1:${port}/x`)).kind).toBe('refused');
});

test('a server that closes the connection at once: refused', async () => {
  expect((await failureOf(await tcpServer((socket) => socket.end()))).kind).toBe('refused');
});

test('a server that answers in another protocol: corrupt', async () => {
  const url = await tcpServer((socket) =>
    socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'),
  );
  expect((await failureOf(url)).kind).toBe('corrupt');
});

test('a name that does not exist: unreachable', async () => {
  expect((await failureOf('rtsp://a:geheim77@no-such-camera.invalid/x')).kind).toBe('unreachable');
});

test('an address that is none: unreachable, and it is not repeated', async () => {
  expect((await failureOf('http://a:geheim77@camera/x')).kind).toBe('unreachable');
  expect((await failureOf('geheim77')).kind).toBe('unreachable');
});

test('503 is a refusal', async () => {
  const declined = 'RTSP/1.0 503 Service Unavailable\r\nCSeq: CSEQ\r\n\r\n';
  const url = await tcpServer(camera({ OPTIONS: PLAYING.OPTIONS, DESCRIBE: declined }));
  expect((await failureOf(url)).kind).toBe('refused');
});

test('a stream with sound only: no_video', async () => {
  const audio = 'm=audio 0 RTP/AVP 0\r\na=control:trackID=0\r\n';
  const url = await tcpServer(camera({ ...PLAYING, DESCRIBE: describeAnswer(audio) }));
  expect((await failureOf(url)).kind).toBe('no_video');
});

test('motion JPEG: unsupported_codec', async () => {
  const jpeg = 'm=video 0 RTP/AVP 26\r\na=rtpmap:26 JPEG/90000\r\na=control:trackID=0\r\n';
  const url = await tcpServer(camera({ ...PLAYING, DESCRIBE: describeAnswer(jpeg) }));
  expect((await failureOf(url)).kind).toBe('unsupported_codec');
});

test('a connection that breaks in the middle: ended', async () => {
  const url = await tcpServer((socket) => {
    camera(PLAYING)(socket);
    socket.on('data', (chunk) => {
      if (chunk.toString('latin1').startsWith('PLAY')) setImmediate(() => socket.destroy());
    });
  });
  const session = await openRtspSession({ url, onPacket: () => {} });
  expect((await session.closed)?.kind).toBe('ended');
});

test('rubbish instead of packets does not crash the process', async () => {
  const url = await tcpServer((socket) => {
    camera(PLAYING)(socket);
    socket.on('data', (chunk) => {
      if (!chunk.toString('latin1').startsWith('PLAY')) return;
      const rubbish = Buffer.from(Array.from({ length: 20_000 }, (_, i) => (i * 7919) % 256));
      rubbish.write('$\0\x01\x00', 0, 'latin1');
      setImmediate(() => socket.end(rubbish));
    });
  });
  const session = await openRtspSession({ url, readTimeoutMs: 2000, onPacket: () => {} });
  expect(['ended', 'corrupt', 'timeout']).toContain((await session.closed)?.kind);
});

test('connecting can be given up', async () => {
  const stop = new AbortController();
  const url = await tcpServer(() => stop.abort());
  const opening = openRtspSession({ url, signal: stop.signal, onPacket: () => {} });
  await expect(opening).rejects.toMatchObject({ kind: 'ended' });
});
