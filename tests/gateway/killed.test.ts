import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt, { type MqttClient } from 'mqtt';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OpenDatabase, openDatabase } from '../../services/db/database.ts';
import { hashGatewaySecret } from '../../services/db/gateway-secret.ts';
import { loadGateways } from '../../services/db/registry.ts';
import { mosquittoFiles } from '../../tools/mqtt-acl/mosquitto.ts';
import type { Kitchen } from '../support/kitchen.ts';
import { useTestDatabase } from '../support/postgres.ts';
import { startProcess, type TestProcess } from '../support/process.ts';
import { SERVICE } from './support/acl.ts';
import { type Mosquitto, startMosquitto } from './support/mosquitto.ts';
import { kitchenJpeg } from './support/pictures.ts';
import { kitchenWithSecret, lookPayload, prefixOfKitchen, SECRET, until } from './support/running.ts';

/** With Mosquitto, because the embedded broker answers gateways before we do. */
describe('a gateway process that is killed', () => {
  const url = useTestDatabase();
  let database: OpenDatabase;
  let folder: string;
  let kitchen: Kitchen;
  let broker: Mosquitto;
  let box: MqttClient;
  let lock: pg.Client;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mingzao-killed-'));
    database = openDatabase(url(), { max: 2 });
    kitchen = await kitchenWithSecret(database);
    const account = { username: SERVICE.username, secretHash: await hashGatewaySecret(SERVICE.password) };
    broker = await startMosquitto(mosquittoFiles(await loadGateways(database.db), account));
    box = await mqtt.connectAsync(broker.url, {
      username: kitchen.gatewayCode,
      password: SECRET,
      protocolVersion: 4,
    });
    lock = new pg.Client({ connectionString: url() });
    await lock.connect();
  });
  afterAll(async () => {
    await lock.end();
    await box.endAsync(true);
    await broker.stop();
    await database.close();
    await rm(folder, { recursive: true, force: true });
  });

  const start = async (): Promise<TestProcess> => {
    const process_ = startProcess(process.execPath, ['services/gateway/main.ts'], {
      env: {
        ...process.env,
        DATABASE_URL: url(),
        MQTT_URL: broker.url,
        MQTT_USERNAME: SERVICE.username,
        MQTT_PASSWORD: SERVICE.password,
        OBJECT_STORE_URL: `file://${folder}/objects`,
        MINGZAO_SECRET_KEY: '11'.repeat(32),
        MINGZAO_GATEWAY_ID: 'killed',
      },
    });
    await process_.line(/listening to the broker/);
    return process_;
  };
  const looks = async () => await database.db.selectFrom('look').select(['id', 'frames']).execute();

  test.each(['look', 'frame'] as const)(
    'between spool and PUBACK of a %s: after the restart there is exactly one look',
    async (kind) => {
      await database.db.deleteFrom('look').execute();
      const topic = `${prefixOfKitchen(kitchen)}/${kind}/${kitchen.cameraCode}`;
      const jpeg = await kitchenJpeg(kind === 'look' ? 1 : 5);
      const payload = kind === 'look' ? lookPayload([{ at: new Date(), jpeg }]) : jpeg;
      const first = await start();
      // The frame lies in the spool, the row cannot be written.
      await lock.query('begin');
      await lock.query('lock table look in exclusive mode');
      await box.publishAsync(topic, payload, { qos: 1 });
      await until(async () => {
        const { rows } = await lock.query(
          `select count(*)::int as n from pg_locks where not granted and relation = 'look'::regclass`,
        );
        return rows[0].n > 0;
      }, 'the gateway is about to write the row');
      first.signal('SIGKILL');
      await first.ended;
      await lock.query('rollback');
      const second = await start();
      // PostgreSQL may have ended the statement of the dead one: the message that comes again finds its look there.
      await until(async () => (await looks()).length > 0, 'the message came again');
      second.signal('SIGKILL');
      await second.ended;
      // Once more: now between commit and PUBACK, or after it.
      const third = await start();
      third.signal('SIGTERM');
      expect(await third.ended).toBe(0);
      const rows = await looks();
      expect(rows).toHaveLength(1);
      expect(rows[0]?.frames).toHaveLength(1);
    },
  );

  test('it ends on SIGTERM within five seconds, also while the database hangs', async () => {
    const running = await start();
    await lock.query('begin');
    await lock.query('lock table look in exclusive mode');
    const payload = lookPayload([{ at: new Date(), jpeg: await kitchenJpeg(9) }]);
    await box.publishAsync(`${prefixOfKitchen(kitchen)}/look/${kitchen.cameraCode}`, payload, { qos: 1 });
    await until(async () => {
      const { rows } = await lock.query(
        `select count(*)::int as n from pg_locks where not granted and relation = 'look'::regclass`,
      );
      return rows[0].n > 0;
    }, 'the gateway is about to write the row');
    const before = performance.now();
    running.signal('SIGTERM');
    expect(await running.ended).toBe(0);
    expect(performance.now() - before).toBeLessThan(5_000);
    await lock.query('rollback');
  });

  test('it ends on SIGTERM also while it waits for a database that is not there', async () => {
    const waiting = startProcess(process.execPath, ['services/gateway/main.ts'], {
      env: {
        ...process.env,
        DATABASE_URL: 'postgres://nobody@127.0.0.1:9/nothing',
        MQTT_URL: broker.url,
        OBJECT_STORE_URL: `file://${folder}/objects`,
        MINGZAO_SECRET_KEY: '11'.repeat(32),
      },
    });
    await waiting.line(/ECONNREFUSED/);
    waiting.signal('SIGTERM');
    expect(await waiting.ended).toBe(0);
  });
});
