/** 演练: a policy may count in seconds, so that a drill or `npm run story` runs on the real jobs. */
import { expect, test } from 'vitest';
import { as, useApi } from '../api/support.ts';
import { addFinding, addWorld } from '../api/world.ts';

const api = useApi();

test('limits of parts of a minute are frozen onto a task as they are', async () => {
  const world = await addWorld(api());
  const director = await as(api(), 'director', 'director');
  const inspector = await as(api(), 'inspector', 'inspector');
  const limits = { acknowledgeMin: 0.1, submitMin: 1.5, recheckMin: 1.2 };
  const made = await director('POST /policies', {
    region: 'east-west',
    after: null,
    document: { limits: { 2: limits }, recheck: { observedHours: { 2: 0.015 } } },
  });
  expect(made.statusCode, made.body).toBe(201);
  const id = await addFinding(api(), world.westCamera, api().clock.now());
  const { taskId } = (await inspector(`POST /findings/${id}/confirm`, {})).json<{ taskId: string }>();
  const task = (await director(`GET /tasks/${taskId}`)).json<Record<string, string>>();
  expect(task.limits).toEqual(limits);
  expect(Date.parse(task.acknowledgeDue ?? '') - Date.parse(task.issuedAt ?? '')).toBe(6000);
});
