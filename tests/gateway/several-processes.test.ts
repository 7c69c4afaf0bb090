import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '../../services/db/database.ts';
import { hashGatewaySecret } from '../../services/db/gateway-secret.ts';
import { loadGateways } from '../../services/db/registry.ts';
import { msToNextLook } from '../../services/domain/schedule.ts';
import { type Gateway, startGateway } from '../../services/gateway/gateway.ts';
import { mosquittoFiles } from '../../tools/mqtt-acl/mosquitto.ts';
import { useTestDatabase } from '../support/postgres.ts';
import { SERVICE } from './support/acl.ts';
import { startMosquitto } from './support/mosquitto.ts';
import { kitchenJpeg } from './support/pictures.ts';
import { kitchenWithSecret, prefixOfKitchen, SECRET, testConfig, until } from './support/running.ts';

describe('two gateway processes on one Mosquitto', () => {
  const url = useTestDatabase();

  test.each([
    ['share the messages', '1'],
    ['both hear everything', '0'],
  ])('that %s make one look of one burst', async (_, shared) => {
    const folder = await mkdtemp(join(tmpdir(), 'mingzao-two-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const database = openDatabase(url(), { max: 2 });
    onTestFinished(() => database.close());
    const kitchen = await kitchenWithSecret(database);
    const account = { username: SERVICE.username, secretHash: await hashGatewaySecret(SERVICE.password) };
    const broker = await startMosquitto(mosquittoFiles(await loadGateways(database.db), account));
    onTestFinished(() => broker.stop());

    let at = new Date('2026-03-02T04:00:00Z');
    // A due point has just come, so that the next one is far.
    at = new Date(at.getTime() + msToNextLook(kitchen.cameraId, 30, at));
    const processes: Gateway[] = [];
    for (const id of ['one', 'two']) {
      const config = testConfig(url(), folder, {
        MQTT_URL: broker.url,
        MINGZAO_GATEWAY_ID: id,
        MINGZAO_MQTT_SHARED: shared,
      });
      const gateway = await startGateway(config, { now: () => at }, { tick: false });
      onTestFinished(() => gateway.stop());
      processes.push(gateway);
      await until(async () => gateway.broker.ready, `${id} listens`);
    }
    const box = await mqtt.connectAsync(broker.url, {
      username: kitchen.gatewayCode,
      password: SECRET,
      protocolVersion: 4,
    });
    onTestFinished(() => box.endAsync(true));
    const copies = shared === '1' ? 1 : 2;
    const settled = (): number => processes.reduce((sum, gateway) => sum + gateway.broker.settled, 0);
    for (let i = 0; i < 10; i += 1) {
      const before = settled();
      const topic = `${prefixOfKitchen(kitchen)}/frame/${kitchen.cameraCode}`;
      await box.publishAsync(topic, await kitchenJpeg(i), { qos: 1 });
      await until(async () => settled() >= before + copies, `frame ${i}`);
      at = new Date(at.getTime() + 1_500);
    }
    at = new Date(at.getTime() + 12_000);
    for (const gateway of processes) await gateway.ticker.tick();
    const looks = await database.db
      .selectFrom('look')
      .selectAll()
      .where('camera_id', '=', kitchen.cameraId)
      .execute();
    expect(looks).toHaveLength(1);
    expect(looks[0]?.state).toBe('queued');
    expect(looks[0]?.frames).toHaveLength(5);
    const times = looks[0]?.frames.map((frame) => Date.parse(frame.at)) ?? [];
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(5_500);
    if (shared === '1') for (const gateway of processes) expect(gateway.broker.settled).toBeGreaterThan(0);
  });
});
