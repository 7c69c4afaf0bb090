import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt, { type MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OpenDatabase, openDatabase } from '../../services/db/database.ts';
import type { Kitchen } from '../support/kitchen.ts';
import { useTestDatabase } from '../support/postgres.ts';
import { generateAcl, SERVICE } from './support/acl.ts';
import { type Mosquitto, startMosquitto } from './support/mosquitto.ts';
import { kitchenWithSecret, prefixOfKitchen, SECRET } from './support/running.ts';

describe('generated access lists in a real Mosquitto', () => {
  const url = useTestDatabase();
  let database: OpenDatabase;
  let folder: string;
  let kitchen: Kitchen;
  let neighbour: Kitchen;
  let disabled: Kitchen;
  let broker: Mosquitto;
  let service: MqttClient;
  let box: MqttClient;
  const heard: string[] = [];

  const signIn = (username: string, password: string): Promise<MqttClient> =>
    new Promise((done, fail) => {
      const client = mqtt.connect(broker.url, {
        username,
        password,
        protocolVersion: 4,
        reconnectPeriod: 0,
      });
      client.once('connect', () => done(client));
      client.once('error', (error) => {
        client.end(true);
        fail(error);
      });
    });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mingzao-acl-'));
    database = openDatabase(url(), { max: 2 });
    kitchen = await kitchenWithSecret(database);
    neighbour = await kitchenWithSecret(database);
    disabled = await kitchenWithSecret(database);
    const off = database.db
      .updateTable('gateway')
      .set({ enabled: false })
      .where('id', '=', disabled.gatewayId);
    await off.execute();
    const { said, files } = await generateAcl(url(), 'mosquitto', join(folder, 'files'));
    expect(said).toContain('for 2 gateways');
    expect((await stat(join(folder, 'files', 'password_file'))).mode & 0o007).toBe(0);
    broker = await startMosquitto(files);
    service = await signIn(SERVICE.username, SERVICE.password);
    service.on('message', (topic) => heard.push(topic));
    await service.subscribeAsync('mk/v1/#', { qos: 1 });
    box = await signIn(kitchen.gatewayCode, SECRET);
  });
  afterAll(async () => {
    await box?.endAsync(true);
    await service?.endAsync(true);
    await broker?.stop();
    await database.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** What Mingzao hears of these; the last one, which is allowed, shows that those before were not let through. */
  async function publish(...topics: string[]): Promise<string[]> {
    heard.length = 0;
    const mark = `${prefixOfKitchen(kitchen)}/ack/mark`;
    const marked = new Promise<void>((done) => {
      const listen = (topic: string): void => {
        if (topic !== mark) return;
        service.off('message', listen);
        done();
      };
      service.on('message', listen);
    });
    for (const topic of [...topics, mark]) await box.publishAsync(topic, 'x', { qos: 1 });
    await marked;
    return heard.filter((topic) => topic !== mark);
  }

  test('a gateway may publish what is its own', async () => {
    const prefix = prefixOfKitchen(kitchen);
    const own = ['birth', 'death', 'status', 'look/c1', 'frame/c1', 'event/c1', 'event', 'ack'].map(
      (rest) => `${prefix}/${rest}`,
    );
    expect(await publish(...own)).toEqual(own);
  });

  test('a gateway may publish nothing else', async () => {
    const prefix = prefixOfKitchen(kitchen);
    expect(
      await publish(
        `${prefixOfKitchen(neighbour)}/frame/c1`,
        `${prefix}/cmd/reboot`,
        `${prefix}/frame/c1/more`,
        `${prefix}/other`,
        'mk/v1/x/y/z/frame/c1',
      ),
    ).toEqual([]);
  });

  test('a gateway hears its own commands only', async () => {
    const granted = await box.subscribeAsync([`${prefixOfKitchen(kitchen)}/cmd/#`]);
    expect(granted[0]?.qos).not.toBe(128);
    const got: string[] = [];
    box.on('message', (topic) => got.push(topic));
    await box.subscribeAsync('mk/v1/#').catch(() => {});
    await service.publishAsync(`${prefixOfKitchen(neighbour)}/cmd/reboot`, 'x', { qos: 1 });
    await service.publishAsync(`${prefixOfKitchen(neighbour)}/frame/c1`, 'x', { qos: 1 });
    const mine = `${prefixOfKitchen(kitchen)}/cmd/reboot`;
    const arrived = new Promise<void>((done) => box.on('message', (topic) => topic === mine && done()));
    await service.publishAsync(mine, 'x', { qos: 1 });
    await arrived;
    expect(new Set(got)).toEqual(new Set([mine]));
  });

  test('a wrong password and a disabled gateway are not let in', async () => {
    await expect(signIn(kitchen.gatewayCode, 'wrong')).rejects.toThrow(/Not authorized|Bad user/i);
    await expect(signIn(disabled.gatewayCode, SECRET)).rejects.toThrow(/Not authorized|Bad user/i);
  });
});
