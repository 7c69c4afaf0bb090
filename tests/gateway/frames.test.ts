import type { MqttClient } from 'mqtt';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { msToNextLook } from '../../services/domain/schedule.ts';
import type { Kitchen } from '../support/kitchen.ts';
import { useTestDatabase } from '../support/postgres.ts';
import { kitchenJpeg } from './support/pictures.ts';
import {
  addCamera,
  connectBox,
  kitchenWithSecret,
  type Looks,
  looksOf,
  onlyOpeningRules,
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
  let camera: { id: string; code: string };

  beforeAll(async () => {
    running = await startRunning(url(), {
      seed: async (database) => {
        await onlyOpeningRules(database);
        kitchen = await kitchenWithSecret(database);
      },
    });
    box = await connectBox(running.brokerUrl, kitchen);
  });
  afterAll(async () => {
    await box.endAsync();
    await running.stop();
  });
  beforeEach(async () => {
    camera = await addCamera(running, kitchen);
    // Far from what the test before left behind, and a due point has just come.
    running.clock.forward(600);
    running.clock.forward(msToNextLook(camera.id, 30, running.clock.at) / 1000);
  });

  const looks = (): Promise<Looks> => looksOf(running, camera.id);
  const send = async (jpeg: Buffer): Promise<void> => {
    await box.publishAsync(`${prefixOfKitchen(kitchen)}/frame/${camera.code}`, jpeg, { qos: 1 });
  };
  /** Sends and waits until the gateway has dealt with it. */
  const sendAndSettle = async (jpeg: Buffer): Promise<void> => {
    const before = running.settled();
    await send(jpeg);
    await until(async () => running.settled() > before, 'the frame was dealt with');
  };
  const coverage = async (): Promise<string> => {
    const row = await running.database.db
      .selectFrom('coverage')
      .select('minutes')
      .where('camera_id', '=', camera.id)
      .executeTakeFirst();
    return (row?.minutes ?? '').replaceAll('.', '');
  };

  test('five over six seconds make one look that waits in the queue', async () => {
    const before = (await running.gateway.parts.queue.depth()).waiting;
    for (let i = 0; i < 5; i += 1) {
      await sendAndSettle(await kitchenJpeg(i));
      expect((await looks())[0]?.frames).toHaveLength(i + 1);
      running.clock.forward(1.5);
    }
    const [look] = await looks();
    expect(look?.state).toBe('queued');
    expect(look?.frames.map((frame) => frame.width)).toEqual([320, 320, 320, 320, 320]);
    expect((await running.gateway.parts.queue.depth()).waiting).toBe(before + 1);
    const stored = await running.gateway.parts.store.get(look?.frames[4]?.key ?? '');
    expect(stored.equals(await kitchenJpeg(4))).toBe(true);
  });

  test('between two due points they are acknowledged and forgotten', async () => {
    for (let i = 0; i < 5; i += 1) {
      await sendAndSettle(await kitchenJpeg(i));
      running.clock.forward(1.5);
    }
    await sendAndSettle(await kitchenJpeg(7));
    expect(await looks()).toHaveLength(1);
    running.clock.forward(30);
    await sendAndSettle(await kitchenJpeg(8));
    expect(await looks()).toHaveLength(2);
  });

  test('a burst takes at most one frame an offset, and the same bytes once', async () => {
    await sendAndSettle(await kitchenJpeg(0));
    running.clock.forward(0.2);
    await sendAndSettle(await kitchenJpeg(1));
    running.clock.forward(1.4);
    await sendAndSettle(await kitchenJpeg(0));
    expect((await looks())[0]?.frames).toHaveLength(1);
    await sendAndSettle(await kitchenJpeg(2));
    expect((await looks())[0]?.frames).toHaveLength(2);
  });

  test('a slow camera is judged with what came within twelve seconds', async () => {
    await sendAndSettle(await kitchenJpeg(0));
    running.clock.forward(8);
    await sendAndSettle(await kitchenJpeg(1));
    running.clock.forward(3);
    await running.gateway.ticker.tick();
    expect((await looks())[0]?.state).toBe('gathering');
    running.clock.forward(2);
    await running.gateway.ticker.tick();
    const [look] = await looks();
    expect([look?.state, look?.frames.length]).toEqual(['queued', 2]);
  });

  test('an unchanged picture costs no look and counts as coverage', async () => {
    await sendAndSettle(await kitchenJpeg(0, 1));
    running.clock.forward(13);
    await running.gateway.ticker.tick();
    running.clock.forward(30);
    await sendAndSettle(await kitchenJpeg(0, 2));
    expect(await looks()).toHaveLength(1);
    expect(await coverage()).toContain('U');
  });

  test('a newer look of the camera takes the place of one that still waits', async () => {
    for (const place of [1, 5]) {
      await sendAndSettle(await kitchenJpeg(place));
      running.clock.forward(13);
      await running.gateway.ticker.tick();
      running.clock.forward(20);
    }
    expect((await looks()).map((look) => [look.state, look.outcome])).toEqual([
      ['decided', 'dropped'],
      ['queued', null],
    ]);
    expect(await coverage()).toContain('D');
  });

  test('the last picture of the camera is kept', async () => {
    await sendAndSettle(await kitchenJpeg(3));
    const row = await until(async () => {
      await running.gateway.parts.pictures.flush();
      const found = await running.database.db
        .selectFrom('camera_status')
        .selectAll()
        .where('camera_id', '=', camera.id)
        .executeTakeFirst();
      return found?.picture_key !== null && found;
    }, 'the last picture');
    expect(row.picture_key).toBe(`pictures/${camera.id}.jpg`);
    expect(row.source_info).toMatchObject({ width: 320, height: 180 });
    const kept = await running.gateway.parts.store.get(`pictures/${camera.id}.jpg`);
    expect(kept.equals(await kitchenJpeg(3))).toBe(true);
  });

  test('a frame that comes again after a restart makes no second look', async () => {
    await sendAndSettle(await kitchenJpeg(5));
    expect(await looks()).toHaveLength(1);
    // A new process remembers nothing.
    running.gateway.parts.watches.forget(camera.id);
    running.clock.forward(45);
    await sendAndSettle(await kitchenJpeg(5));
    expect(await looks()).toHaveLength(1);
  });

  test('outside opening hours nothing is looked at', async () => {
    await running.database.db
      .updateTable('merchant')
      .set({ opening_hours: JSON.stringify({}) })
      .where('id', '=', kitchen.merchantId)
      .execute();
    await until(
      async () =>
        running.gateway.parts.registry.cameras.get(camera.id)?.record.openingHours !== null || undefined,
      'the registry was read again',
    );
    await sendAndSettle(await kitchenJpeg(1));
    expect(await looks()).toHaveLength(0);
  });
});
