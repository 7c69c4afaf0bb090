import mqtt, { type MqttClient } from 'mqtt';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { hashGatewaySecret } from '../../services/db/gateway-secret.ts';
import type { Kitchen } from '../support/kitchen.ts';
import { useTestDatabase } from '../support/postgres.ts';
import {
  connectBox,
  kitchenWithSecret,
  prefixOfKitchen,
  type Running,
  SECRET,
  startRunning,
  until,
} from './support/running.ts';

describe('the embedded broker', () => {
  const url = useTestDatabase();
  let running: Running;
  let kitchen: Kitchen;
  let neighbour: Kitchen;
  let listener: MqttClient;
  const heard: string[] = [];

  beforeAll(async () => {
    running = await startRunning(url());
    listener = await mqtt.connectAsync(running.brokerUrl, {
      username: running.config.mqttUsername ?? '',
      password: running.config.mqttPassword ?? '',
      protocolVersion: 4,
    });
    listener.on('message', (topic) => heard.push(topic));
    await listener.subscribeAsync('mk/v1/#', { qos: 1 });
  });
  afterAll(async () => {
    await listener.endAsync(true);
    await running.stop();
  });
  beforeEach(async () => {
    kitchen = await kitchenWithSecret(running.database);
    neighbour = await kitchenWithSecret(running.database);
    // Its page is there when the directory knows it: signing in waits for the broker, but not for the registry.
    await until(async () => {
      const box = await signIn(neighbour.gatewayCode, SECRET).catch(() => undefined);
      await box?.endAsync(true);
      return box !== undefined;
    }, 'the new gateways are known');
    heard.length = 0;
  });

  const signIn = (username: string, password: string, more: mqtt.IClientOptions = {}): Promise<MqttClient> =>
    new Promise((done, fail) => {
      const client = mqtt.connect(running.brokerUrl, {
        username,
        password,
        protocolVersion: 4,
        reconnectPeriod: 0,
        ...more,
      });
      client.once('connect', () => done(client));
      client.once('error', (error) => {
        client.end(true);
        fail(error);
      });
    });
  const refusals = async (gatewayId: string) =>
    await running.database.db
      .selectFrom('gateway_refusal')
      .select(['reason', 'count', 'last_detail'])
      .where('gateway_id', '=', gatewayId)
      .execute();
  const heardOf = (topic: string): Promise<unknown> =>
    until(async () => heard.includes(topic), `${topic} is heard`);

  test('a gateway publishes below its own prefix and nowhere else, and stays connected', async () => {
    const box = await signIn(kitchen.gatewayCode, SECRET);
    let closed = false;
    box.on('close', () => {
      closed = true;
    });
    const prefix = prefixOfKitchen(kitchen);
    const foreign = [
      `${prefixOfKitchen(neighbour)}/frame/c1`,
      `${prefix}/cmd/x`,
      `${prefix}/frame/a/b`,
      'mk/v1/a/b/c/look/d',
      '$SYS/x',
      'elsewhere',
    ];
    for (const topic of foreign) await box.publishAsync(topic, 'x', { qos: 1 });
    await box.publishAsync(`${prefix}/ack/c1`, 'x', { qos: 1 });
    await heardOf(`${prefix}/ack/c1`);
    expect(heard.filter((topic) => topic !== `${prefix}/ack/c1`)).toEqual([]);
    expect(closed).toBe(false);
    const [row] = await until(async () => {
      const rows = await refusals(kitchen.gatewayId);
      return rows.length > 0 && rows;
    }, 'it is counted');
    expect(row).toMatchObject({ reason: 'bad_topic', count: String(foreign.length) });
    expect(row?.last_detail).toBe('may not publish to elsewhere');
    await box.endAsync(true);
  });

  test('a gateway subscribes to its commands and nothing else', async () => {
    const box = await signIn(kitchen.gatewayCode, SECRET);
    const got: string[] = [];
    box.on('message', (topic) => got.push(topic));
    const prefix = prefixOfKitchen(kitchen);
    await box.subscribeAsync(`${prefix}/cmd/#`, { qos: 1 });
    for (const filter of [
      '#',
      'mk/v1/#',
      `${prefix}/#`,
      `${prefixOfKitchen(neighbour)}/cmd/#`,
      '$share/x/mk/v1/#',
    ]) {
      await expect(box.subscribeAsync(filter, { qos: 1 }), filter).rejects.toThrow();
    }
    await listener.publishAsync(`${prefixOfKitchen(neighbour)}/cmd/go`, 'x', { qos: 1 });
    await listener.publishAsync(`${prefix}/cmd/go`, 'x', { qos: 1 });
    await until(async () => got.includes(`${prefix}/cmd/go`), 'the command arrives');
    expect(got).toEqual([`${prefix}/cmd/go`]);
    await box.endAsync(true);
  });

  test('wrong password, unknown name, disabled gateway: refused with a reason, and counted', async () => {
    await expect(signIn(kitchen.gatewayCode, 'wrong')).rejects.toThrow(/Bad username or password/);
    await expect(signIn('nobody', SECRET)).rejects.toThrow(/Bad username or password/);
    await running.database.db
      .updateTable('gateway')
      .set({ enabled: false })
      .where('id', '=', neighbour.gatewayId)
      .execute();
    await until(
      async () =>
        signIn(neighbour.gatewayCode, SECRET).then(
          () => false,
          (error) => /Not authorized/.test(error.message),
        ),
      'the disabled gateway is refused',
    );
    const rows = await until(async () => {
      const found = await refusals(kitchen.gatewayId);
      return found.length > 0 && found;
    }, 'it is counted');
    expect(rows[0]?.reason).toBe('bad_password');
  });

  test('another password or a switched-off gateway ends the connection at once', async () => {
    for (const change of [{ secret_hash: await hashGatewaySecret('another') }, { enabled: false }]) {
      const box = await signIn(
        change.enabled === false ? neighbour.gatewayCode : kitchen.gatewayCode,
        SECRET,
      );
      const closed = new Promise((done) => box.once('close', () => done('closed')));
      await running.database.db
        .updateTable('gateway')
        .set(change)
        .where('id', '=', change.enabled === false ? neighbour.gatewayId : kitchen.gatewayId)
        .execute();
      expect(await closed).toBe('closed');
    }
  });

  test("a will outside the gateway's own topics is taken away, its own is sent", async () => {
    const foreign = await connectBox(running.brokerUrl, kitchen, {
      clientId: 'a',
      will: {
        topic: `${prefixOfKitchen(neighbour)}/death`,
        payload: Buffer.from('{"seq":1}'),
        qos: 1,
        retain: false,
      },
    });
    const own = await connectBox(running.brokerUrl, kitchen, {
      clientId: 'b',
      will: {
        topic: `${prefixOfKitchen(kitchen)}/death`,
        payload: Buffer.from('{"seq":1}'),
        qos: 1,
        retain: false,
      },
    });
    foreign.stream.destroy();
    own.stream.destroy();
    await heardOf(`${prefixOfKitchen(kitchen)}/death`);
    expect(heard).toEqual([`${prefixOfKitchen(kitchen)}/death`]);
    await Promise.all([foreign.endAsync(true), own.endAsync(true)]);
  });

  test('nobody takes over the session of another account by its client id', async () => {
    const clientId = `mingzao-gateway-${running.config.gatewayId}`;
    const { connections } = running.tap;
    const box = await signIn(kitchen.gatewayCode, SECRET, { clientId, clean: false });
    const before = running.settled();
    await box.publishAsync(`${prefixOfKitchen(kitchen)}/status`, '{}', { qos: 1 });
    await until(async () => running.settled() > before, 'the gateway process still hears');
    expect([running.gateway.broker.ready, running.tap.connections]).toEqual([true, connections]);
    await box.endAsync(true);
  });
});
