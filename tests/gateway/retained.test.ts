/** Messages that a broker keeps (retain) and sends again at each subscribing: of any time, so never of now. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt, { type MqttClient } from 'mqtt';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OpenDatabase, openDatabase } from '../../services/db/database.ts';
import { type Gateway, startGateway } from '../../services/gateway/gateway.ts';
import { Events } from '../support/events.ts';
import type { Kitchen } from '../support/kitchen.ts';
import { useTestDatabase } from '../support/postgres.ts';
import { generateAcl, SERVICE } from './support/acl.ts';
import { type Mosquitto, startMosquitto } from './support/mosquitto.ts';
import { kitchenJpeg } from './support/pictures.ts';
import {
  connectBox,
  kitchenWithSecret,
  onlyOpeningRules,
  prefixOfKitchen,
  type Running,
  startRunning,
  testConfig,
  until,
} from './support/running.ts';

const KEPT = { qos: 1, retain: true } as const;

describe('a broker that keeps them (Mosquitto)', () => {
  const url = useTestDatabase();
  const now = new Date('2026-03-02T04:00:00Z');
  let folder: string;
  let database: OpenDatabase;
  let kitchen: Kitchen;
  let broker: Mosquitto;
  let box: MqttClient;
  let gateway: Gateway;
  const lines: string[] = [];

  const start = async (): Promise<Gateway> => {
    const log = pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) });
    const config = testConfig(url(), folder, { MQTT_URL: broker.url });
    return await startGateway(config, { now: () => now, log }, { tick: false });
  };
  const kept = async (): Promise<number> => {
    await gateway.parts.refusals.flush();
    const row = await database.db
      .selectFrom('gateway_refusal')
      .select('count')
      .where('gateway_id', '=', kitchen.gatewayId)
      .where('reason', '=', 'retained')
      .executeTakeFirst();
    return Number(row?.count ?? 0);
  };
  /** What is known of camera and gateway. */
  const known = async () => {
    await gateway.ticker.tick();
    await gateway.parts.gateways.refresh();
    const { db } = database;
    const camera = await db
      .selectFrom('camera_status')
      .select('state')
      .where('camera_id', '=', kitchen.cameraId)
      .executeTakeFirst();
    const box = await db
      .selectFrom('gateway')
      .select('state')
      .where('id', '=', kitchen.gatewayId)
      .executeTakeFirst();
    const coverage = await db
      .selectFrom('coverage')
      .select('minutes')
      .where('camera_id', '=', kitchen.cameraId)
      .execute();
    const looks = await db
      .selectFrom('look')
      .select('id')
      .where('camera_id', '=', kitchen.cameraId)
      .execute();
    return {
      camera: camera?.state,
      gateway: box?.state,
      covered: coverage.some(({ minutes }) => /[LU]/.test(minutes)),
      looks: looks.length,
    };
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mingzao-retained-'));
    database = openDatabase(url(), { max: 2 });
    await onlyOpeningRules(database);
    kitchen = await kitchenWithSecret(database);
    const { files } = await generateAcl(url(), 'mosquitto', join(folder, 'files'));
    broker = await startMosquitto(files);
    box = await connectBox(broker.url, kitchen);
    const prefix = prefixOfKitchen(kitchen);
    await box.publishAsync(`${prefix}/birth`, '{"seq":1}', KEPT);
    await box.publishAsync(`${prefix}/frame/${kitchen.cameraCode}`, await kitchenJpeg(1), KEPT);
    gateway = await start();
  });
  afterAll(async () => {
    await gateway?.stop();
    await box?.endAsync(true);
    await broker?.stop();
    await database.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('what it kept of a box that may be long dead makes nothing be of now; the operator sees that it came', async () => {
    await until(async () => (await kept()) >= 2, 'both are counted');
    const before = await known();
    expect(before).toMatchObject({ covered: false, looks: 0 });
    expect(before.camera).not.toBe('online');
    expect(before.gateway).not.toBe('online');
    // At the next connection they come again.
    await gateway.stop();
    gateway = await start();
    await until(async () => (await kept()) >= 4, 'both came again');
    expect(await known()).toEqual(before);
    const said = lines.filter((line) => line.includes('retained messages are let go'));
    // Two runs of the gateway process, one line each.
    expect(said).toHaveLength(2);
    const { last_detail } = await database.db
      .selectFrom('gateway_refusal')
      .select('last_detail')
      .where('gateway_id', '=', kitchen.gatewayId)
      .executeTakeFirstOrThrow();
    expect(last_detail).toMatch(/the box should not set retain$/);
  });

  test('a picture that comes live counts, although its box lets it be kept', async () => {
    const before = gateway.broker.settled;
    const topic = `${prefixOfKitchen(kitchen)}/frame/${kitchen.cameraCode}`;
    await box.publishAsync(topic, await kitchenJpeg(2), KEPT);
    await until(async () => gateway.broker.settled > before, 'it was dealt with');
    expect(await known()).toMatchObject({ camera: 'online', gateway: 'online', looks: 1 });
  });
});

describe('the embedded broker', () => {
  const url = useTestDatabase();
  let running: Running;
  let kitchen: Kitchen;

  beforeAll(async () => {
    running = await startRunning(url(), {
      seed: async (database) => {
        kitchen = await kitchenWithSecret(database);
      },
    });
  });
  afterAll(() => running.stop());

  test('keeps nothing of a gateway, neither what it sends nor its will', async () => {
    const prefix = prefixOfKitchen(kitchen);
    const listen = async () => {
      const heard = new Events<{ topic: string; retain: boolean }>();
      const client = await mqtt.connectAsync(running.brokerUrl, { ...SERVICE, protocolVersion: 4 });
      client.on('message', (topic, _payload, { retain }) => heard.push({ topic, retain }));
      await client.subscribeAsync('mk/v1/#', { qos: 1 });
      return { client, heard };
    };
    const first = await listen();
    const dying = await connectBox(running.brokerUrl, kitchen, {
      clientId: 'dying',
      reconnectPeriod: 0,
      will: { topic: `${prefix}/death`, payload: Buffer.from('{"seq":1}'), ...KEPT },
    });
    for (const kind of ['birth', 'status', `frame/${kitchen.cameraCode}`, `look/${kitchen.cameraCode}`])
      await dying.publishAsync(`${prefix}/${kind}`, '{"seq":1}', KEPT);
    dying.stream.destroy();
    await first.heard.until((seen) => seen.some(({ topic }) => topic === `${prefix}/death`));
    expect(first.heard.seen).toHaveLength(5);

    const second = await listen();
    const box = await connectBox(running.brokerUrl, kitchen);
    await box.publishAsync(`${prefix}/status`, '{"seq":2}', { qos: 1 });
    await second.heard.until((seen) => seen.length > 0);
    expect(second.heard.seen).toEqual([{ topic: `${prefix}/status`, retain: false }]);
    await Promise.all([first, second].map(({ client }) => client.endAsync(true)));
    await Promise.all([box, dying].map((client) => client.endAsync(true)));
  });
});
