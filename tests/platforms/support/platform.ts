/** An outside platform: a real HTTP server that keeps what it receives, and the relay that sends to it. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Database } from '../../../services/db/database.ts';
import type { Sealer } from '../../../services/db/seal.ts';
import { allowedFrom } from '../../../services/outbound/address.ts';
import { createPlatformBrokers } from '../../../services/outbound/broker.ts';
import { createOutbound } from '../../../services/outbound/request.ts';
import { createSockets } from '../../../services/outbound/socket.ts';
import type { EventContext } from '../../../workers/outbox/webhooks/target.ts';
import { type Api, addAccount, type Call, caller } from '../../api/support.ts';
import { Events } from '../../support/events.ts';

export interface Received {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** What every event carries. */
export interface PlatformEvent {
  id: string;
  idempotencyKey: string;
  type: string;
  replay?: string;
  data: Record<string, unknown>;
  before: unknown;
  after: unknown;
}

export interface Platform {
  url: string;
  received: Events<Received>;
  /** Answers a request; 200 unless a test says otherwise. */
  answer: (request: Received, response: ServerResponse) => void;
  events(): PlatformEvent[];
  close(): Promise<void>;
}

export async function startPlatform(): Promise<Platform> {
  const received = new Events<Received>();
  const platform: Platform = {
    url: '',
    received,
    answer: (_request, response) => void response.writeHead(200).end(),
    events: () => received.seen.map(({ body }) => JSON.parse(body) as PlatformEvent),
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const { method = '', url = '', headers } = request;
    const one = { method, path: url, headers, body };
    platform.answer(one, response);
    received.push(one);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  platform.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return platform;
}

/** The relay's context; its clock is the test's. */
export function relayContext(db: Database, sealer: Sealer, now: () => Date, claimer = 'one'): EventContext {
  const allowed = allowedFrom(['127.0.0.1']);
  return {
    db,
    sealer,
    outbound: createOutbound(allowed),
    brokers: createPlatformBrokers(createSockets(allowed)),
    claimer,
    now,
    random: () => 0.5,
  };
}

/** Calls of somebody; `keyed` sends an Idempotency-Key along, a new one unless it is given. */
export interface Caller {
  call: Call;
  keyed(what: string, payload: unknown, key?: string): ReturnType<Call>;
}

/** An account of a platform, signed in by a service token. */
export async function addPlatform(
  api: Api,
  operator: Call,
  username: string,
  regionId: string,
): Promise<Caller> {
  const id = await addAccount(api, username, 'platform', { regionId });
  const made = await operator(`POST /accounts/${id}/tokens`, { name: 'test' });
  return callerWithKeys(api, made.json<{ token: string }>().token);
}

export function callerWithKeys(api: Api, token: string): Caller {
  return {
    call: caller(api, token),
    async keyed(what, payload, key = randomUUID()) {
      const [method, path] = what.split(' ');
      return await api.app.inject({
        method: method as 'POST',
        url: `/api/v1${path}`,
        headers: { authorization: `Bearer ${token}`, 'idempotency-key': key },
        payload: payload as Record<string, unknown>,
      });
    },
  };
}
