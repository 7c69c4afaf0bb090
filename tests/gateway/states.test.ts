import type { MqttClient } from 'mqtt';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { closeLook } from '../../services/db/looks.ts';
import { fillGaps } from '../../services/gateway/looks/fill-gaps.ts';
import type { Kitchen } from '../support/kitchen.ts';
import { useTestDatabase } from '../support/postgres.ts';
import { kitchenJpeg } from './support/pictures.ts';
import {
  addCamera,
  connectBox,
  kitchenWithSecret,
  looksOf,
  onlyOpeningRules,
  prefixOfKitchen,
  type Running,
  startRunning,
  until,
} from './support/running.ts';

describe('camera states and coverage', () => {
  const url = useTestDatabase();
  let running: Running;
  let kitchen: Kitchen;
  let box: MqttClient;
  let camera: { id: string; code: string };

  beforeAll(async () => {
    running = await startRunning(url(), {
      env: { MINGZAO_FROZEN_AFTER_S: '120' },
      seed: onlyOpeningRules,
    });
  });
  afterAll(async () => {
    await running.stop();
  });
  beforeEach(async () => {
    kitchen = await kitchenWithSecret(running.database);
    camera = await addCamera(running, kitchen);
    box = await connectBox(running.brokerUrl, kitchen);
    // A whole minute, so that letters are plain.
    running.clock.at = new Date(Math.ceil(running.clock.at.getTime() / 3_600_000 + 0.1) * 3_600_000);
    await running.gateway.ticker.tick();
    return async () => {
      await box.endAsync(true);
      await running.database.db.updateTable('camera').set({ enabled: false }).execute();
    };
  });

  const status = async () => {
    const row = await running.database.db
      .selectFrom('camera_status')
      .select(['state', 'cause'])
      .where('camera_id', '=', camera.id)
      .executeTakeFirst();
    return row === undefined ? undefined : `${row.state}: ${row.cause}`;
  };
  const letters = async (): Promise<string> => {
    const rows = await running.database.db
      .selectFrom('coverage')
      .select('minutes')
      .where('camera_id', '=', camera.id)
      .orderBy('hour')
      .execute();
    return rows
      .map((row) => row.minutes)
      .join('')
      .replace(/^\.+/, '')
      .replace(/\.+$/, '');
  };
  const frame = async (jpeg: Buffer): Promise<void> => {
    const before = running.settled();
    await box.publishAsync(`${prefixOfKitchen(kitchen)}/frame/${camera.code}`, jpeg, { qos: 1 });
    await until(async () => running.settled() > before, 'the frame was dealt with');
  };
  /** Time goes by in steps of ten seconds, with a picture at each when `picture` gives one. */
  const pass = async (seconds: number, picture?: (step: number) => Promise<Buffer>): Promise<void> => {
    for (let step = 0; step < seconds / 10; step += 1) {
      if (picture !== undefined) await frame(await picture(step));
      running.clock.forward(10);
      await running.gateway.ticker.tick();
    }
  };
  const living = (step: number): Promise<Buffer> => kitchenJpeg(3, step + 1);

  test('online while pictures come; offline after 60 s without; online again', async () => {
    await pass(30, living);
    expect(await status()).toBe('online: ');
    await pass(40);
    expect(await status()).toBe('online: ');
    await pass(20);
    expect(await status()).toBe('offline: no picture for 60 s');
    await pass(20, living);
    expect(await status()).toBe('online: ');
  });

  test('with a slow schedule two intervals may pass', async () => {
    await running.database.db
      .updateTable('camera')
      .set({ look_interval_s: 60 })
      .where('id', '=', camera.id)
      .execute();
    const { registry } = running.gateway.parts;
    await until(async () => registry.cameras.get(camera.id)?.intervalS === 55, 'the registry was read again');
    await pass(10, living);
    await pass(90);
    expect(await status()).toBe('online: ');
    await pass(20);
    expect(await status()).toBe('offline: no picture for 110 s');
  });

  test('the death of its gateway makes it offline at once', async () => {
    await pass(20, living);
    const send = async (kind: string): Promise<void> => {
      const before = running.settled();
      await box.publishAsync(`${prefixOfKitchen(kitchen)}/${kind}`, '{"seq":1}', { qos: 1 });
      await until(async () => running.settled() > before, `${kind} was dealt with`);
    };
    await send('birth');
    await pass(10);
    await send('death');
    await pass(10);
    expect(await status()).toBe('offline: the gateway is offline');
  });

  test('a picture that does not change at all is frozen, also when its clock ticks', async () => {
    await running.database.db
      .updateTable('camera')
      .set({ timestamp_areas: JSON.stringify([[0.7, 0, 1, 1]]) })
      .where('id', '=', camera.id)
      .execute();
    await until(
      async () => running.gateway.parts.registry.cameras.get(camera.id)?.mask.includes(1),
      'the registry was read again',
    );
    // Places 8 and 9 lie in the masked area.
    const ticking = (step: number): Promise<Buffer> => kitchenJpeg(8 + (step % 2));
    await pass(100, ticking);
    expect(await status()).toBe('online: ');
    await pass(100, ticking);
    expect(await status()).toBe('frozen: the picture does not change');
    await pass(60, living);
    expect(await status()).toBe('online: ');
  });

  test('a still kitchen with the noise of a living sensor is not frozen', async () => {
    await pass(200, living);
    expect(await status()).toBe('online: ');
  });

  test('out of hours it is closed, and dark is no fault', async () => {
    await running.database.db
      .updateTable('merchant')
      .set({ opening_hours: JSON.stringify({}) })
      .where('id', '=', kitchen.merchantId)
      .execute();
    await until(
      async () => running.gateway.parts.registry.cameras.get(camera.id)?.record.openingHours !== null,
      'the registry was read again',
    );
    await pass(120);
    expect(await status()).toBe('closed: outside opening hours');
    expect(await letters()).toBe('CC');
  });

  test('with a rule around the clock it is looked at by night, and dark is still no fault', async () => {
    const { db } = running.database;
    await db
      .updateTable('merchant')
      .set({ opening_hours: '{}' })
      .where('id', '=', kitchen.merchantId)
      .execute();
    await db.updateTable('rule').set({ hours: 'always' }).where('kind', '=', 'no_hat').execute();
    const { registry } = running.gateway.parts;
    await until(async () => {
      const entry = registry.cameras.get(camera.id);
      return entry?.aroundTheClock === true && entry.record.openingHours !== null;
    }, 'the registry was read again');
    await pass(30, living);
    expect(await status()).toBe('online: ');
    expect(await looksOf(running, camera.id)).toHaveLength(1);
    await pass(150);
    expect(await status()).toBe('closed: outside opening hours');
    expect(await letters()).toMatch(/C+$/);
    await db.updateTable('rule').set({ hours: 'opening' }).where('kind', '=', 'no_hat').execute();
    await until(
      async () => registry.cameras.get(camera.id)?.aroundTheClock === false,
      'the rules are as before',
    );
  });

  test('every minute gets its letter', async () => {
    await pass(120, living);
    await pass(240);
    expect(await letters()).toBe('UUOOOO');
    // The first minute's look waits for the worker, whose letter is stronger.
    const [look] = await looksOf(running, camera.id);
    if (look === undefined) throw new Error('there is a look');
    const { id, captured_at: capturedAt } = look;
    await closeLook(
      running.database.db,
      { id, cameraId: camera.id, capturedAt },
      'calm',
      '',
      running.clock.at,
    );
    expect(await letters()).toBe('LUOOOO');
  });

  test('minutes that nobody watched are dropped, or closed; at most a day of them', async () => {
    await running.database.db
      .updateTable('camera')
      .set({ created_at: new Date(running.clock.at.getTime() - 100 * 3_600_000) })
      .where('id', '=', camera.id)
      .execute();
    await running.database.db
      .updateTable('merchant')
      // Open from 08:00 to 20:00 in China.
      .set({
        opening_hours: JSON.stringify(
          Object.fromEntries(
            ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((day) => [day, [['08:00', '20:00']]]),
          ),
        ),
      })
      .where('id', '=', kitchen.merchantId)
      .execute();
    const { parts } = running.gateway;
    await until(
      async () => parts.registry.cameras.get(camera.id)?.record.openingHours !== null,
      'the registry was read again',
    );
    await running.database.db.deleteFrom('coverage').where('camera_id', '=', camera.id).execute();
    await parts.coverage.mark({
      cameraId: camera.id,
      at: new Date(running.clock.at.getTime() - 60_000),
      code: 'L',
    });
    await fillGaps(running.database.db, parts.registry.cameras, running.clock.at);
    const all = await letters();
    expect(all).toHaveLength(24 * 60);
    expect(all.replaceAll('D', '').replaceAll('C', '')).toBe('L');
    // The minute that was looked at may be one of the night's.
    expect(all.replace(/[^C]/g, '').length).toBeOneOf([12 * 60, 12 * 60 - 1]);
    expect(all.at(-1)).toBe('L');
  });

  test('a camera that is switched off and on again is followed without a restart', async () => {
    await pass(10, living);
    const { db } = running.database;
    await db.updateTable('camera').set({ enabled: false }).where('id', '=', camera.id).execute();
    const { registry, watches } = running.gateway.parts;
    await until(async () => !registry.cameras.has(camera.id), 'it is gone');
    expect(watches.all.has(camera.id)).toBe(false);
    await db.updateTable('camera').set({ enabled: true }).where('id', '=', camera.id).execute();
    await until(async () => registry.cameras.has(camera.id), 'it is back');
    await frame(await living(1));
    expect(watches.all.has(camera.id)).toBe(true);
  });
});
