import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSealer } from '../../services/db/seal.ts';
import { type OpeningHours, WEEKDAYS } from '../../services/domain/hours.ts';
import {
  NIGHT_BURST_EVERY_S,
  nightBurstDue,
  nightOf,
  watchesAtNight,
} from '../../services/domain/night-watch.ts';
import { STARTING_RULES } from '../../services/domain/rules.ts';
import { encodeVideo } from '../../services/media/encode.ts';
import { type RtspServer, startRtspServer } from '../../tools/rtsp-server/start.ts';
import { kitchenJpeg } from '../gateway/support/pictures.ts';
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
  zoneAt,
} from '../gateway/support/running.ts';
import type { Kitchen } from '../support/kitchen.ts';
import { numberedPictures, SMALL } from '../support/media.ts';
import { useTestDatabase } from '../support/postgres.ts';

test('bursts of the night have a price and therefore a bound', () => {
  expect(nightBurstDue(false, undefined)).toBe(true);
  expect(nightBurstDue(true, NIGHT_BURST_EVERY_S.changed - 1)).toBe(false);
  expect(nightBurstDue(true, NIGHT_BURST_EVERY_S.changed)).toBe(true);
  expect(nightBurstDue(false, NIGHT_BURST_EVERY_S.changed)).toBe(false);
  expect(nightBurstDue(false, NIGHT_BURST_EVERY_S.unchanged)).toBe(true);
});

test('only a rule for moving animals around the clock makes a night watch', () => {
  expect(watchesAtNight(STARTING_RULES)).toBe(true);
  expect(watchesAtNight(STARTING_RULES.filter(({ kind }) => kind !== 'rodent'))).toBe(false);
  expect(watchesAtNight(STARTING_RULES.map((rule) => ({ ...rule, hours: 'opening' as const })))).toBe(false);
});

test('a kitchen’s night is when it is closed; of one that never closes, from ten to six', () => {
  const week = (...spans: [string, string][]) =>
    Object.fromEntries(WEEKDAYS.map((day) => [day, spans])) as OpeningHours;
  const nights = (hours: OpeningHours | null) =>
    [0, 5, 6, 12, 21, 22].filter((hour) =>
      nightOf(hours, 'Asia/Shanghai')(new Date(Date.UTC(2026, 2, 2, hour - 8, 30))),
    );
  expect(nights(week(['07:00', '13:00']))).toEqual([0, 5, 6, 21, 22]);
  expect(nights({})).toEqual([0, 5, 6, 12, 21, 22]);
  const never = [0, 5, 22];
  expect(nights(null)).toEqual(never);
  expect(nights(week(['00:00', '00:00']))).toEqual(never);
  expect(nights(week(['00:00', '12:00'], ['12:00', '24:00']))).toEqual(never);
  expect(nights({ ...week(['00:00', '00:00']), mon: [] })).toEqual([0, 5, 6, 12, 21, 22]);
});

describe('an RTSP camera of a closed kitchen', () => {
  const url = useTestDatabase();
  let folder: string;
  let server: RtspServer;
  let running: Running;
  let kitchen: Kitchen;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mingzao-night-'));
    const file = join(folder, 'kitchen.mp4');
    await encodeVideo(file, numberedPictures(400, SMALL), { framesPerS: 8, gopS: 1, codec: 'h264' });
    server = await startRtspServer({ mounts: { '/kitchen': file } });
    running = await startRunning(url(), {
      overrides: { now: () => new Date() },
      tick: true,
      rtsp: { UV_THREADPOOL_SIZE: '64' },
      seed: async (database) => {
        kitchen = await kitchenWithSecret(database);
        await database.db.updateTable('merchant').set({ opening_hours: '{}' }).execute();
      },
    });
  });
  afterAll(async () => {
    await running.stop();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  test('its looks are bursts of eight frames over four seconds, without a worker asking', async () => {
    const address = createSealer(Buffer.from('11'.repeat(32), 'hex')).seal(server.url('/kitchen'));
    const { id } = await addCamera(running, kitchen, { rtspUrlSealed: address, lookIntervalS: 5 });
    const look = await until(
      async () =>
        (await looksOf(running, id)).find(({ state, frames }) => state === 'queued' && frames.length > 1),
      'a burst',
      25_000,
    );
    expect(look.frames).toHaveLength(8);
    const times = look.frames.map((frame) => Date.parse(frame.at));
    const spanMs = (times.at(-1) ?? 0) - (times[0] ?? 0);
    expect(spanMs).toBeGreaterThan(3_500);
    expect(spanMs).toBeLessThan(4_500);
    expect(look.clip).not.toBeNull();
    const bursts = (await looksOf(running, id)).filter(({ frames }) => frames.length > 1);
    expect(bursts).toHaveLength(1);
  }, 45_000);
});

