import type { MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Kitchen } from '../support/kitchen.ts';
import { useTestDatabase } from '../support/postgres.ts';
import { plainJpeg } from '../support/spooled-look.ts';
import {
  connectBox,
  kitchenWithSecret,
  prefixOfKitchen,
  type Running,
  startRunning,
  until,
} from './support/running.ts';

describe('raw frames', () => {
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
    box = await connectBox(running.config.mqttUrl, kitchen);
  });
  afterAll(async () => {
    await box.endAsync();
    await running.stop();
  });

  const looks = () =>
    running.database.db.selectFrom('look').selectAll().where('camera_id', '=', kitchen.cameraId).execute();
  const send = (jpeg: Buffer) =>
    box.publishAsync(`${prefixOfKitchen(kitchen)}/frame/${kitchen.cameraCode}`, jpeg, { qos: 1 });

  test('five of them make one look that waits in the queue', async () => {
    for (let i = 0; i < 5; i += 1) {
      await send(await plainJpeg(20 + i * 40));
      await until(async () => (await looks())[0]?.frames.length === i + 1, `frame ${i + 1}`);
      running.clock.forward(1.5);
    }
    const [look] = await until(async () => {
      const rows = await looks();
      return rows[0]?.state === 'queued' && rows;
    }, 'the look is queued');
    expect(look?.frames).toHaveLength(5);
    expect((await running.gateway.parts.queue.depth()).waiting).toBe(1);
  });
});
