import { lookup } from 'node:dns/promises';
import { connect, type Socket } from 'node:net';
import type { RtspAddress } from './address.ts';
import { RtspError } from './error.ts';

/**
 * Says why a camera that FFmpeg could not open does not answer. FFmpeg returns one code ("invalid data") for a silent
 * server, a closed connection, a missing route and another protocol; one plain connection with one OPTIONS request tells
 * them apart. Never throws: the answer is the error. Takes at most `withinMs`.
 */
export async function diagnose(address: RtspAddress, withinMs: number): Promise<RtspError> {
  const { host, port, shown } = address;
  try {
    await lookup(host);
  } catch {
    return new RtspError('unreachable', `${shown}: the name ${host} cannot be resolved`);
  }
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    let connected = false;
    const settle = (error: RtspError): void => {
      clearTimeout(late);
      socket.destroy();
      resolve(error);
    };
    const late = setTimeout(() => {
      const what = connected ? 'accepts the connection but does not answer' : 'does not answer';
      settle(new RtspError('timeout', `${shown}: ${what}`));
    }, withinMs);
    socket.once('connect', () => {
      connected = true;
      askOptions(socket, address);
    });
    socket.once('data', (chunk) => settle(judgeAnswer(shown, chunk)));
    socket.once('error', (error: NodeJS.ErrnoException) => settle(connectionError(shown, error.code)));
    socket.once('end', () => settle(new RtspError('refused', `${shown}: closes the connection at once`)));
  });
}

/** RFC 2326 §10.1. Without the account: it belongs to no plain request. */
function askOptions(socket: Socket, { host, port }: RtspAddress): void {
  const shownHost = host.includes(':') ? `[${host}]` : host;
  socket.write(`OPTIONS rtsp://${shownHost}:${port}/ RTSP/1.0\r\nCSeq: 1\r\nUser-Agent: Mingzao\r\n\r\n`);
}

function judgeAnswer(shown: string, chunk: Buffer): RtspError {
  const head = chunk.toString('latin1', 0, 64);
  if (!head.startsWith('RTSP/1.0')) {
    return new RtspError('corrupt', `${shown}: answers, but not in RTSP`);
  }
  return new RtspError('corrupt', `${shown}: describes its stream in a way that cannot be read`);
}

/** An error of the operating system at connecting or reading, by its code (`ECONNREFUSED`, …). */
function connectionError(shown: string, code: string | undefined): RtspError {
  switch (code) {
    case 'ECONNREFUSED':
      return new RtspError('refused', `${shown}: connection refused`);
    case 'ECONNRESET':
    case 'EPIPE':
      return new RtspError('refused', `${shown}: closes the connection at once`);
    case 'ETIMEDOUT':
      return new RtspError('timeout', `${shown}: does not answer`);
    default:
      return new RtspError('unreachable', `${shown}: cannot be reached (${code ?? 'unknown error'})`);
  }
}