describe('an RTSP camera of a kitchen whose hours nobody wrote down', () => {
  const url = useTestDatabase();
  let folder: string;
  let server: RtspServer;
  let running: Running;
  let kitchen: Kitchen;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mingzao-unsaid-'));
    const file = join(folder, 'kitchen.mp4');
    await encodeVideo(file, numberedPictures(400, SMALL), { framesPerS: 8, gopS: 1, codec: 'h264' });
    server = await startRtspServer({ mounts: { '/kitchen': file } });
    running = await startRunning(url(), {
      overrides: { now: () => new Date() },
      tick: true,
      rtsp: { UV_THREADPOOL_SIZE: '64' },
      seed: async (database) => {
        kitchen = await kitchenWithSecret(database);
        await database.db
          .updateTable('region')
          .set({ time_zone: zoneAt(2) })
          .execute();
      },
    });
  });
  afterAll(async () => {
    await running.stop();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  test('its looks at night are bursts too, long enough for the rules of staff that may be there', async () => {
    const address = createSealer(Buffer.from('11'.repeat(32), 'hex')).seal(server.url('/kitchen'));
    const { id } = await addCamera(running, kitchen, { rtspUrlSealed: address, lookIntervalS: 5 });
    const look = await until(
      async () =>
        (await looksOf(running, id)).find(({ state, frames }) => state === 'queued' && frames.length > 1),
      'a burst',
      25_000,
    );
    const offsets = look.frames.map(({ at }) => (Date.parse(at) - look.captured_at.getTime()) / 1000);
    expect(offsets).toHaveLength(10);
    expect(offsets[7]).toBeCloseTo(4, 0);
    expect(offsets.at(-1)).toBeGreaterThanOrEqual(5);
  }, 45_000);
});

describe('a box that sends bursts from a closed kitchen', () => {
  const url = useTestDatabase();
  let running: Running;
  let kitchen: Kitchen;
  let box: MqttClient;

  beforeAll(async () => {
    running = await startRunning(url(), {
      seed: async (database) => {
        kitchen = await kitchenWithSecret(database);
        await database.db.updateTable('merchant').set({ opening_hours: '{}' }).execute();
      },
    });
    box = await connectBox(running.brokerUrl, kitchen);
  });
  afterAll(async () => {
    await box.endAsync();
    await running.stop();
  });

  /** Sends pictures that the gate takes for the same; resolves when they were dealt with. */
  const send = async (code: string, frames: number): Promise<void> => {
    const before = running.settled();
    const at = (i: number) => new Date(running.clock.at.getTime() - (frames - i) * 500);
    const pictures = Array.from({ length: frames }, async (_, i) => ({
      at: at(i),
      jpeg: await kitchenJpeg(1, running.clock.at.getTime() / 1000 + i),
    }));
    const payload = lookPayload(await Promise.all(pictures));
    await box.publishAsync(`${prefixOfKitchen(kitchen)}/look/${code}`, payload, { qos: 1 });
    await until(async () => running.settled() > before, 'the look was dealt with');
    running.clock.forward(30);
  };

  test('unchanged ones are judged every two minutes, since a mouse is smaller than the gate sees', async () => {
    const { id, code } = await addCamera(running, kitchen);
    for (let i = 0; i < 9; i += 1) await send(code, 3);
    const looks = await looksOf(running, id);
    expect(looks.map(({ frames }) => frames.length)).toEqual([3, 3, 3]);
  });

  test('single pictures are judged only when they changed: they show no motion', async () => {
    const { id, code } = await addCamera(running, kitchen);
    for (let i = 0; i < 6; i += 1) await send(code, 1);
    expect(await looksOf(running, id)).toHaveLength(1);
  });

  test('where only a zone drawn into the picture is watched for rodents, its camera keeps watch', async () => {
    const { db } = running.database;
    const { id: zone } = await db
      .insertInto('zone')
      .values({ merchant_id: kitchen.merchantId, code: 'store', kind: 'storage', name: '库房' })
      .returning('id')
      .executeTakeFirstOrThrow();
    const { id, code } = await addCamera(running, kitchen);
    await db
      .updateTable('camera')
      .set({ zone_areas: JSON.stringify([{ zone, area: [0, 0, 0.5, 1] }]) })
      .where('id', '=', id)
      .execute();
    await db.updateTable('rule').set({ zone_kind: 'storage' }).where('kind', '=', 'rodent').execute();
    const entry = (camera: string) => running.gateway.parts.registry.cameras.get(camera);
    await until(async () => entry(kitchen.cameraId)?.aroundTheClock === false, 'only storage is watched');
    await until(async () => entry(id)?.record.zoneAreas.length === 1, 'the drawn zone is known');
    await send(code, 3);
    expect(await looksOf(running, id)).toHaveLength(1);
    await send(kitchen.cameraCode, 3);
    expect(await looksOf(running, kitchen.cameraId)).toEqual([]);
  });
});
