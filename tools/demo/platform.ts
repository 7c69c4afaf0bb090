import { createHmac, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Stands for the supervision platform: receives webhooks, checks their signature and says what it was told. */
export interface DemoPlatform {
  url: string;
  close(): void;
}

/** @param secret base64, after `whsec_` */
export async function startPlatform(
  secret: string,
  told: (type: string, data: Record<string, unknown>) => void,
): Promise<DemoPlatform> {
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const {
      'webhook-id': id,
      'webhook-timestamp': time,
      'webhook-signature': signature = '',
    } = request.headers;
    const expected = `v1,${createHmac('sha256', Buffer.from(secret, 'base64')).update(`${id}.${time}.${body}`).digest('base64')}`;
    const given = Buffer.from(String(signature));
    const right = given.length === expected.length && timingSafeEqual(given, Buffer.from(expected));
    response.writeHead(right ? 204 : 401).end();
    if (!right) return;
    const event = JSON.parse(body) as { type: string; data: Record<string, unknown> };
    told(event.type, event.data);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mingzao`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
