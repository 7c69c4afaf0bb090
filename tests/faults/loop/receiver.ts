/**
 * A platform at the other end: a real HTTP server that keeps what it was sent, by its key. It takes every tenth event and breaks the line
 * before it answers, as a platform does that is killed: the sender cannot know, and sends it again.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface Receiver {
  url: string;
  /** Key of the delivery → bodies as they came. */
  received: Map<string, string[]>;
  /** Signatures that did not fit. */
  forged: number;
  /** Events that were taken without an answer. */
  cutOff: number;
}

const CUT_OFF_EVERY = 10;

/** @param secret base64, after `whsec_` */
export async function startReceiver(secret: string): Promise<Receiver> {
  const receiver: Receiver = { url: '', received: new Map(), forged: 0, cutOff: 0 };
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const {
      'webhook-id': id = '',
      'webhook-timestamp': time,
      'webhook-signature': signed = '',
    } = request.headers;
    const right = createHmac('sha256', Buffer.from(secret, 'base64'))
      .update(`${id}.${time}.${body}`)
      .digest('base64');
    const [expected, given] = [Buffer.from(`v1,${right}`), Buffer.from(String(signed))];
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) receiver.forged += 1;
    const key = String(id);
    const before = receiver.received.get(key) ?? [];
    receiver.received.set(key, [...before, body]);
    if (before.length === 0 && receiver.received.size % CUT_OFF_EVERY === 0) {
      receiver.cutOff += 1;
      request.socket.destroy();
      return;
    }
    response.writeHead(204).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`;
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return receiver;
}
