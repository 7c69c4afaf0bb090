/** What edge boxes publish on their topic `event` is acknowledged only when it is kept, and refused with its reason. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MqttClient } from 'mqtt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  connectBox,
  kitchenWithSecret,
  prefixOfKitchen,
  type Running,
  startRunning,
  until,
} from '../gateway/support/running.ts';
import type { Kitchen } from '../support/kitchen.ts';
import { useTestDatabase } from '../support/postgres.ts';

const url = useTestDatabase();
let running: Running;
let kitchen: Kitchen;
let box: MqttClient;

beforeAll(async () => {
  running = await startRunning(url(), {
    seed: async (database) => {
      kitchen = await kitchenWithSecret(database);
    },
  });
  await until(async () => running.gateway.broker.ready, 'the gateway listens');
  box = await connectBox(running.brokerUrl, kitchen);
});
afterAll(async () => {
  await box.endAsync();
  await running.stop();
});

const publish = async (payload: string | Buffer, camera = ''): Promise<void> => {
  const topic = `${prefixOfKitchen(kitchen)}/event${camera}`;
  await box.publishAsync(topic, payload, { qos: 1 });
};
const kept = async () =>
  await running.database.db.selectFrom('edge_event').selectAll().orderBy('received_at').execute();
const refused = async (reason: string) =>
  await running.database.db
    .selectFrom('gateway_refusal')
    .select(['count', 'last_detail'])
    .where('reason', '=', reason)
    .executeTakeFirst();

test('the topic names the camera, whatever the payload calls it', async () => {
  const line = readFileSync(join(import.meta.dirname, 'fixtures', 'hikvision.xml'));
  await publish(line, `/${kitchen.cameraCode}`);
  const [row] = await until(async () => {
    const rows = await kept();
    return rows.length === 1 && rows;
  }, 'the event is kept');
  expect(row).toMatchObject({
    gateway_id: kitchen.gatewayId,
    camera_id: kitchen.cameraId,
    format: 'hikvision',
    channel: '1',
    kind: 'covered',
    outcome: 'kept',
    reason: 'camera_fault',
  });
});

test('without a camera in the topic the channel decides', async () => {
  const event = {
    format: 'mingzao',
    id: 'm-1',
    camera: kitchen.cameraCode,
    at: '20260302110000',
    kind: 'no_hat',
  };
  await publish(JSON.stringify(event));
  await publish(JSON.stringify(event));
  const row = await until(
    async () => (await kept()).find((one) => one.event_key === 'm-1'),
    'the event is kept',
  );
  expect(row).toMatchObject({ camera_id: kitchen.cameraId, outcome: 'waiting', picture_state: 'none' });
});

test('what cannot be read is counted with its field; the next one is taken all the same', async () => {
  await publish('{"format":"mingzao","kind":"no_hat","at":"never"}');
  await publish('hello');
  const fields = await until(() => refused('bad_fields'), 'the refusal is counted');
  expect(fields.last_detail).toMatch(/^event: at is "never"/);
  const shape = await until(() => refused('unsupported_format'), 'the refusal is counted');
  expect(shape.last_detail).toMatch(/has no shape that is known/);
  await publish(
    JSON.stringify({ format: 'mingzao', id: 'm-2', camera: 'x', at: '20260302110000', kind: 'no_hat' }),
  );
  await until(async () => (await kept()).some((one) => one.event_key === 'm-2'), 'the next event is kept');
});

test('a heartbeat leaves nothing but the sight of its gateway', async () => {
  const before = (await kept()).length;
  await publish(readFileSync(join(import.meta.dirname, 'fixtures', 'bm-box-heartbeat.json')));
  await publish(
    JSON.stringify({ format: 'mingzao', id: 'm-3', camera: 'x', at: '20260302110000', kind: 'no_hat' }),
  );
  await until(
    async () => (await kept()).some((one) => one.event_key === 'm-3'),
    'the event behind it is kept',
  );
  expect(await kept()).toHaveLength(before + 1);
});
