import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { IncomingHttpHeaders } from 'node:http';
import mqtt, { type MqttClient } from 'mqtt';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { appendEvent } from '../../services/db/events.ts';
import { hashGatewaySecret } from '../../services/db/gateway-secret.ts';
import { sign } from '../../services/domain/webhook-signature.ts';
import { type EventContext, relayDue } from '../../workers/outbox/webhooks/target.ts';
import { as, type Call, useApi } from '../api/support.ts';
import { type Mosquitto, startMosquitto } from '../gateway/support/mosquitto.ts';
import { Events } from '../support/events.ts';
import { type Kitchen, seedKitchen } from '../support/kitchen.ts';
import { cleanEnv, startProcess } from '../support/process.ts';
import { type Platform, type PlatformEvent, relayContext, startPlatform } from './support/platform.ts';

const api = useApi();
let operator: Call;
let kitchen: Kitchen;
let platform: Platform;
let context: EventContext;
let clock: Date;
const later = (seconds: number): void => {
  clock = new Date(clock.getTime() + seconds * 1000);
};
const keyOf = (bytes: number): string => `whsec_${Buffer.alloc(bytes, 7).toString('base64')}`;
/** Device tickets: events of their own that nothing else makes. */
const append = async (n = 1): Promise<void> => {
  for (let i = 0; i < n; i += 1)
    await appendEvent(api().context.db, {
      type: 'finding.created',
      regionPath: kitchen.regionPath,
      merchantId: kitchen.merchantId,
      payload: { findingId: `f${i}`, before: null, after: { state: 'pending_review' } },
    });
};
const add = async (body: object): Promise<string> => {
  const answer = await operator('POST /webhooks', { name: 'platform', ...body });
  expect(answer.statusCode, answer.body).toBe(201);
  return answer.json<{ id: string }>().id;
};

beforeAll(async () => {
  operator = await as(api(), 'root', 'operator');
  kitchen = await seedKitchen(api().context.db);
});
beforeEach(async () => {
  platform = await startPlatform();
  clock = new Date(Date.now() + 1000);
  context = relayContext(api().context.db, api().context.sealer, () => clock);
});
afterEach(async () => {
  await context.brokers.close();
  await platform.close();
  const { db } = api().context;
  await db.deleteFrom('outbox').execute();
  await db.deleteFrom('delivery_replay').execute();
  await db.deleteFrom('event').execute();
  await db.deleteFrom('webhook').execute();
});

describe("a platform's own broker", () => {
  let broker: Mosquitto;
  let listener: MqttClient;
  let heard: Events<{ topic: string; event: PlatformEvent; qos: number }>;
  const login = { username: 'mingzao', password: 'of the broker' };

  const listen = async (): Promise<void> => {
    broker = await startMosquitto({
      'mosquitto.conf':
        'allow_anonymous false\npassword_file /etc/mosquitto/password_file\npersistence true\n',
      password_file: `mingzao:${await hashGatewaySecret(login.password)}\n`,
    });
    listener = await mqtt.connectAsync(broker.url, { ...login, protocolVersion: 4 });
    listener.on('message', (topic, payload, { qos }) =>
      heard.push({ topic, qos, event: JSON.parse(payload.toString()) as PlatformEvent }),
    );
    await listener.subscribeAsync('bureau/mingzao/#', { qos: 1 });
  };
  beforeEach(async () => {
    heard = new Events();
    await listen();
  });
  afterEach(async () => {
    await listener.endAsync(true);
    await broker.stop();
  });
  const row = () => api().context.db.selectFrom('outbox').selectAll().executeTakeFirstOrThrow();

  it('receives every event once on its topic, QoS 1', async () => {
    await add({ url: broker.url, topicPrefix: 'bureau/mingzao', broker: login });
    await append(3);
    await relayDue(context);
    await relayDue(context);
    await heard.until((seen) => seen.length >= 3);
    expect(heard.seen).toHaveLength(3);
    expect(heard.seen[0]).toMatchObject({
      topic: 'bureau/mingzao/event/finding.created',
      qos: 1,
      event: {
        schemaVersion: 1,
        type: 'finding.created',
        region: kitchen.regionPath,
        merchant: { id: kitchen.merchantId, code: kitchen.merchantCode },
        after: { state: 'pending_review' },
      },
    });
    expect(await row()).toMatchObject({ state: 'delivered', attempts: 1, last_error: null });
  });

  it('that is down or refuses is named in plain words, and gets it later under the same key', async () => {
    const id = await add({
      url: broker.url,
      topicPrefix: 'bureau/mingzao',
      broker: { ...login, password: 'no' },
    });
    await append();
    await relayDue(context);
    expect(await row()).toMatchObject({
      state: 'pending',
      last_error: expect.stringMatching(/refuses: .*[Nn]ot authorized/),
    });
    await operator(`PATCH /webhooks/${id}`, { broker: login });
    await broker.stop();
    later(10);
    await relayDue(context);
    expect((await row()).last_error).toMatch(/^cannot be reached: ECONNREFUSED/);
    const { idempotency_key: key } = await row();
    await listener.endAsync(true);
    await listen();
    await operator(`PATCH /webhooks/${id}`, { url: broker.url });
    later(60);
    await relayDue(context);
    await heard.until((seen) => seen.length >= 1);
    expect(heard.seen[0]?.event.idempotencyKey).toBe(key);
    expect(await row()).toMatchObject({ state: 'delivered', attempts: 3 });
  });

  it('on a private network is refused unless it is allowed', async () => {
    await add({ url: 'mqtt://10.1.2.3', topicPrefix: 'bureau/mingzao' });
    await append();
    await relayDue(context);
    expect((await row()).last_error).toMatch(/10\.1\.2\.3 is not a public address/);
  });
});

