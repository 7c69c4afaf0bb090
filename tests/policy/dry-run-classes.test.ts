/** 试运行: a policy that changes no class reports no change of class, whoever or whatever gave a finding its class. */
import { beforeAll, expect, test } from 'vitest';
import { as, type Call, useApi } from '../api/support.ts';
import { addFinding, addWorld, type World } from '../api/world.ts';

const HOUR = 3_600_000;
const api = useApi();
let world: World;
let director: Call;
let inspector: Call;

beforeAll(async () => {
  world = await addWorld(api());
  director = await as(api(), 'director', 'director', { regionId: world.county });
  inspector = await as(api(), 'inspector', 'inspector', { regionId: world.county });
});

async function found(): Promise<string> {
  // Past the merge window, or it would join the one before.
  api().clock.move(HOUR);
  return await addFinding(api(), world.eastCamera, api().clock.now());
}
async function judged(verdict: 'confirm' | 'dismiss', body: object): Promise<void> {
  const answer = await inspector(`POST /findings/${await found()}/${verdict}`, body);
  expect(answer.statusCode, answer.body).toBe(200);
}
async function dryRun(document: object) {
  api().clock.move(1000);
  const answer = await director('POST /policies/dry-run', { region: 'county', document });
  expect(answer.statusCode, answer.body).toBe(200);
  const { rows } = answer.json<{
    rows: {
      class: number;
      findings: number;
      tasks: number;
      classChanged: number;
      acknowledgeDue: object;
      submitDue: object;
    }[];
  }>();
  return rows.map((row) => ({ ...row, moved: [row.acknowledgeDue, row.submitDue] }));
}
const NOT_MOVED = [
  { earlier: 0, later: 0 },
  { earlier: 0, later: 0 },
];

test('a finding that a person graded keeps that class under every policy', async () => {
  // By its rule class 2.
  await judged('confirm', {});
  await judged('confirm', { class: 1 });
  await judged('confirm', { class: 3, note: '帽子戴了，没盖住头发' });
  expect(await dryRun({})).toMatchObject(
    [1, 2, 3].map((one) => ({ class: one, tasks: 1, classChanged: 0, moved: NOT_MOVED })),
  );
  expect(await dryRun({ classes: { no_hat: 1 } })).toMatchObject([
    { class: 1, classChanged: 0, moved: NOT_MOVED },
    { class: 2, classChanged: 1, moved: [{ earlier: 1 }, { earlier: 1 }] },
    { class: 3, classChanged: 0, moved: NOT_MOVED },
  ]);
});

test('a finding without a task is compared with the class that it has, not with that of its rule', async () => {
  const document = { classes: { no_hat: 3 } };
  const made = await director('POST /policies', { region: 'county', after: null, document });
  expect(made.statusCode, made.body).toBe(201);
  await found();
  await judged('dismiss', { reason: 'not_a_person' });
  const rows = await dryRun(document);
  expect(rows.find((row) => row.class === 3)).toMatchObject({ findings: 3, tasks: 1, classChanged: 0 });
});
