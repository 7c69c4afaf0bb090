import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Database, type OpenDatabase, openDatabase } from '../../services/db/database.ts';
import { retryDeadOf } from '../../services/db/dead-letters.ts';
import { appendEvent } from '../../services/db/events.ts';
import { createSealer } from '../../services/db/seal.ts';
import { allowedFrom } from '../../services/outbound/address.ts';
import { createPlatformBrokers } from '../../services/outbound/broker.ts';
import { createOutbound } from '../../services/outbound/request.ts';
import { MAX_ATTEMPTS } from '../../workers/outbox/backoff.ts';
import { type EventContext, relayDue } from '../../workers/outbox/webhooks/target.ts';
import { type Kitchen, seedKitchen } from '../support/kitchen.ts';
import { useTestDatabase } from '../support/postgres.ts';

const url = useTestDatabase();
const sealer = createSealer(Buffer.alloc(32, 7));
const SECRET = `whsec_${Buffer.from('a secret of the platform').toString('base64')}`;

interface Received {
  headers: IncomingHttpHeaders;
  body: string;
}

let opened: OpenDatabase;
let db: Database;
let kitchen: Kitchen;
let platform: Server;
let received: Received[];
let answer: (received: Received) => { status: number; body?: string; hang?: boolean };
let clock: Date;
let webhookId: string;

const brokers = createPlatformBrokers(() => {
  throw new Error('no broker here');
});
const context = (claimer = 'one'): EventContext => ({
  db,
  sealer,
  outbound: createOutbound(allowedFrom(['127.0.0.1'])),
  brokers,
  claimer,
  now: () => clock,
  random: () => 0.5,
});
const later = (seconds: number): void => {
  clock = new Date(clock.getTime() + seconds * 1000);
};
const append = async (n = 1): Promise<void> => {
  for (let i = 0; i < n; i += 1) {
    await appendEvent(db, {
      type: 'finding.created',
      regionPath: kitchen.regionPath,
      merchantId: kitchen.merchantId,
      payload: { findingId: `f${i}`, kind: 'no_hat', before: null, after: { state: 'pending_review' } },
    });
  }
};
const row = async () => await db.selectFrom('outbox').selectAll().orderBy('id').executeTakeFirstOrThrow();

