/** Orders of platforms over their own broker: a real Mosquitto, the API's own lines, the platform as an MQTT client. */
import { randomUUID } from 'node:crypto';
import mqtt, { type MqttClient } from 'mqtt';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { type PlatformLines, startPlatformLines } from '../../services/api/platform-line/lines.ts';
import { hashGatewaySecret } from '../../services/db/gateway-secret.ts';
import { sign } from '../../services/domain/webhook-signature.ts';
import { allowedFrom } from '../../services/outbound/address.ts';
import { createSockets } from '../../services/outbound/socket.ts';
import { addAccount, as, type Call, useApi } from '../api/support.ts';
import { type Mosquitto, startMosquitto } from '../gateway/support/mosquitto.ts';
import { Events } from '../support/events.ts';
import { type Kitchen, seedKitchen } from '../support/kitchen.ts';
import { issueTask, type People, seedPeople } from '../task-life/support/tasks.ts';

interface Answer {
  id: string | null;
  status: number;
  done?: Record<string, unknown>;
  problem?: { errors?: { field: string }[]; why?: string };
}

const api = useApi();
const secret = `whsec_${Buffer.from('a secret of the platform').toString('base64')}`;
const prefix = 'bureau/mingzao';
let operator: Call;
let kitchen: Kitchen;
let people: People;
let broker: Mosquitto;
let platform: MqttClient;
let answers: Events<Answer>;
let lines: PlatformLines | undefined;
let webhook: string;
let task: { id: string; number: string };

const listen = (holder = 'one'): PlatformLines =>
  startPlatformLines(api().context, {
    open: createSockets(allowedFrom(['127.0.0.1'])),
    holder,
    everyMs: 3_600_000,
  });
const signed = (body: string, id: string = randomUUID(), hoursOld = 0) => {
  const timestamp = Math.floor(api().clock.now().getTime() / 1000) - hoursOld * 3600;
  return { id, timestamp, body, signature: sign(secret, id, timestamp, body) };
};
const order = (command: object, id?: string, hoursOld?: number) =>
  signed(JSON.stringify({ task: task.number, ...command }), id, hoursOld);
/** Says it on the platform's topic. @returns the next answer */
const say = async (message: object | string | null): Promise<Answer> => {
  const nth = answers.seen.length;
  const text = typeof message === 'string' ? message : JSON.stringify(message);
  await platform.publishAsync(`${prefix}/cmd`, text, { qos: 1 });
  await answers.until((seen) => seen.length > nth);
  return answers.seen[nth] as Answer;
};
const comments = async () =>
  await api()
    .context.db.selectFrom('history')
    .select(['note', 'actor_id'])
    .where('entity_id', '=', task.id)
    .where('command', '=', 'comment')
    .execute();
const state = async () =>
  (await operator(`GET /webhooks/${webhook}`)).json<{ orders: { state: string; error: string } | null }>()
    .orders;

beforeAll(async () => {
  operator = await as(api(), 'root', 'operator');
  kitchen = await seedKitchen(api().context.db);
  people = await seedPeople(api().context.db, kitchen);
  await addAccount(api(), 'city', 'platform', { regionId: kitchen.regionId });
});
beforeEach(async () => {
  const { db } = api().context;
  const id = await issueTask(db, kitchen, people, api().clock.now());
  task = await db.selectFrom('task').select(['id', 'number']).where('id', '=', id).executeTakeFirstOrThrow();
  broker = await startMosquitto({
    'mosquitto.conf':
      'allow_anonymous false\npassword_file /etc/mosquitto/password_file\nacl_file /etc/mosquitto/acl_file\npersistence true\n',
    password_file: `mingzao:${await hashGatewaySecret('ours')}\nbureau:${await hashGatewaySecret('theirs')}\n`,
    acl_file: `user mingzao\ntopic read ${prefix}/cmd\ntopic write ${prefix}/ack\nuser bureau\ntopic readwrite ${prefix}/#\n`,
  });
  answers = new Events();
  platform = await mqtt.connectAsync(broker.url, {
    username: 'bureau',
    password: 'theirs',
    protocolVersion: 4,
  });
  platform.on('message', (_topic, payload) => answers.push(JSON.parse(payload.toString()) as Answer));
  await platform.subscribeAsync(`${prefix}/ack`, { qos: 1 });
  const made = await operator('POST /webhooks', {
    name: 'city',
    url: broker.url,
    topicPrefix: prefix,
    broker: { username: 'mingzao', password: 'ours' },
    account: 'city',
    region: kitchen.regionPath,
    secret,
    orders: true,
  });
  expect(made.statusCode, made.body).toBe(201);
  webhook = made.json<{ id: string }>().id;
  lines = listen();
  await lines.round();
  expect(await state()).toMatchObject({ state: 'listening', error: '' });
});
afterEach(async () => {
  await lines?.close();
  await platform.endAsync(true);
  await broker.stop();
  await api().context.db.deleteFrom('outbox').execute();
  await api().context.db.deleteFrom('webhook').execute();
});