describe('bad input', () => {
  it.each([
    [{ url: 'mqtt://broker.example' }, 'topicPrefix'],
    [{ url: 'mqtt://broker.example', topicPrefix: 'bureau/#' }, 'topicPrefix'],
    [{ url: 'https://platform.example', topicPrefix: 'bureau/x' }, 'topicPrefix'],
    [{ url: 'https://platform.example', broker: { username: 'a', password: 'b' } }, 'broker'],
    [{ url: 'mqtt://me:secret@broker.example', topicPrefix: 'bureau/x' }, 'url'],
    [{ url: 'https://platform.example', account: 'nobody' }, 'account'],
    // What base64 would make nothing, or next to nothing, of; too few bytes; too many; bytes without the sign of what they are.
    [{ url: 'https://platform.example', secret: '!'.repeat(16) }, 'secret'],
    [{ url: 'https://platform.example', secret: '市场监督管理局的密钥一二三四五六' }, 'secret'],
    [{ url: 'https://platform.example', secret: 'a secret of thirty-two characters' }, 'secret'],
    [{ url: 'https://platform.example', secret: `whsec_${'!'.repeat(32)}` }, 'secret'],
    [{ url: 'https://platform.example', secret: keyOf(23) }, 'secret'],
    [{ url: 'https://platform.example', secret: keyOf(65) }, 'secret'],
    [{ url: 'https://platform.example', secret: keyOf(32).slice('whsec_'.length) }, 'secret'],
  ])('%j names the field', async (body, field) => {
    const answer = await operator('POST /webhooks', { name: 'wrong', ...body });
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ errors: [{ field }] });
  });
});

describe('a signing secret', () => {
  it('is changed to nothing else than a key', async () => {
    const id = await add({ url: 'https://platform.example', secret: keyOf(24) });
    const wrong = await operator(`PATCH /webhooks/${id}`, { secret: '一二三四五六七八九十一二三四五六' });
    expect(wrong.json()).toMatchObject({ status: 400, errors: [{ field: 'secret' }] });
    expect(wrong.body).not.toContain('一二三四');
    expect((await operator(`PATCH /webhooks/${id}`, { secret: keyOf(64) })).statusCode).toBe(200);
  });

  it.each([
    ['made here', undefined],
    ['kept from before there was a form', 'Zx9_-bare-base64url-of-43-characters-as-it-was-'],
  ])('%s signs with the bytes that its base64 says', async (_, old) => {
    const answer = await operator('POST /webhooks', { name: 'platform', url: `${platform.url}/hook` });
    const { id, secret } = answer.json<{ id: string; secret: string }>();
    if (old !== undefined) {
      const { db, sealer } = api().context;
      const sealed = { secret_sealed: sealer.seal(old) };
      await db.updateTable('webhook').set(sealed).where('id', '=', id).execute();
    }
    await append();
    await relayDue(context);
    const { headers, body } = platform.received.seen[0] ?? { headers: {} as IncomingHttpHeaders, body: '' };
    const key = Buffer.from(old ?? secret.slice('whsec_'.length), old === undefined ? 'base64' : 'base64url');
    const text = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
    const right = createHmac('sha256', key).update(text).digest('base64');
    expect(headers['webhook-signature']).toBe(`v1,${right}`);
    expect(key.length).toBeGreaterThanOrEqual(32);
  });

  it('gives what docs/platforms.md says of its example', async () => {
    const docs = await readFile('docs/platforms.md', 'utf8');
    const said = /the secret `(whsec_\S+)`, id `(\S+)`,\s+timestamp `(\d+)` and body `(\S+)` give `(\S+)`/;
    const [, secret = '', id = '', time = '', body = '', signature] = said.exec(docs) ?? [];
    expect(sign(secret, id, Number(time), body)).toBe(signature);
  });
});