beforeAll(async () => {
  opened = openDatabase(url());
  db = opened.db;
  kitchen = await seedKitchen(db);
  platform = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const message = { headers: request.headers, body };
    received.push(message);
    const { status, body: text = '', hang } = answer(message);
    if (hang) return request.socket.destroy();
    response.writeHead(status).end(text);
  });
  platform.listen(0, '127.0.0.1');
  await once(platform, 'listening');
});
afterAll(async () => {
  platform.close();
  await opened.close();
});
beforeEach(async () => {
  received = [];
  answer = () => ({ status: 200 });
  clock = new Date(Date.now() + 1000);
  const row = await db
    .insertInto('webhook')
    .values({
      name: 'platform',
      url: `http://127.0.0.1:${(platform.address() as AddressInfo).port}/hook`,
      secret_sealed: sealer.seal(SECRET),
      region_id: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  webhookId = row.id;
});
afterEach(async () => {
  await db.deleteFrom('outbox').execute();
  await db.deleteFrom('event').execute();
  await db.deleteFrom('webhook').execute();
});

describe('a platform that answers', () => {
  it('receives each event once, signed over id, time and body', async () => {
    await append(3);
    await relayDue(context());
    await relayDue(context());
    expect(received).toHaveLength(3);
    const [first] = received;
    if (first === undefined) throw new Error('nothing came');
    const { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': signature } = first.headers;
    const key = Buffer.from(SECRET.slice('whsec_'.length), 'base64');
    const expected = createHmac('sha256', key).update(`${id}.${time}.${first.body}`).digest('base64');
    expect(signature).toBe(`v1,${expected}`);
    expect(first.headers['idempotency-key']).toBe(id);
    expect(JSON.parse(first.body)).toMatchObject({
      schemaVersion: 1,
      type: 'finding.created',
      region: kitchen.regionPath,
      before: null,
      after: { state: 'pending_review' },
      data: { findingId: 'f0', kind: 'no_hat' },
    });
    expect(await row()).toMatchObject({ state: 'delivered', attempts: 1, last_status: 200 });
  });

  it('receives each event from one of two relays', async () => {
    await append(60);
    const sent = await Promise.all([relayDue(context('one')), relayDue(context('two'))]);
    expect(sent.flat().filter(({ ok }) => !ok)).toEqual([]);
    const keys = received.map(({ headers }) => headers['idempotency-key']);
    expect([keys.length, new Set(keys).size]).toEqual([60, 60]);
  });
});

describe('a platform in trouble', () => {
  it('is tried again later with the same key, and the waits grow', async () => {
    await append();
    answer = () => ({ status: 503, body: 'come back' });
    const waits: number[] = [];
    for (let i = 0; i < 4; i += 1) {
      await relayDue(context());
      const { next_at, last_error } = await row();
      expect(last_error).toBe('the receiver answered 503: come back');
      waits.push((next_at.getTime() - clock.getTime()) / 1000);
      later(waits[i] ?? 0);
    }
    expect(waits).toEqual([5, 10, 20, 40]);
    answer = () => ({ status: 204 });
    await relayDue(context());
    expect(new Set(received.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
    expect(await row()).toMatchObject({ state: 'delivered', attempts: 5, last_error: null });
  });

  it('ends as a dead letter that an operator can send again', async () => {
    await append();
    answer = () => ({ status: 500 });
    for (let i = 0; i < MAX_ATTEMPTS; i += 1) {
      await relayDue(context());
      later(3 * 3600);
    }
    expect(received).toHaveLength(MAX_ATTEMPTS);
    const dead = await row();
    expect(dead.state).toBe('dead');
    await relayDue(context());
    expect(received).toHaveLength(MAX_ATTEMPTS);
    answer = () => ({ status: 200 });
    const again = () =>
      db.transaction().execute((tx) => retryDeadOf(tx, sql`outbox.id = ${dead.id}::bigint`, clock));
    expect(await again()).toEqual([dead.id]);
    expect(await again()).toEqual([]);
    await relayDue(context());
    expect(await row()).toMatchObject({ state: 'delivered', idempotency_key: dead.idempotency_key });
  });

  it('is not asked again after 410 Gone', async () => {
    await append();
    answer = () => ({ status: 410 });
    await relayDue(context());
    expect((await row()).state).toBe('dead');
  });

  it('that breaks the connection or cannot be reached is named in plain words', async () => {
    await append();
    answer = () => ({ status: 200, hang: true });
    await relayDue(context());
    expect(await row()).toMatchObject({
      last_status: null,
      last_error: expect.stringMatching(/^cannot be reached: /),
    });
    await db.updateTable('webhook').set({ url: 'http://127.0.0.1:1/' }).where('id', '=', webhookId).execute();
    later(60);
    await relayDue(context());
    expect((await row()).last_error).toMatch(/^cannot be reached: /);
  });
});

it('takes over what a relay that died had claimed, once its lease ends', async () => {
  await append();
  await db
    .updateTable('outbox')
    .set({ claimed_by: 'dead', claimed_until: new Date(clock.getTime() + 10_000) })
    .execute();
  await relayDue(context());
  expect(received).toHaveLength(0);
  later(11);
  await relayDue(context());
  expect(received).toHaveLength(1);
});

it('says so when the secret was sealed with another key', async () => {
  await append();
  await db
    .updateTable('webhook')
    .set({ secret_sealed: createSealer(Buffer.alloc(32, 1)).seal('x') })
    .where('id', '=', webhookId)
    .execute();
  await relayDue(context());
  expect((await row()).last_error).toMatch('MINGZAO_SECRET_KEY');
});
