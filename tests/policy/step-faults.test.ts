/** What the auditor repaired, as operators see it: GET /step-faults and /metrics. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStepQueue, type StepQueue } from '../../services/queue/step-queue.ts';
import { auditSteps } from '../../workers/deadlines/audit.ts';
import { scheduleSteps } from '../../workers/deadlines/rounds.ts';
import { as, type Call, useApi } from '../api/support.ts';
import { addFinding, addWorld, type World } from '../api/world.ts';

const HOUR = 3_600_000;
const api = useApi();
let world: World;
let admin: Call;
let desk: Call;
let queue: StepQueue;

beforeAll(async () => {
  world = await addWorld(api());
  admin = await as(api(), 'admin', 'operator');
  desk = await as(api(), 'desk', 'inspector', { regionId: world.county });
  queue = openStepQueue({ databaseUrl: api().databaseUrl, redisUrl: undefined }, () => {});
});
afterAll(() => queue.close());

const metric = async (name: string): Promise<number[]> => {
  const { body } = await api().app.inject('/metrics');
  return body
    .split('\n')
    .filter((line) => line.startsWith(name))
    .map((line) => Number(line.split(' ').at(-1)));
};

test('a forgotten step and a lost job are listed with what was expected and found, counted, and shown to operators alone', async () => {
  const { db } = api().context;
  const context = { db, now: api().clock.now };
  const ids: string[] = [];
  for (const camera of [world.eastCamera, world.westCamera]) {
    const id = await addFinding(api(), camera, api().clock.now());
    ids.push((await desk(`POST /findings/${id}/confirm`, {})).json<{ taskId: string }>().taskId);
  }
  const [forgot = '', lost = ''] = ids;
  await scheduleSteps(context, queue);
  expect((await admin('GET /step-faults')).json()).toEqual({ items: [], nextCursor: null });
  expect(await metric('mingzao_step_faults_last_hour')).toEqual([]);

  const due = new Date(api().clock.now().getTime() + 4 * HOUR);
  await db
    .updateTable('task')
    .set({ next_step: null, next_step_at: null })
    .where('id', '=', forgot)
    .execute();
  expect(await queue.remove({ taskId: lost, at: due })).toBe(true);
  expect((await auditSteps(context, queue, 60)).faults).toHaveLength(2);

  const expected = { step: 'acknowledge', at: due.toISOString() };
  const list = (await admin('GET /step-faults')).json<{ items: object[] }>();
  expect(list.items).toHaveLength(2);
  expect(list.items).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        taskId: forgot,
        fault: 'wrong_step',
        expected,
        found: { step: null, at: null },
        repairedAt: api().clock.now().toISOString(),
      }),
      expect.objectContaining({ taskId: lost, fault: 'no_job', expected, found: expected }),
    ]),
  );
  const page = (await admin('GET /step-faults?limit=1')).json<{ items: object[]; nextCursor: string }>();
  const rest = (await admin(`GET /step-faults?limit=1&cursor=${page.nextCursor}`)).json<{
    items: object[];
  }>();
  expect([...page.items, ...rest.items]).toEqual(list.items);
  expect((await admin(`GET /step-faults?fault=no_job&task=${lost}`)).json()).toMatchObject({
    items: [{ taskId: lost }],
  });
  expect((await admin('GET /step-faults?fault=slept')).json()).toMatchObject({
    errors: [{ field: expect.stringMatching(/fault$/) }],
  });
  expect((await desk('GET /step-faults')).statusCode).toBe(403);
  expect(await metric('mingzao_step_faults_last_hour')).toEqual([1, 1]);
  expect(await metric('mingzao_task_steps_overdue')).toEqual([0]);
  api().clock.move(5 * HOUR);
  expect(await metric('mingzao_task_steps_overdue')).toEqual([2]);
  expect(await metric('mingzao_step_faults_last_hour')).toEqual([]);
});
