import { setTimeout as sleep } from 'node:timers/promises';
import mqtt, { type MqttClient } from 'mqtt';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { addressHash } from '../../services/db/notify/targets.ts';
import { firstHabits } from '../../services/domain/notify.ts';
import { createGatewayLine, type GatewayLine } from '../../workers/outbox/messages/gateway-line.ts';
import { tellDue } from '../../workers/outbox/messages/round.ts';
import type { MessageContext } from '../../workers/outbox/messages/target.ts';
import {
  kitchenWithSecret,
  prefixOfKitchen,
  type Running,
  SECRET,
  startRunning,
  until,
} from '../gateway/support/running.ts';
import { Events } from '../support/events.ts';
import type { Kitchen } from '../support/kitchen.ts';
import { useTestDatabase } from '../support/postgres.ts';
import { addPerson, issueIn } from './support/people.ts';
import { sealer } from './support/relay.ts';

const url = useTestDatabase();
let running: Running;
let kitchen: Kitchen;
let inspectorId: string;
let line: GatewayLine;
let now: Date;
let commands: Events<{ topic: string; command: Record<string, unknown> }>;

beforeAll(async () => {
  running = await startRunning(url());
  line = createGatewayLine({
    url: running.brokerUrl,
    username: running.config.mqttUsername,
    password: running.config.mqttPassword,
    log: () => {},
  });
});
afterAll(async () => {
  await line.close();
  await running.stop();
});
beforeEach(async () => {
  const { db } = running.database;
  kitchen = await kitchenWithSecret(running.database);
  inspectorId = await addPerson(db, 'inspector', { regionId: kitchen.regionId });
  now = new Date('2026-11-21T12:50:00Z');
  commands = new Events();
  await db
    .insertInto('notify_target')
    .values({
      channel: 'gateway',
      account_id: null,
      merchant_id: kitchen.merchantId,
      region_id: null,
      gateway_id: kitchen.gatewayId,
      address_sealed: null,
      address_hash: addressHash({ channel: 'gateway', gatewayId: kitchen.gatewayId }),
      habits: JSON.stringify(firstHabits('merchant')),
    })
    .execute();
});

const context = (): MessageContext => ({
  db: running.database.db,
  sealer,
  outbound: () => Promise.reject(new Error('no HTTP here')),
  line,
  publicUrl: 'https://mingzao.test',
  claimer: 'one',
  now: () => now,
  random: () => 0.5,
});
const later = (seconds: number): void => {
  now = new Date(now.getTime() + seconds * 1000);
};
const message = () =>
  running.database.db
    .selectFrom('message')
    .innerJoin('notify_target', 'notify_target.id', 'message.target_id')
    .where('merchant_id', '=', kitchen.merchantId)
    .selectAll('message')
    .executeTakeFirst();
/** A box with a buzzer; it answers what `reply` says. */
const box = async (reply: (command: Record<string, unknown>) => object | undefined): Promise<MqttClient> => {
  let client: MqttClient | undefined;
  await until(async () => {
    client = await mqtt
      .connectAsync(
        running.brokerUrl,
        { username: kitchen.gatewayCode, password: SECRET, protocolVersion: 4, reconnectPeriod: 0 },
        false,
      )
      .catch(() => undefined);
    return client !== undefined;
  }, 'the gateway may sign in');
  if (client === undefined) throw new Error('no box');
  const there = client;
  there.on('message', (topic, payload) => {
    const command = JSON.parse(payload.toString()) as Record<string, unknown>;
    commands.push({ topic, command });
    const answer = reply(command);
    if (answer !== undefined)
      there.publish(`${prefixOfKitchen(kitchen)}/ack`, JSON.stringify(answer), { qos: 1 });
  });
  await there.subscribeAsync(`${prefixOfKitchen(kitchen)}/cmd`, { qos: 1 });
  return there;
};
const issue = () => issueIn(running.database.db, { cameraId: kitchen.cameraId, inspectorId }, 'rodent', now);

test('the kitchen’s box is told, and its answer is the proof', async () => {
  const client = await box(({ id }) => ({ id }));
  await issue();
  later(15);
  await tellDue(context());
  expect(commands.seen).toEqual([
    {
      topic: `${prefixOfKitchen(kitchen)}/cmd`,
      command: expect.objectContaining({
        v: 1,
        type: 'alert',
        class: 1,
        title: '【明灶】第一小学食堂：疑似有害生物 待处理',
        expiresAt: '2026-11-21T13:05:00.000Z',
      }),
    },
  ]);
  expect(await message()).toMatchObject({ state: 'delivered', attempts: 1 });
  await client.endAsync(true);
});

test('a box that says no, or answers for another, has not been told; the same command comes again', async () => {
  const replies: ((command: Record<string, unknown>) => object)[] = [
    ({ id }) => ({ id, ok: false, error: 'no buzzer' }),
    ({ id }) => ({ id }),
  ];
  const client = await box((command) => replies.shift()?.(command));
  await issue();
  later(15);
  await tellDue(context());
  expect(await message()).toMatchObject({ state: 'pending', last_error: 'the gateway answered: no buzzer' });
  later(30);
  await tellDue(context());
  expect(await message()).toMatchObject({ state: 'delivered', attempts: 2 });
  const [first, second] = commands.seen;
  expect(second?.command).toEqual(first?.command);
  await client.endAsync(true);
});

test('a neighbour’s box cannot answer for it', async () => {
  const neighbour = await kitchenWithSecret(running.database);
  const client = await box(() => undefined);
  const other = kitchen;
  kitchen = neighbour;
  const liar = await box(() => undefined);
  kitchen = other;
  client.on('message', (_topic, payload) => {
    const { id } = JSON.parse(payload.toString()) as { id: string };
    liar.publish(`${prefixOfKitchen(neighbour)}/ack`, JSON.stringify({ id }), { qos: 1 });
    liar.publish(`${prefixOfKitchen(other)}/ack`, JSON.stringify({ id }), { qos: 1 });
  });
  await issue();
  later(15);
  await tellDue(context());
  expect((await message())?.last_error).toBe('the gateway did not answer within 8 s');
  await Promise.all([client.endAsync(true), liar.endAsync(true)]);
}, 20_000);

test('an alert of the evening does not sound in the morning', async () => {
  await issue();
  later(15);
  const telling = tellDue(context());
  await telling;
  expect((await message())?.state).toBe('pending');
  later(10 * 3600);
  const client = await box(({ id }) => ({ id }));
  await tellDue(context());
  await sleep(0);
  expect(commands.seen).toEqual([]);
  expect(await message()).toMatchObject({ state: 'stopped', last_error: 'expired' });
  await client.endAsync(true);
}, 20_000);
