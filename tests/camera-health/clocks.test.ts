/** Devices that date their own pictures, through a real broker: a wrong clock has a ticket; what comes late out of a buffer has none. */
import type { MqttClient } from 'mqtt';
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

const HOUR_S = 3_600;
const url = useTestDatabase();
let running: Running;
let kitchen: Kitchen;
let box: MqttClient;
let camera: { id: string; code: string };
let seq = 0;

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

/** The device sends a look that it dates so; then time goes by. */
async function send(at: Date, thenS: number): Promise<void> {
  seq += 1;
  const before = running.settled();
  const payload = lookPayload([{ at, jpeg: await kitchenJpeg(seq % 8, seq) }], { seq });
  await box.publishAsync(`${prefixOfKitchen(kitchen)}/look/${camera.code}`, payload, { qos: 1 });
  await until(async () => running.settled() > before, 'the look was dealt with');
  await pass(thenS);
}
async function pass(seconds: number): Promise<void> {
  running.clock.forward(seconds);
  await running.gateway.ticker.tick();
}
/** For thirteen minutes a look every 30 s, dated by a clock that is off by so much. */
async function lookBy(offS: () => number): Promise<void> {
  for (let step = 0; step < 26; step += 1) {
    await send(new Date(running.clock.at.getTime() + offS() * 1000), 30);
  }
}
const tickets = async () =>
  await running.database.db
    .selectFrom('camera_fault')
    .select(['kind', 'cause', 'detail', 'closed_at'])
    .where('camera_id', '=', camera.id)
    .orderBy('created_at')
    .execute();
const said = async () =>
  (await tickets()).map(({ kind, closed_at: at }) => `${kind} ${at === null ? 'open' : 'closed'}`);

test('a clock three minutes behind has a ticket for that, and the camera is not called offline', async () => {
  await lookBy(() => -180);
  expect(await tickets()).toEqual([
    {
      kind: 'clock',
      cause: "the device's clock is 180 s behind",
      detail: { offsetS: 180 },
      closed_at: null,
    },
  ]);
});

test('one ten minutes ahead too, although its looks are refused; once the device is dead it is offline', async () => {
  await lookBy(() => 600);
  expect(await said()).toEqual(['clock open']);
  expect((await tickets())[0]?.cause).toBe("the device's clock is 600 s ahead");
  for (let minute = 0; minute < 6; minute += 1) await pass(60);
  expect(await said()).toEqual(['clock open', 'offline open']);
});

test.each([
  ['1970', '1970-01-01T00:00:20Z'],
  ['2000', '2000-01-01T00:03:00Z'],
])('one that begins at %s after a power cut, and refused looks, too', async (_name, reset) => {
  await lookBy(() => -2);
  const behindS = (running.clock.at.getTime() - Date.parse(reset)) / 1000;
  await lookBy(() => -behindS);
  expect(await said()).toEqual(['clock open']);
  expect((await tickets())[0]?.detail).toEqual({ offsetS: behindS });
  await lookBy(() => -2);
  expect(await said()).toEqual(['clock closed']);
});

test('three days out of a buffer are no wrong clock, though the oldest is refused', async () => {
  const outage = { from: running.clock.at.getTime(), s: 72 * HOUR_S };
  await pass(outage.s);
  // One look of every half hour is enough to tell; they come as fast as the line carries them.
  for (let s = 0; s < outage.s; s += 1_800) await send(new Date(outage.from + s * 1000), 2);
  await lookBy(() => -2);
  expect((await said()).filter((one) => one.startsWith('clock'))).toEqual([]);
});

test.each([
  ['eight hours behind', 8 * HOUR_S],
  ['a year behind, whose dates alone would be refused,', 9_000 * HOUR_S],
])('what a box with a clock %s sends counts when it came, once that is known', async (_name, behindS) => {
  // Four looks and two minutes, and some more.
  for (let step = 0; step < 8; step += 1)
    await send(new Date(running.clock.at.getTime() - behindS * 1000), 30);
  const known = running.clock.at;
  await lookBy(() => -behindS);
  const looks = (await looksOf(running, camera.id)).filter(({ accepted_at: at }) => at >= known);
  expect(looks.length).toBeGreaterThan(20);
  for (const { captured_at: at, accepted_at: accepted, frames } of looks) {
    expect(at).toEqual(accepted);
    expect(frames[0]?.at).toBe(at.toISOString());
  }
});

test('its frames keep their distances, and delivered again it is the same look', async () => {
  const behindMs = 8 * HOUR_S * 1000;
  await lookBy(() => -8 * HOUR_S);
  const before = await looksOf(running, camera.id);
  const at = running.clock.at.getTime();
  const frames = await Promise.all(
    [4_000, 2_500, 0].map(async (ms, i) => ({
      at: new Date(at - behindMs - ms),
      jpeg: await kitchenJpeg((seq + 3 + i) % 8, 500 + i),
    })),
  );
  const payload = lookPayload(frames, { seq: 1_000 });
  const deliver = async () => {
    const settled = running.settled();
    await box.publishAsync(`${prefixOfKitchen(kitchen)}/look/${camera.code}`, payload, { qos: 1 });
    await until(async () => running.settled() > settled, 'the look was dealt with');
    await pass(3);
  };
  await deliver();
  // What comes in between makes the gate let it through again.
  await send(new Date(running.clock.at.getTime() - behindMs), 30);
  await deliver();
  const after = (await looksOf(running, camera.id)).filter(
    ({ id }) => !before.some((look) => look.id === id),
  );
  expect(after).toHaveLength(2);
  expect(after[0]?.frames.map((frame) => Date.parse(frame.at) - at)).toEqual([-4_000, -2_500, 0]);
});

test('a buffer whose clock is right keeps its own dates', async () => {
  const from = running.clock.at.getTime();
  await pass(6 * HOUR_S);
  for (let step = 0; step < 40; step += 1) await send(new Date(from + step * 15_000), 10);
  const looks = await looksOf(running, camera.id);
  expect(looks.map(({ captured_at: at }) => at.getTime() - from)).toEqual(
    Array.from({ length: 40 }, (_, step) => step * 15_000),
  );
});

test.each([
  ['of today', 6],
  ['too old to be taken', 60],
])('nor is a buffer %s that a slow line empties at one and a half times the pace', async (_name, hours) => {
  const from = running.clock.at.getTime();
  await pass(hours * HOUR_S);
  for (let step = 0; step < 120; step += 1) await send(new Date(from + step * 15_000), 10);
  expect((await said()).filter((one) => one.startsWith('clock'))).toEqual([]);
});
