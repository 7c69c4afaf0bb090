/** An outside company's server: what it was sent, and what it answers. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
  /** Of the test's clock. */
  text: string;
}

export interface Answer {
  status?: number;
  json?: unknown;
  text?: string;
  headers?: Record<string, string>;
  /** Taken, but the connection breaks before the answer. */
  hang?: boolean;
}

export interface Company {
  url: string;
  received: Received[];
  answer: (received: Received) => Answer;
  close(): void;
}

export async function startCompany(): Promise<Company> {
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = Buffer.concat(parts);
    const message: Received = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      body,
      text: body.toString('utf8'),
    };
    company.received.push(message);
    const { status = 200, json, text = '', headers = {}, hang } = company.answer(message);
    if (hang) return void request.socket.destroy();
    response.writeHead(status, headers).end(json === undefined ? text : JSON.stringify(json));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const company: Company = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received: [],
    answer: () => ({ json: { errcode: 0, errmsg: 'ok' } }),
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
  return company;
}