it('is carried out by the rules of the task, and answered as over HTTP', async () => {
  const taken = await say(order({ command: 'receipt', externalRef: '12345-7' }));
  expect(taken).toMatchObject({
    status: 200,
    done: { task: task.number, state: 'issued', version: 1, repeated: false, externalRef: '12345-7' },
  });
  const early = await say(order({ command: 'close', version: 1 }));
  expect(early).toMatchObject({
    status: 409,
    problem: { why: 'visit_required', state: 'issued', version: 1 },
  });
  expect((await say(order({ command: 'withdraw', version: 1, note: '重复' }))).done).toMatchObject({
    state: 'withdrawn',
    version: 2,
  });
  const kept = await operator('GET /platform/commands?limit=2');
  expect(kept.json()).toMatchObject({
    items: [
      { platform: 'city', via: 'mqtt', command: 'withdraw', done: true },
      { platform: 'city', via: 'mqtt', command: 'close', done: false, why: 'visit_required' },
    ],
  });
});

it('counts once, however often the broker brings it', async () => {
  const message = order({ command: 'comment', note: 'once' });
  expect((await say(message)).done).toMatchObject({ repeated: false });
  expect((await say(message)).done).toMatchObject({ repeated: true });
  expect(await comments()).toHaveLength(1);
  const other = await say(order({ command: 'comment', note: 'another' }, message.id));
  expect(other).toMatchObject({ id: message.id, status: 409, problem: { why: 'key_reused' } });
});

it('shares its keys with orders over HTTP', async () => {
  const made = await operator(`POST /accounts/${await accountId()}/tokens`, { name: 'http' });
  const message = order({ command: 'comment', note: 'both ways' });
  await say(message);
  const again = await api().app.inject({
    method: 'POST',
    url: '/api/v1/platform/commands',
    headers: {
      authorization: `Bearer ${made.json<{ token: string }>().token}`,
      'idempotency-key': message.id,
    },
    payload: { task: task.number, command: 'comment', note: 'both ways' },
  });
  expect(again.json()).toMatchObject({ repeated: true });
});

it('that is not signed, too old, kept by the broker, or of a disabled account does nothing', async () => {
  const good = order({ command: 'comment', note: 'x' });
  const tampered = { ...good, body: good.body.replace('"x"', '"y"') };
  expect(await say(tampered)).toMatchObject({ status: 401, problem: { errors: [{ field: 'signature' }] } });
  const old = order({ command: 'comment', note: 'x' }, undefined, 25);
  expect(await say(old)).toMatchObject({ status: 401, problem: { errors: [{ field: 'timestamp' }] } });
  const disabled = api().context.db.updateTable('account').where('username', '=', 'city');
  await disabled.set({ disabled: true }).execute();
  expect(await say(order({ command: 'comment', note: 'x' }))).toMatchObject({ status: 403 });
  await disabled.set({ disabled: false }).execute();
  // A retained one arrives as such when the line is opened.
  await lines?.close();
  await platform.publishAsync(`${prefix}/cmd`, JSON.stringify(order({ command: 'comment', note: 'x' })), {
    qos: 1,
    retain: true,
  });
  const before = answers.seen.length;
  lines = listen();
  await answers.until((seen) => seen.slice(before).some(({ status }) => status === 400));
  expect(answers.seen.at(-1)).toMatchObject({ problem: { errors: [{ field: 'retain' }] } });
});

it.each([
  ['not json', 400, 'message'],
  [null, 400, 'message'],
  [{ id: 'short', timestamp: 1, body: '{}', signature: 'v1,' }, 400, 'id'],
  [{ id: 'long enough', body: '{}', signature: 'v1,' }, 400, 'timestamp'],
  [{ id: 'long enough', timestamp: 1, body: {}, signature: 'v1,' }, 400, 'body'],
  [`"${'x'.repeat(40_000)}"`, 413, 'message'],
])('a message that is wrong is answered with the name of the field', async (message, status, field) => {
  expect(await say(message)).toMatchObject({ status, problem: { errors: [{ field }] } });
  expect((await say(order({ command: 'comment', note: 'goes on' }))).status).toBe(200);
});

it.each([
  ['not json', 'body'],
  ['[]', 'body'],
  ['{"task":"X","command":"explode"}', 'command'],
  ['{"task":"X","command":"close"}', 'version'],
  ['{"task":"X","command":"comment","note":"x","more":1}', 'more'],
])('an order like %j is answered with the field that is wrong', async (body, field) => {
  expect(await say(signed(body))).toMatchObject({ status: 400, problem: { errors: [{ field }] } });
});

it('outside of its regions there is no such task', async () => {
  const elsewhere = await seedKitchen(api().context.db);
  const there = await seedPeople(api().context.db, elsewhere);
  const id = await issueTask(api().context.db, elsewhere, there, api().clock.now());
  const { number } = await api()
    .context.db.selectFrom('task')
    .select('number')
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  const answer = await say(signed(JSON.stringify({ task: number, command: 'comment', note: 'x' })));
  expect(answer).toMatchObject({ status: 404 });
});

