/** 回头看 with a real gateway: a closed task makes it look more often, and passes with what it truly saw. */
import type { MqttClient } from 'mqtt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runTaskOrder } from '../../services/db/task-life.ts';
import { msToNextLook } from '../../services/domain/schedule.ts';
import type { TaskCommand } from '../../services/domain/task-life.ts';
import { takeDueSteps } from '../../workers/deadlines/rounds.ts';
import type { Kitchen } from '../support/kitchen.ts';
import { useTestDatabase } from '../support/postgres.ts';
import { issueTask, type People, seedPeople } from '../task-life/support/tasks.ts';
import { kitchenJpeg } from './support/pictures.ts';
import {
  connectBox,
  kitchenWithSecret,
  looksOf,
  onlyOpeningRules,
  prefixOfKitchen,
  type Running,
  startRunning,
  until,
} from './support/running.ts';

const url = useTestDatabase();
let running: Running;
let kitchen: Kitchen;
let people: People;
let box: MqttClient;
let taskId: string;

beforeAll(async () => {
  running = await startRunning(url(), {
    seed: async (database) => {
      await onlyOpeningRules(database);
      kitchen = await kitchenWithSecret(database);
      people = await seedPeople(database.db, kitchen);
    },
  });
  box = await connectBox(running.brokerUrl, kitchen);
  const document = {
    limits: { 2: { recheckMin: 10 } },
    recheck: { lookIntervalS: 15, observedHours: { 2: 0.1 }, prolongMin: 5 },
  };
  await running.database.db
    .insertInto('policy')
    .values({
      region_id: kitchen.regionId,
      version: 1,
      effective_from: running.clock.at,
      document: JSON.stringify(document),
      changed_by: null,
      changed_at: running.clock.at,
    })
    .execute();
  taskId = await issueTask(running.database.db, kitchen, people, running.clock.at);
});
afterAll(async () => {
  await box.endAsync();
  await running.stop();
});

const order = async (command: TaskCommand, actorId: string) =>
  expect(
    await runTaskOrder(running.database.db, { taskId, command, actorId }, running.clock.at),
  ).toMatchObject({ done: true });
const round = () => takeDueSteps({ db: running.database.db, now: () => running.clock.at });
const task = () =>
  running.database.db.selectFrom('task').selectAll().where('id', '=', taskId).executeTakeFirstOrThrow();
const intervalIs = (seconds: number) =>
  until(
    async () => running.gateway.parts.registry.cameras.get(kitchen.cameraId)?.intervalS === seconds,
    `the gateway looks every ${seconds} s`,
  );
const send = async (jpeg: Buffer): Promise<void> => {
  const before = running.settled();
  await box.publishAsync(`${prefixOfKitchen(kitchen)}/frame/${kitchen.cameraCode}`, jpeg, { qos: 1 });
  await until(async () => running.settled() > before, 'the frame was dealt with');
};
/** The camera sends a picture every five seconds for two minutes. @returns looks that the gateway made of them */
const looksInTwoMinutes = async (): Promise<number> => {
  const before = (await looksOf(running, kitchen.cameraId)).length;
  running.clock.forward(600);
  running.clock.forward(msToNextLook(kitchen.cameraId, 30, running.clock.at) / 1000);
  for (let i = 0; i < 24; i += 1) {
    await send(await kitchenJpeg(i % 8, i));
    running.clock.forward(5);
    await running.gateway.ticker.tick();
  }
  return (await looksOf(running, kitchen.cameraId)).length - before;
};

test('closed, its camera is looked at more often; blind it is prolonged, having truly seen it passes, and all is as before', async () => {
  await intervalIs(30);
  expect(await looksInTwoMinutes()).toBe(4);

  await order('acknowledge', people.merchant);
  await order('submit', people.merchant);
  await order('close', people.inspector);
  expect(await round()).toMatchObject([{ step: 'begin_recheck' }]);
  const closedAt = running.clock.at;
  expect(await task()).toMatchObject({ state: 'recheck_due', next_step: 'recheck' });
  await intervalIs(15);

  // The kitchen's box is silent: nobody saw anything, so nothing is proven.
  running.clock.forward(600);
  expect(await round()).toMatchObject([{ step: 'recheck' }]);
  expect(await task()).toMatchObject({ state: 'recheck_due', prolongations: 1, observed_min: 0 });
  const [said] = await running.database.db
    .selectFrom('history')
    .select(['reason', 'command'])
    .where('entity_id', '=', taskId)
    .orderBy('id', 'desc')
    .limit(1)
    .execute();
  expect(said).toEqual({ command: 'prolong_recheck', reason: 'observed_0.0_of_0.1_h' });

  expect(await looksInTwoMinutes()).toBe(8);
  // A still kitchen, seen to be unchanged: that counts as seen, minute by minute.
  for (let i = 0; i < 32; i += 1) {
    await send(await kitchenJpeg(7, 100 + (i % 2)));
    running.clock.forward(15);
    await running.gateway.ticker.tick();
  }
  const seen = await running.database.db
    .selectFrom('coverage')
    .select('minutes')
    .where('camera_id', '=', kitchen.cameraId)
    .where('hour', '>=', new Date(closedAt.getTime() - 3_600_000))
    .execute();
  const truly = seen.flatMap(({ minutes }) => [...minutes]).filter((letter) => 'LU'.includes(letter)).length;
  expect(truly).toBeGreaterThanOrEqual(6);
  expect(await round()).toMatchObject([{ step: 'recheck' }]);
  const passed = await task();
  expect(passed).toMatchObject({ state: 'recheck_passed', next_step: null });
  expect(passed.observed_min).toBe(truly);
  await intervalIs(30);
}, 60_000);
