import { encode } from 'cbor2';
import type { MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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

/** A JPEG whose header says 20,000 × 20,000. */
function bomb(jpeg: Buffer): Buffer {
  const copy = Buffer.from(jpeg);
  const sof = copy.indexOf(Buffer.from([0xff, 0xc0]));
  copy.writeUInt16BE(20_000, sof + 5);
  copy.writeUInt16BE(20_000, sof + 7);
  return copy;
}

describe('refused messages', () => {
  const url = useTestDatabase();
  let running: Running;
  let kitchen: Kitchen;
  let neighbour: Kitchen;
  let box: MqttClient;
  let jpeg: Buffer;

  beforeAll(async () => {
    running = await startRunning(url(), {
      seed: async (database) => {
        kitchen = await kitchenWithSecret(database);
        neighbour = await kitchenWithSecret(database);
      },
    });
    box = await connectBox(running.brokerUrl, kitchen);
    jpeg = await kitchenJpeg(1);
  });
  afterAll(async () => {
    await box.endAsync();
    await running.stop();
  });

  const refusals = async (gatewayId = kitchen.gatewayId) => {
    await running.gateway.parts.refusals.flush();
    const rows = await running.database.db
      .selectFrom('gateway_refusal')
      .selectAll()
      .where('gateway_id', '=', gatewayId)
      .execute();
    return Object.fromEntries(rows.map((row) => [row.reason, { ...row, count: Number(row.count) }]));
  };
  const look = (at: Date, hash?: string): Buffer =>
    lookPayload([{ at, jpeg, ...(hash === undefined ? {} : { sha256: hash }) }]);
  const ago = (hours: number): Date => new Date(running.clock.at.getTime() - hours * 3_600_000);

  const cases: [reason: string, kind: 'frame' | 'look', payload: () => Buffer, detail: RegExp][] = [
    ['truncated', 'frame', () => jpeg.subarray(0, jpeg.length / 2), /truncated JPEG/],
    ['not_jpeg', 'frame', () => Buffer.from('hello'), /not a JPEG/],
    ['picture_too_large', 'frame', () => bomb(jpeg), /20000x20000/],
    ['too_large', 'frame', () => Buffer.alloc(1024 * 1024 + 1, 0xff), /1048577 bytes/],
    ['bad_cbor', 'look', () => Buffer.from([0xbf, 0xff, 0x01, 0x99]), /not CBOR/],
    ['bad_fields', 'look', () => Buffer.from(encode({ v: 2, seq: 1, frames: [] })), /v must be 1/],
    ['bad_hash', 'look', () => look(ago(0), '0'.repeat(64)), /SHA-256/],
    ['future_dated', 'look', () => look(ago(-24)), /ahead of us/],
    ['too_old', 'look', () => look(ago(49)), /more than 48 h/],
  ];
  test.each(cases)('%s', async (reason, kind, payload, detail) => {
    const before = (await refusals())[reason]?.count ?? 0;
    await box.publishAsync(`${prefixOfKitchen(kitchen)}/${kind}/${kitchen.cameraCode}`, payload(), {
      qos: 1,
    });
    const row = await until(async () => {
      const found = (await refusals())[reason];
      return (found?.count ?? 0) > before && found;
    }, `${reason} is counted`);
    expect(row.last_detail).toMatch(detail);
    expect(row.last_detail).toContain(kitchen.cameraCode);
  });

  test('a packet beyond the limit never reaches the broker, and the connection lives', async () => {
    let closed = 0;
    box.on('close', () => {
      closed += 1;
    });
    const topic = `${prefixOfKitchen(kitchen)}/look/${kitchen.cameraCode}`;
    await box.publishAsync(topic, Buffer.alloc(5 * 1024 * 1024), { qos: 1 });
    await until(async () => /look/.test((await refusals()).too_large?.last_detail ?? ''), 'it is counted');
    expect((await refusals()).too_large?.last_detail).toContain(topic);
    expect(closed).toBe(0);
  });

  test.each([
    ['unknown_camera', 'frame/nobody'],
    ['bad_topic', 'frame'],
    ['unsupported_format', 'event'],
  ])('%s', async (reason, rest) => {
    await box.publishAsync(`${prefixOfKitchen(kitchen)}/${rest}`, jpeg, { qos: 1 });
    expect(await until(async () => (await refusals())[reason], `${reason} is counted`)).toMatchObject({
      count: 1,
    });
  });

  test("a camera of another gateway is unknown, and its own gateway's page stays clean", async () => {
    const before = (await refusals()).unknown_camera?.count ?? 0;
    await box.publishAsync(`${prefixOfKitchen(kitchen)}/frame/${neighbour.cameraCode}`, jpeg, { qos: 1 });
    await until(async () => ((await refusals()).unknown_camera?.count ?? 0) > before, 'it is counted');
    expect(await refusals(neighbour.gatewayId)).toEqual({});
    expect(await looksOf(running, neighbour.cameraId)).toEqual([]);
  });

  test('a camera that is switched off', async () => {
    const camera = await addCamera(running, kitchen);
    await running.database.db
      .updateTable('camera')
      .set({ enabled: false })
      .where('id', '=', camera.id)
      .execute();
    await until(async () => !running.gateway.parts.registry.cameras.has(camera.id), 'it is gone');
    await box.publishAsync(`${prefixOfKitchen(kitchen)}/frame/${camera.code}`, jpeg, { qos: 1 });
    const row = await until(async () => (await refusals()).disabled_camera, 'it is counted');
    expect(row.last_detail).toContain('switched off');
  });

  test('what is refused does not stop what is right', async () => {
    const camera = await addCamera(running, kitchen);
    const topic = `${prefixOfKitchen(kitchen)}/look/${camera.code}`;
    await Promise.all([
      ...cases.map(([, kind, payload]) =>
        box.publishAsync(`${prefixOfKitchen(kitchen)}/${kind}/${camera.code}`, payload(), { qos: 1 }),
      ),
      box.publishAsync(topic, look(ago(0)), { qos: 1 }),
    ]);
    const [row] = await until(async () => {
      const rows = await looksOf(running, camera.id);
      return rows.length > 0 && rows;
    }, 'the good look is accepted');
    expect(row?.state).toBe('queued');
  });
});
