/** A whole gateway in this process: embedded broker, database, queue, spool in a folder; the clock belongs to the test. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from 'cbor2';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import pino from 'pino';
import { readServiceConfig, type ServiceConfig } from '../../../services/config/config.ts';
import { type OpenDatabase, openDatabase } from '../../../services/db/database.ts';
import { hashGatewaySecret } from '../../../services/db/gateway-secret.ts';
import { sha256 } from '../../../services/evidence/keys.ts';
import { type BrokerProcess, startBrokerProcess } from '../../../services/gateway/broker-context.ts';
import type { GatewayOverrides } from '../../../services/gateway/context.ts';
import { type Gateway, startGateway } from '../../../services/gateway/gateway.ts';
import { type Kitchen, seedKitchen } from '../../support/kitchen.ts';
import { startTap, type Tap } from './tap.ts';

export const SECRET = 'a-secret-of-a-gateway';
const SERVICE = { username: 'mingzao', password: 'of-the-service' };

export interface Running {
  config: ServiceConfig;
  database: OpenDatabase;
  broker: BrokerProcess;
  /** Where boxes connect to. */
  brokerUrl: string;
  /** The wire between gateway and broker. */
  tap: Tap;
  gateway: Gateway;
  folder: string;
  /** Messages that the gateway has dealt with so far. */
  settled(): number;
  /** The gateway's clock. */
  clock: { at: Date; forward(seconds: number): Date };
  stop(): Promise<void>;
}

export interface RunningOptions {
  env?: Record<string, string>;
  overrides?: GatewayOverrides;
  tick?: boolean;
  /** Environment that the RTSP side reads. */
  rtsp?: NodeJS.ProcessEnv;
  seed?: (database: OpenDatabase) => Promise<void>;
}

export function testConfig(
  databaseUrl: string,
  folder: string,
  env: Record<string, string> = {},
): ServiceConfig {
  return readServiceConfig({
    DATABASE_URL: databaseUrl,
    MQTT_URL: 'mqtt://127.0.0.1:1',
    MQTT_USERNAME: SERVICE.username,
    MQTT_PASSWORD: SERVICE.password,
    OBJECT_STORE_URL: `file://${folder}/objects`,
    MINGZAO_SECRET_KEY: '11'.repeat(32),
    MINGZAO_MQTT_PORT: '0',
    MINGZAO_LOG_LEVEL: process.env.TEST_LOG ?? 'silent',
    ...env,
  });
}

