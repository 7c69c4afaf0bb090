/** What a gateway kept while its line was down: only pictures that show something are observations, as of those that come live. */
import type { MqttClient } from 'mqtt';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
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
} from '../gateway/support/running.ts';
import type { Kitchen } from '../support/kitchen.ts';
import { useTestDatabase } from '../support/postgres.ts';

const MINUTE_MS = 60_000;
const url = useTestDatabase();
let running: Running;
let kitchen: Kitchen;
let box: MqttClient;
let camera: { id: string; code: string };

beforeAll(async () => {
  running = await startRunning(url());
});
afterAll(async () => {
  await running.stop();
});
beforeEach(async () => {
  kitchen = await kitchenWithSecret(running.database);
  camera = await addCamera(running, kitchen);
  box = await connectBox(running.brokerUrl, kitchen);
  await running.gateway.ticker.tick();
  return async () => {
    await box.endAsync(true);
    await running.database.db.updateTable('camera').set({ enabled: false }).execute();
  };
});

async function send(at: number, jpeg: Buffer): Promise<void> {
  const before = running.settled();
  const payload = lookPayload([{ at: new Date(at), jpeg }], { seq: Math.floor(at / 1000) });
  await box.publishAsync(`${prefixOfKitchen(kitchen)}/look/${camera.code}`, payload, { qos: 1 });
  await until(async () => running.settled() > before, 'the look was dealt with');
}

/** The line is down for a quarter of an hour; then comes a picture of each minute. @returns the minutes' letters, and those of looks */
async function afterOutage(picture: (minute: number) => Promise<Buffer>) {
  await send(running.clock.at.getTime(), await kitchenJpeg(1, 999));
  // To the next full hour, in which all of it lies.
  const hour = (Math.floor(running.clock.at.getTime() / 3_600_000) + 1) * 3_600_000;
  while (running.clock.at.getTime() < hour + 15 * MINUTE_MS) {
    running.clock.forward(60);
    await running.gateway.ticker.tick();
  }
  for (let minute = 0; minute < 10; minute += 1) await send(hour + minute * MINUTE_MS, await picture(minute));
  const looks = (await looksOf(running, camera.id)).map(({ captured_at: at }) => at.getTime() - hour);
  const { minutes } = await running.database.db
    .selectFrom('coverage')
    .select('minutes')
    .where('camera_id', '=', camera.id)
    .where('hour', '=', new Date(hour))
    .executeTakeFirstOrThrow();
  return {
    letters: minutes.slice(0, 10),
    looked: looks.filter((ms) => ms >= 0).map((ms) => ms / MINUTE_MS),
  };
}

test('pictures that show something are looked at', async () => {
  const { letters, looked } = await afterOutage((minute) => kitchenJpeg(minute % 8, minute + 1));
  expect(looked).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  // Until a worker has said what they show.
  expect(letters).toBe('OOOOOOOOOO');
});

test('black ones are not, and their minutes were blind', async () => {
  const black = (minute: number) =>
    sharp({ create: { width: 320, height: 180, channels: 3, background: { r: minute % 3, g: 2, b: 2 } } })
      .jpeg()
      .toBuffer();
  expect(await afterOutage(black)).toEqual({ letters: 'XXXXXXXXXX', looked: [] });
});

test('nor is one that stands still for longer than the limit', async () => {
  const { letters, looked } = await afterOutage(() => kitchenJpeg(4, 7));
  expect({ letters, looked }).toEqual({ letters: 'OOFFFFFFFF', looked: [0, 1] });
  // Another outage, in which the camera is well.
  expect((await afterOutage((minute) => kitchenJpeg(minute % 8, minute + 20))).looked).toHaveLength(10);
});