describe('a relay that is killed', () => {
  it('leaves nothing undelivered; what comes twice carries the same key', { timeout: 60_000 }, async () => {
    await add({ url: `${platform.url}/hook` });
    await append(3);
    // Received, and never answered: the relay is killed in the middle of its sending.
    platform.answer = () => {};
    const relay = startProcess(process.execPath, ['workers/outbox/main.ts'], {
      env: {
        ...cleanEnv(),
        DATABASE_URL: api().databaseUrl,
        MQTT_URL: 'mqtt://127.0.0.1:1',
        OBJECT_STORE_URL: `file://${api().folder}`,
        MINGZAO_SECRET_KEY: api().context.config.secretKey.toString('hex'),
        MINGZAO_OUTBOUND_ALLOW: '127.0.0.1',
      },
    });
    await platform.received.until((seen) => seen.length >= 3);
    relay.signal('SIGKILL');
    await relay.ended;
    platform.answer = (_request, response) => void response.writeHead(200).end();
    clock = new Date(Date.now() + 60_000);
    await relayDue(context);
    const times = new Map<string, number>();
    for (const { idempotencyKey } of platform.events())
      times.set(idempotencyKey, (times.get(idempotencyKey) ?? 0) + 1);
    expect([...times.values()]).toEqual([2, 2, 2]);
  });
});

describe('a replay', () => {
  const day = { from: '2020-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z' };

  it('delivers the period again in order, one at a time, under the same ids and keys, marked', async () => {
    const id = await add({ url: `${platform.url}/hook` });
    await append(5);
    await relayDue(context);
    const first = platform.events().sort((a, b) => Number(a.id) - Number(b.id));
    platform.received.seen.length = 0;

    const asked = await operator(`POST /webhooks/${id}/replay`, { ...day, perMinute: 60 });
    expect(asked.statusCode, asked.body).toBe(201);
    expect(asked.json()).toMatchObject({ events: 5, pending: 5, delivered: 0, perMinute: 60 });
    const replay = asked.json<{ id: string }>().id;
    clock = new Date(api().clock.now().getTime() + 1000 * 86_400 * 365);
    const counts: number[] = [];
    for (let second = 0; second < 6; second += 1) {
      await relayDue(context);
      // Asked twice within the second, it keeps to its rate.
      await relayDue(context);
      counts.push(platform.received.seen.length);
      later(1);
    }
    expect(counts).toEqual([1, 2, 3, 4, 5, 5]);
    const again = platform.events();
    expect(again.map(({ id: event, idempotencyKey }) => [event, idempotencyKey])).toEqual(
      first.map(({ id: event, idempotencyKey }) => [event, idempotencyKey]),
    );
    expect(again.every((event) => event.replay === replay)).toBe(true);
    expect(platform.received.seen[0]?.headers).toMatchObject({
      'mingzao-replay': replay,
      'idempotency-key': first[0]?.idempotencyKey,
    });
    const list = await operator(`GET /webhooks/${id}/replays`);
    expect(list.json()).toMatchObject({
      items: [{ id: replay, delivered: 5, pending: 0, requestedBy: 'root' }],
    });
  });

  it('waits with the rest while the platform does not answer, and can be stopped', async () => {
    const id = await add({ url: `${platform.url}/hook` });
    await append(3);
    await relayDue(context);
    const replay = (await operator(`POST /webhooks/${id}/replay`, day)).json<{ id: string }>().id;
    platform.received.seen.length = 0;
    platform.answer = (_request, response) => void response.writeHead(503).end();
    clock = new Date(Date.now() + 60_000);
    await relayDue(context);
    await relayDue(context);
    expect(platform.events()).toHaveLength(1);
    // A new event does not wait for the old ones.
    platform.answer = (_request, response) => void response.writeHead(200).end();
    await append();
    await relayDue(context);
    expect(platform.events().map((event) => event.replay === undefined)).toEqual([false, true]);
    const stopped = await operator(`POST /replays/${replay}/cancel`);
    expect(stopped.json()).toMatchObject({ pending: 0, cancelledAt: expect.any(String) });
    expect((await operator(`POST /replays/${replay}/cancel`)).statusCode).toBe(409);
  });

  it('of a time in which the webhook did not exist gives events keys that stay the same', async () => {
    await append(2);
    const id = await add({ url: `${platform.url}/hook` });
    clock = new Date(Date.now() + 86_400_000);
    for (let round = 0; round < 2; round += 1) {
      await operator(`POST /webhooks/${id}/replay`, { ...day, perMinute: 1200 });
      for (let i = 0; i < 2; i += 1) {
        await relayDue(context);
        later(1);
      }
    }
    const keys = platform.events().map(({ idempotencyKey }) => idempotencyKey);
    expect(keys).toHaveLength(4);
    expect(keys.slice(2)).toEqual(keys.slice(0, 2));
  });

  it.each([
    [{ from: '2026-01-02T00:00:00Z', to: '2026-01-01T00:00:00Z' }, 'to'],
    [{ from: 'yesterday', to: '2026-01-01T00:00:00Z' }, 'from'],
    [{ ...day, types: ['task.exploded'] }, 'types.0'],
    [{ ...day, perMinute: 0 }, 'perMinute'],
  ])('asked with %j names the field', async (body, field) => {
    const id = await add({ url: `${platform.url}/hook` });
    const answer = await operator(`POST /webhooks/${id}/replay`, body);
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ errors: [{ field }] });
  });
});
