import type { MqttClient } from 'mqtt';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ObjectStore } from '../../services/evidence/object-store.ts';
import { openObjectStore } from '../../services/evidence/open.ts';
import type { LookQueue } from '../../services/queue/look-queue.ts';
import type { Kitchen } from '../support/kitchen.ts';
import { useTestDatabase } from '../support/postgres.ts';
import { kitchenJpeg } from './support/pictures.ts';
import {
  addCamera,
  connectBox,
  kitchenWithSecret,
  lookPayload,
  looksOf,
  prefixOfKitchen,
  type Running,
  startRunning,
  until,
} from './support/running.ts';

describe('a message is acknowledged after its look is safe, and not before', () => {
  const url = useTestDatabase();
  let running: Running;
  let kitchen: Kitchen;
  let box: MqttClient;
  let queueDown = false;
  let storeDown = false;
  let attempts = 0;
  const added: string[] = [];

  beforeAll(async () => {
    const queue: LookQueue = {
      async add(lookId) {
        attempts += 1;
        if (queueDown) throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
        added.push(lookId);
      },
      depth: async () => ({ waiting: 0, active: 0 }),
      close: async () => {},
    };
    const real = openObjectStore({
      kind: 'file',
      path: `${process.env.TMPDIR ?? '/tmp'}/mingzao-ack-${process.pid}`,
    });
    const store: ObjectStore = {
      ...real,
      async put(key, bytes, options) {
        if (storeDown) {
          attempts += 1;
          throw new Error('the disk is full');
        }
        await real.put(key, bytes, options);
      },
    };
    running = await startRunning(url(), {
      overrides: { queue, store },
      seed: async (database) => {
        kitchen = await kitchenWithSecret(database);
      },
    });
    box = await connectBox(running.brokerUrl, kitchen);
  });
  afterAll(async () => {
    await box.endAsync();
    await running.stop();
  });

  const send = async (camera: string, place: number): Promise<Buffer> => {
    const jpeg = await kitchenJpeg(place);
    const payload = lookPayload([{ at: running.clock.at, jpeg }]);
    await box.publishAsync(`${prefixOfKitchen(kitchen)}/look/${camera}`, payload, { qos: 1 });
    return payload;
  };
  /** A message of another camera that went through: what came before it had its chance, too. */
  const acknowledgedOne = (before: number) =>
    until(async () => running.tap.pubacks > before, 'one more PUBACK');

  test('while the table is locked there is no PUBACK; afterwards there is', async () => {
    const camera = await addCamera(running, kitchen);
    const lock = new pg.Client({ connectionString: url() });
    await lock.connect();
    await lock.query('begin');
    await lock.query('lock table look in exclusive mode');
    const before = running.tap.pubacks;
    await send(camera.code, 1);
    await until(async () => {
      const { rows } = await lock.query(
        `select count(*)::int as n from pg_locks where not granted and relation = 'look'::regclass`,
      );
      return rows[0].n > 0;
    }, 'the gateway waits for the table');
    expect(running.tap.pubacks).toBe(before);
    await lock.query('rollback');
    await lock.end();
    await acknowledgedOne(before);
    expect(await looksOf(running, camera.id)).toHaveLength(1);
  });

  test('one waiting camera does not hold up another', async () => {
    const [slow, quick] = [await addCamera(running, kitchen), await addCamera(running, kitchen)];
    const lock = new pg.Client({ connectionString: url() });
    await lock.connect();
    await lock.query('begin');
    // Only this camera's row: looks refer to it.
    await lock.query('select from camera where id = $1 for update', [slow.id]);
    const before = running.tap.pubacks;
    await send(slow.code, 1);
    await send(quick.code, 1);
    await acknowledgedOne(before);
    expect(await looksOf(running, quick.id)).toHaveLength(1);
    expect(await looksOf(running, slow.id)).toHaveLength(0);
    await lock.query('rollback');
    await lock.end();
    await until(async () => running.tap.pubacks === before + 2, 'the slow one is acknowledged, too');
  });

  test('while the queue is away there is no PUBACK; then the look is queued once it is back', async () => {
    const camera = await addCamera(running, kitchen);
    queueDown = true;
    attempts = 0;
    const before = running.tap.pubacks;
    await send(camera.code, 1);
    await until(async () => attempts >= 2, 'it was tried twice');
    expect(running.tap.pubacks).toBe(before);
    queueDown = false;
    await acknowledgedOne(before);
    const [look] = await looksOf(running, camera.id);
    expect(added.filter((id) => id === look?.id)).toHaveLength(1);
  });

  test('while the object store is away there is no PUBACK', async () => {
    const camera = await addCamera(running, kitchen);
    storeDown = true;
    attempts = 0;
    const before = running.tap.pubacks;
    await send(camera.code, 1);
    await until(async () => attempts >= 2, 'it was tried twice');
    expect(running.tap.pubacks).toBe(before);
    expect(await looksOf(running, camera.id)).toHaveLength(0);
    storeDown = false;
    await acknowledgedOne(before);
    expect(await looksOf(running, camera.id)).toHaveLength(1);
  });

  test('what was not acknowledged when the wire broke comes again and makes one look', async () => {
    const camera = await addCamera(running, kitchen);
    queueDown = true;
    attempts = 0;
    await send(camera.code, 1);
    await until(async () => attempts >= 1, 'it is in hand');
    running.tap.cut();
    await until(async () => !running.gateway.broker.connected, 'the wire is cut');
    const before = running.tap.pubacks;
    queueDown = false;
    await acknowledgedOne(before);
    expect(await looksOf(running, camera.id)).toHaveLength(1);
  });

  test('the same look sent twice is one look, also from a buffer', async () => {
    const camera = await addCamera(running, kitchen);
    const jpeg = await kitchenJpeg(4);
    const topic = `${prefixOfKitchen(kitchen)}/look/${camera.code}`;
    const old = new Date(running.clock.at.getTime() - 3_600_000);
    for (const at of [running.clock.at, old]) {
      const before = running.settled();
      const payload = lookPayload([{ at, jpeg }]);
      await box.publishAsync(topic, payload, { qos: 1 });
      await box.publishAsync(topic, payload, { qos: 1 });
      await until(async () => running.settled() >= before + 2, 'both are acknowledged');
    }
    const looks = await looksOf(running, camera.id);
    expect(looks.map((look) => look.captured_at)).toEqual([old, running.clock.at]);
  });

  test('a camera that was removed while its look waited is refused, not tried for ever', async () => {
    const camera = await addCamera(running, kitchen);
    const entry = running.gateway.parts.registry.cameras.get(camera.id);
    expect(entry).toBeDefined();
    storeDown = true;
    attempts = 0;
    const before = running.tap.pubacks;
    await send(camera.code, 1);
    await until(async () => attempts >= 1, 'it is in hand');
    await running.database.db.deleteFrom('camera').where('id', '=', camera.id).execute();
    storeDown = false;
    await acknowledgedOne(before);
  });
});