it("a town's line orders nothing beyond its town, though the account is the whole province's", async () => {
  const { context } = api();
  const { db } = context;
  const wide = db.updateTable('account').where('username', '=', 'city');
  await wide.set({ region_id: null }).execute();
  const elsewhere = await seedKitchen(db);
  const there = await seedPeople(db, elsewhere);
  const id = await issueTask(db, elsewhere, there, api().clock.now());
  const other = await db
    .selectFrom('task')
    .select(['number', 'version', 'state'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  for (const command of ['withdraw', 'return', 'close', 'comment']) {
    const body = { task: other.number, command, version: other.version, note: 'x', visited: true };
    const unknown = { ...body, task: 'ZG-20261121-999999' };
    const answer = await say(signed(JSON.stringify(body)));
    expect(answer).toMatchObject({ status: 404 });
    expect(answer.problem).toEqual((await say(signed(JSON.stringify(unknown)))).problem);
  }
  const now = await db
    .selectFrom('task')
    .select(['number', 'version', 'state'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  expect(now).toEqual(other);
  // Its own task, by the same account: yes.
  expect((await say(order({ command: 'comment', note: 'ours' }))).status).toBe(200);
  // A webhook for everywhere, which only one who has all regions can make, is bounded by the account alone.
  await db.updateTable('webhook').where('id', '=', webhook).set({ region_id: null }).execute();
  await lines?.round();
  const everywhere = signed(JSON.stringify({ task: other.number, command: 'comment', note: 'x' }));
  expect((await say(everywhere)).status).toBe(200);
  await wide.set({ region_id: kitchen.regionId }).execute();
});

it('waits at the broker while nobody listens, and one process at a time does', async () => {
  await lines?.close();
  const message = order({ command: 'comment', note: 'meanwhile' });
  await platform.publishAsync(`${prefix}/cmd`, JSON.stringify(message), { qos: 1 });
  lines = listen('two');
  await answers.until((seen) => seen.length > 0);
  expect(answers.seen[0]).toMatchObject({ id: message.id, status: 200 });
  const idle = listen('three');
  await idle.round();
  const { holder } = await api()
    .context.db.selectFrom('platform_line')
    .select('holder')
    .executeTakeFirstOrThrow();
  expect(holder).toBe('two');
  await idle.close();
});

it('comes again when the database was away, in its turn', async () => {
  const { context } = api();
  let away = true;
  await lines?.close();
  const db = new Proxy(context.db, {
    get(target, name) {
      if (name === 'transaction' && away) throw Object.assign(new Error('gone'), { code: 'ECONNREFUSED' });
      const value = Reflect.get(target, name) as unknown;
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  lines = startPlatformLines(
    { ...context, db },
    { open: createSockets(allowedFrom(['127.0.0.1'])), holder: 'one', everyMs: 50 },
  );
  await lines.round();
  const message = order({ command: 'comment', note: 'in the end' });
  await platform.publishAsync(`${prefix}/cmd`, JSON.stringify(message), { qos: 1 });
  await expect.poll(async () => (await state())?.state, { timeout: 5000 }).toBe('listening');
  expect(answers.seen).toEqual([]);
  away = false;
  await answers.until((seen) => seen.length > 0);
  expect(answers.seen).toMatchObject([{ id: message.id, status: 200 }]);
  expect(await comments()).toHaveLength(1);
});

it('a line that cannot be opened says why, and opens when that is mended', async () => {
  await operator(`PATCH /webhooks/${webhook}`, { broker: { username: 'mingzao', password: 'wrong' } });
  await lines?.round();
  expect(await state()).toMatchObject({ state: 'broken', error: expect.stringMatching(/refuses/) });
  await operator(`PATCH /webhooks/${webhook}`, { broker: { username: 'mingzao', password: 'ours' } });
  await lines?.round();
  expect(await state()).toMatchObject({ state: 'listening' });
  await operator(`PATCH /webhooks/${webhook}`, { orders: false });
  await lines?.round();
  expect(await state()).toBeNull();
  // What was ordered while it was off is not carried out later.
  await platform.publishAsync(`${prefix}/cmd`, JSON.stringify(order({ command: 'comment', note: 'off' })), {
    qos: 1,
  });
  await operator(`PATCH /webhooks/${webhook}`, { orders: true });
  await lines?.round();
  expect((await say(order({ command: 'comment', note: 'on' }))).status).toBe(200);
  expect((await comments()).map(({ note }) => note)).toEqual(['on']);
});

it.each([
  [{ account: null }, 'account'],
  [{ url: 'https://platform.example.org' }, 'orders'],
])('hearing orders with %j names the field', async (change, field) => {
  const answer = await operator(`PATCH /webhooks/${webhook}`, change);
  expect(answer.json()).toMatchObject({ status: 400, errors: [{ field }] });
});

const accountId = async (): Promise<string> =>
  (
    await api()
      .context.db.selectFrom('account')
      .select('id')
      .where('username', '=', 'city')
      .executeTakeFirstOrThrow()
  ).id;