export async function startRunning(databaseUrl: string, options: RunningOptions = {}): Promise<Running> {
  const folder = await mkdtemp(join(tmpdir(), 'mingzao-gateway-'));
  const log = pino({ level: process.env.TEST_LOG ?? 'silent' });
  const base = testConfig(databaseUrl, folder, options.env);
  const database = openDatabase(databaseUrl, { max: 4 });
  await options.seed?.(database);
  const broker = await startBrokerProcess(base, { log });
  const tap = await startTap(broker.broker.port);
  const config = testConfig(databaseUrl, folder, {
    ...options.env,
    MQTT_URL: `mqtt://127.0.0.1:${tap.port}`,
  });
  const clock = {
    at: new Date('2026-03-02T04:00:00Z'),
    forward(seconds: number) {
      clock.at = new Date(clock.at.getTime() + seconds * 1000);
      return clock.at;
    },
  };
  const gateway = await startGateway(
    config,
    { now: () => clock.at, log, ...options.overrides },
    { tick: options.tick ?? false, ...(options.rtsp === undefined ? {} : { env: options.rtsp }) },
  );
  return {
    config,
    database,
    broker,
    brokerUrl: `mqtt://127.0.0.1:${broker.broker.port}`,
    tap,
    gateway,
    folder,
    clock,
    settled: () => gateway.broker.settled,
    async stop() {
      await gateway.stop();
      await tap.close();
      await broker.close();
      await database.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A kitchen whose gateway may sign in with SECRET. */
export async function kitchenWithSecret(
  database: OpenDatabase,
  options: Parameters<typeof seedKitchen>[1] = {},
): Promise<Kitchen> {
  return await seedKitchen(database.db, { secretHash: await hashGatewaySecret(SECRET), ...options });
}

export function prefixOfKitchen(kitchen: Kitchen): string {
  return `mk/v1/${kitchen.regionPath}/${kitchen.merchantCode}/${kitchen.gatewayCode}`;
}

/** Signs in as the kitchen's gateway, trying again until the broker is ready for it. */
export async function connectBox(
  url: string,
  kitchen: Kitchen,
  options: IClientOptions = {},
): Promise<MqttClient> {
  const client = mqtt.connect(url, {
    username: kitchen.gatewayCode,
    password: SECRET,
    protocolVersion: 4,
    reconnectPeriod: 50,
    clientId: `box-${kitchen.gatewayCode}`,
    ...options,
  });
  client.on('error', () => {});
  await new Promise<void>((done) => client.once('connect', () => done()));
  return client;
}

/** A look as gateways send it. */
export function lookPayload(
  frames: { at: Date; jpeg: Buffer; sha256?: string }[],
  more: object = {},
): Buffer {
  const list = frames.map(({ at, jpeg, sha256: hash }) => ({
    at: at.getTime(),
    sha256: hash ?? sha256(jpeg),
    jpeg: new Uint8Array(jpeg),
  }));
  return Buffer.from(encode({ v: 1, seq: 1, frames: list, ...more }));
}

/** Waits until `check` gives something; polls, because what it reads lies behind a socket. */
export async function until<T>(
  check: () => Promise<T | undefined | false>,
  what: string,
  withinMs = 10_000,
): Promise<T> {
  const end = performance.now() + withinMs;
  for (;;) {
    const found = await check();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > end) throw new Error(`not within ${withinMs} ms: ${what}`);
    await new Promise((done) => setTimeout(done, 20));
  }
}

export async function looksOf(running: Running, cameraId: string) {
  return await running.database.db
    .selectFrom('look')
    .selectAll()
    .where('camera_id', '=', cameraId)
    .orderBy('captured_at')
    .execute();
}
export type Looks = Awaited<ReturnType<typeof looksOf>>;

let cameras = 0;

/** One more camera of the kitchen, known to the gateway when this resolves. */
export async function addCamera(
  running: Running,
  kitchen: Kitchen,
  values: { rtspUrlSealed?: Buffer; lookIntervalS?: number } = {},
): Promise<{ id: string; code: string }> {
  cameras += 1;
  const rtsp = values.rtspUrlSealed !== undefined;
  const camera = await running.database.db
    .insertInto('camera')
    .values({
      code: `${kitchen.cameraCode}-${cameras}`,
      merchant_id: kitchen.merchantId,
      zone_id: kitchen.zoneId,
      name: '灶台',
      source: rtsp ? 'rtsp' : 'mqtt',
      gateway_id: rtsp ? null : kitchen.gatewayId,
      rtsp_url_sealed: values.rtspUrlSealed ?? null,
      look_interval_s: values.lookIntervalS ?? 30,
      removed_at: null,
    })
    .returning(['id', 'code'])
    .executeTakeFirstOrThrow();
  await until(
    async () => running.gateway.parts.registry.cameras.has(camera.id) || undefined,
    'the gateway knows the new camera',
  );
  return camera;
}

/** Without rules that hold around the clock (rodents): then kitchens close. */
export async function onlyOpeningRules(database: OpenDatabase): Promise<void> {
  await database.db.updateTable('rule').set({ enabled: false }).where('hours', '=', 'always').execute();
}

/** A time zone in which it is now that hour of the day, for tests whose pictures are of now. */
export function zoneAt(hour: number): string {
  const aheadH = ((hour - new Date().getUTCHours() + 36) % 24) - 12;
  // These names count the other way round: Etc/GMT-8 is eight hours ahead.
  return `Etc/GMT${aheadH > 0 ? '-' : '+'}${Math.abs(aheadH)}`;
}
