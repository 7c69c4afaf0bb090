import type { MqttClient } from 'mqtt';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Kitchen } from '../support/kitchen.ts';
import { useTestDatabase } from '../support/postgres.ts';
import { kitchenJpeg } from './support/pictures.ts';
import {
  connectBox,
  kitchenWithSecret,
  prefixOfKitchen,
  type Running,
  startRunning,
  until,
} from './support/running.ts';

describe('birth and death of a gateway', () => {
  const url = useTestDatabase();
  let running: Running;
  let kitchen: Kitchen;
  let box: MqttClient;

  beforeAll(async () => {
    running = await startRunning(url());
  });
  afterAll(async () => {
    await running.stop();
  });
  beforeEach(async () => {
    kitchen = await kitchenWithSecret(running.database);
    await until(
      async () => running.gateway.parts.registry.cameras.has(kitchen.cameraId),
      'the gateway process knows the kitchen',
    );
    box = await connectBox(running.brokerUrl, kitchen, { reconnectOnConnackError: true });
    return async () => {
      await box.endAsync(true);
    };
  });

  const row = async () =>
    await running.database.db
      .selectFrom('gateway')
      .select(['state', 'birth_sequence', 'last_seen_at', 'state_since'])
      .where('id', '=', kitchen.gatewayId)
      .executeTakeFirstOrThrow();
  const events = async (): Promise<string[]> => {
    const rows = await running.database.db
      .selectFrom('event')
      .select('payload')
      .where('type', '=', 'gateway.state')
      .orderBy('id')
      .execute();
    const own = rows.map((one) => one.payload as { gatewayId: string; state: string });
    return own.filter((one) => one.gatewayId === kitchen.gatewayId).map((one) => one.state);
  };
  const send = async (kind: string, message: object | string): Promise<void> => {
    const before = running.settled();
    const text = typeof message === 'string' ? message : JSON.stringify(message);
    await box.publishAsync(`${prefixOfKitchen(kitchen)}/${kind}`, text, { qos: 1 });
    await until(async () => running.settled() > before, `${kind} was dealt with`);
    running.clock.forward(1);
  };

  test('birth makes it online, its death offline', async () => {
    await send('birth', { seq: 5, version: '1.0', cameras: [kitchen.cameraCode] });
    expect(await row()).toMatchObject({ state: 'online', birth_sequence: '5' });
    await send('death', { seq: 5 });
    expect((await row()).state).toBe('offline');
    expect(await events()).toEqual(['online', 'offline']);
  });

  test('the late death of an old connection changes nothing', async () => {
    await send('birth', { seq: 1 });
    await send('birth', { seq: 2 });
    await send('death', { seq: 1 });
    expect((await row()).state).toBe('online');
    await send('birth', { seq: 1 });
    expect((await row()).birth_sequence).toBe('2');
  });

  test('the will of a broken connection is its death', async () => {
    const other = await connectBox(running.brokerUrl, kitchen, {
      clientId: 'with-will',
      reconnectPeriod: 0,
      will: {
        topic: `${prefixOfKitchen(kitchen)}/death`,
        payload: Buffer.from('{"seq":9}'),
        qos: 1,
        retain: false,
      },
    });
    await send('birth', { seq: 9 });
    other.stream.destroy();
    await until(async () => (await row()).state === 'offline', 'the will arrives');
    await other.endAsync(true);
  });

  test('a box that only sends pictures is online by that, and offline when it falls silent', async () => {
    const jpeg = await kitchenJpeg(1);
    const before = running.settled();
    await box.publishAsync(`${prefixOfKitchen(kitchen)}/frame/${kitchen.cameraCode}`, jpeg, { qos: 1 });
    await until(async () => running.settled() > before, 'the frame was dealt with');
    await running.gateway.parts.gateways.refresh();
    expect((await row()).state).toBe('online');
    running.clock.forward(119);
    await running.gateway.parts.gateways.refresh();
    expect((await row()).state).toBe('online');
    running.clock.forward(2);
    await running.gateway.parts.gateways.refresh();
    expect((await row()).state).toBe('offline');
  });

  test('a status that is no JSON object, a birth without sequence: counted', async () => {
    await send('status', 'hello');
    await send('birth', { sequence: 1 });
    await running.gateway.parts.refusals.flush();
    const refusal = await running.database.db
      .selectFrom('gateway_refusal')
      .selectAll()
      .where('gateway_id', '=', kitchen.gatewayId)
      .executeTakeFirstOrThrow();
    expect(refusal).toMatchObject({ reason: 'bad_fields', count: '2' });
    expect(refusal.last_detail).toContain('seq of the birth');
  });
});
