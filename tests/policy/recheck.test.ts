/** 回头看 by API over a real database: every camera of a task vouches, verdicts are waited for, recurrences are linked, draws repeat. */
import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { markCoverage } from '../../services/db/coverage.ts';
import { acceptLook, decideLook } from '../../services/db/looks.ts';
import { agrees, auditedTasks } from '../../services/db/task-audit.ts';
import { runTaskOrder } from '../../services/db/task-life.ts';
import { verifyHistory } from '../../services/db/verify-history.ts';
import { isDrawn, pickOne } from '../../services/domain/sampling.ts';
import { monthlySample } from '../../workers/deadlines/monthly.ts';
import { takeDueSteps } from '../../workers/deadlines/rounds.ts';
import { addAccount, as, type Call, signIn, useApi } from '../api/support.ts';
import { addFinding, addWorld, type World } from '../api/world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const api = useApi();
let world: World;
let desk: Call;
let merchant: Call;
let other: Call;
let token: string;
let deskId: string;
let ownerId: string;
let secondCamera: string;

beforeAll(async () => {
  world = await addWorld(api());
  const { db, sealer } = api().context;
  desk = await as(api(), 'desk', 'inspector', { regionId: world.county });
  token = await signIn(api(), 'desk');
  merchant = await as(api(), 'owner', 'merchant', { merchantId: world.eastMerchant });
  other = await as(api(), 'west-desk', 'inspector', { regionId: world.west });
  deskId = await addAccount(api(), 'desk-2', 'inspector', { regionId: world.county });
  ownerId = await addAccount(api(), 'owner-2', 'merchant', { merchantId: world.eastMerchant });
  const zone = await db
    .selectFrom('camera')
    .select('zone_id')
    .where('id', '=', world.eastCamera)
    .executeTakeFirstOrThrow();
  secondCamera = (
    await db
      .insertInto('camera')
      .values({
        code: 'em-cam-2',
        merchant_id: world.eastMerchant,
        zone_id: zone.zone_id,
        name: 'camera em 2',
        source: 'rtsp',
        gateway_id: null,
        rtsp_url_sealed: sealer.seal('rtsp://10.9.8.7:8554/second'),
      })
      .returning('id')
      .executeTakeFirstOrThrow()
  ).id;
  const document = {
    limits: { 2: { recheckMin: 600 } },
    recheck: { observedHours: { 2: 2 }, prolongMin: 120, mostProlongations: 3 },
  };
  const limits = { region: 'east', after: null, document };
  const director = await as(api(), 'director', 'director', { regionId: world.county });
  expect((await director('POST /policies', limits)).statusCode).toBe(201);
  const third = {
    region: 'east-west',
    after: null,
    document: { classes: { no_hat: 3 }, sampling: { seed: '2026-11' } },
  };
  expect((await director('POST /policies', third)).statusCode).toBe(201);
});

const now = () => api().clock.now();
/** Time goes by; people stay signed in. */
const pass = async (ms: number) => {
  api().clock.move(ms);
  await api()
    .context.db.updateTable('session')
    .set({ expires_at: new Date('2028-01-01T00:00:00Z') })
    .execute();
};
const round = () => takeDueSteps({ db: api().context.db, now });
const recheckOf = async (taskId: string) => (await desk(`GET /tasks/${taskId}/recheck`)).json();
const listed = async (query: string, call = desk) =>
  (await call(`GET /rechecks?${query}`)).json<{ items: { taskId: string; recurredAs: string | null }[] }>()
    .items;
const post = (path: string, payload: object) =>
  api().app.inject({
    method: 'POST',
    url: `/api/v1${path}`,
    headers: { authorization: `Bearer ${token}`, 'idempotency-key': randomUUID() },
    payload,
  });
const taskRow = (id: string) =>
  api().context.db.selectFrom('task').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
const boosts = async (taskId: string) =>
  (
    await api()
      .context.db.selectFrom('camera_boost')
      .select('camera_id')
      .where('task_id', '=', taskId)
      .orderBy('camera_id')
      .execute()
  ).map((row) => row.camera_id);
const find = async (cameraId: string) => {
  // Past the merge window, or it would join the one before.
  await pass(31 * MINUTE);
  return await addFinding(api(), cameraId, now());
};
const confirm = async (findingId: string) => {
  const answer = await desk(`POST /findings/${findingId}/confirm`, {});
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json<{ taskId: string }>().taskId;
};
const close = async (taskId: string) => {
  for (const [command, actorId] of [
    ['acknowledge', ownerId],
    ['submit', ownerId],
    ['close', deskId],
  ] as const) {
    const done = await runTaskOrder(api().context.db, { taskId, command, actorId }, now());
    expect(done, command).toMatchObject({ done: true });
  }
};
/** Two findings at two cameras, one task; closed, and its recheck runs. */
const closedTask = async () => {
  const taskId = await confirm(await find(world.eastCamera));
  const second = await find(secondCamera);
  const { version } = await taskRow(taskId);
  const added = await post(`/tasks/${taskId}/findings`, { version, finding: { id: second, version: 1 } });
  expect(added.statusCode, added.body).toBe(200);
  await close(taskId);
  await round();
  return taskId;
};
/** Minutes seen by a camera, from now on. */
const see = async (cameraId: string, minutes: number) =>
  await markCoverage(
    api().context.db,
    Array.from({ length: minutes }, (_, i) => ({
      cameraId,
      at: new Date(now().getTime() + i * MINUTE),
      code: i % 2 === 0 ? 'L' : 'U',
    })),
  );

describe('a task of two cameras', () => {
  test('is passed only when both have seen enough; until then it is prolonged, and says so', async () => {
    const taskId = await closedTask();
    expect(await boosts(taskId)).toEqual([world.eastCamera, secondCamera].sort());
    await see(world.eastCamera, 300);
    await see(secondCamera, 90);
    // Dropped and offline minutes are no observation.
    await markCoverage(
      api().context.db,
      Array.from({ length: 60 }, (_, i) => ({
        cameraId: secondCamera,
        at: new Date(now().getTime() + (100 + i) * MINUTE),
        code: 'D',
      })),
    );
    await pass(10 * HOUR);
    expect(await recheckOf(taskId)).toEqual({
      at: now().toISOString(),
      observedMin: 90,
      neededMin: 120,
      cameras: expect.arrayContaining([
        { cameraId: world.eastCamera, observedMin: 300 },
        { cameraId: secondCamera, observedMin: 90 },
      ]),
    });
    await round();
    const until = new Date(now().getTime() + 2 * HOUR).toISOString();
    expect(await listed('state=recheck_due')).toMatchObject([
      {
        taskId,
        prolongations: 1,
        observedMin: 90,
        neededMin: 120,
        until,
        byPeople: false,
        lookIntervalS: 15,
      },
    ]);
    expect(await listed('state=recheck_due', other)).toEqual([]);
    const event = await api()
      .context.db.selectFrom('event')
      .select('payload')
      .where('type', '=', 'task.recheck_prolonged')
      .executeTakeFirstOrThrow();
    expect(event.payload).toMatchObject({ taskId, observedMin: 90, neededMin: 120, until });
    // While cameras look, nobody declares it passed.
    const { version } = await taskRow(taskId);
    const early = await post(`/tasks/${taskId}/recheck`, { version, outcome: 'passed', note: '看过了' });
    expect(early.json()).toMatchObject({ status: 409, why: 'still_watched' });
    await see(secondCamera, 30);
    await pass(2 * HOUR);
    await round();
    expect(await taskRow(taskId)).toMatchObject({ state: 'recheck_passed', observed_min: 120 });
    expect(await boosts(taskId)).toEqual([]);
    expect((await listed('state=recheck_passed')).map((one) => one.taskId)).toEqual([taskId]);
  });

  test('recurs by a new finding at its second camera: linked both ways, only once confirmed', async () => {
    const taskId = await closedTask();
    await see(world.eastCamera, 300);
    await see(secondCamera, 300);
    const again = await find(secondCamera);
    await pass(10 * HOUR);
    // Enough was seen, but what was seen waits for a person: it is not passed over their head.
    await round();
    expect(await taskRow(taskId)).toMatchObject({ state: 'recheck_due', prolongations: 0 });
    const newTask = await confirm(again);
    expect(await taskRow(taskId)).toMatchObject({ state: 'recurred', recurred_as: newTask });
    expect(await taskRow(newTask)).toMatchObject({ recurred_from: taskId, state: 'issued' });
    expect(await listed('state=recurred')).toMatchObject([{ taskId, recurredAs: newTask }]);
    expect(await boosts(taskId)).toEqual([]);
    const told = await api()
      .context.db.selectFrom('alert')
      .select('audience')
      .where('task_id', '=', taskId)
      .where('about', '=', 'recurred')
      .execute();
    expect(told.map((row) => row.audience).sort()).toEqual(['inspector', 'merchant']);
    await close(newTask);
    await round();
  });

  test('recurs also when the new finding joins another task', async () => {
    const [running] = await listed('state=recheck_due');
    const open = await confirm(await find(world.eastCamera));
    const again = await find(secondCamera);
    const { version } = await taskRow(open);
    await post(`/tasks/${open}/findings`, { version, finding: { id: again, version: 1 } });
    expect(await taskRow(running?.taskId ?? '')).toMatchObject({ state: 'recurred', recurred_as: open });
    await runTaskOrder(
      api().context.db,
      { taskId: open, command: 'withdraw', actorId: deskId, note: 'n' },
      now(),
    );
  });

  test('recurs also when what was found again is merged into a finding of another place', async () => {
    const { db } = api().context;
    const zone = await db
      .insertInto('zone')
      .values({ merchant_id: world.eastMerchant, code: 'em-wash', name: '洗消间', kind: 'washing' })
      .returning('id')
      .executeTakeFirstOrThrow();
    const elsewhere = await db
      .insertInto('camera')
      .values({
        code: 'em-cam-wash',
        merchant_id: world.eastMerchant,
        zone_id: zone.id,
        name: 'washing',
        source: 'rtsp',
        gateway_id: null,
        rtsp_url_sealed: api().context.sealer.seal('rtsp://10.9.8.7:8554/washing'),
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    const merge = async (id: string, into: string) => {
      const { version } = await db
        .selectFrom('finding')
        .select('version')
        .where('id', '=', into)
        .executeTakeFirstOrThrow();
      const merged = await post('/findings/merge', {
        into: { id: into, version },
        findings: [{ id, version: 1 }],
        note: '同一批人',
      });
      expect(merged.statusCode, merged.body).toBe(200);
    };
    // Into one that has a task: at once.
    const first = await closedTask();
    const elsewhereSeen = await find(elsewhere.id);
    const open = await confirm(elsewhereSeen);
    await merge(await find(secondCamera), elsewhereSeen);
    expect(await taskRow(first)).toMatchObject({ state: 'recurred', recurred_as: open });
    await close(open);
    await round();
    // Into one that waits for its verdict: nobody knows until then.
    const second = await closedTask();
    const waits = await find(elsewhere.id);
    await merge(await find(secondCamera), waits);
    await see(world.eastCamera, 300);
    await see(secondCamera, 300);
    await pass(10 * HOUR);
    await round();
    expect(await taskRow(second)).toMatchObject({ state: 'recheck_due' });
    const later = await confirm(waits);
    expect(await taskRow(second)).toMatchObject({ state: 'recurred', recurred_as: later });
    await close(later);
    await round();
  });

  test('is looked at by people where no rule looks for the kind, and counts the hours of the rule', async () => {
    const { db } = api().context;
    const hats = (values: { enabled?: boolean; hours?: 'opening' | 'always' }) =>
      db.updateTable('rule').set(values).where('kind', '=', 'no_hat').execute();
    await hats({ enabled: false });
    expect(await taskRow(await closedTask())).toMatchObject({ state: 'recheck_due', by_people: true });
    await hats({ enabled: true });
    const taskId = await closedTask();
    // Reported by a person: without a rule of its own.
    await db
      .updateTable('finding')
      .set({ rule: '{}' })
      .where('merchant_id', '=', world.eastMerchant)
      .execute();
    await db
      .updateTable('merchant')
      .set({ opening_hours: '{}' })
      .where('id', '=', world.eastMerchant)
      .execute();
    await see(world.eastCamera, 300);
    await see(secondCamera, 300);
    await pass(10 * HOUR);
    // Closed all the time: nobody works there, nobody could be seen.
    expect(await recheckOf(taskId)).toMatchObject({ observedMin: 0 });
    await db
      .updateTable('merchant')
      .set({ opening_hours: null })
      .where('id', '=', world.eastMerchant)
      .execute();
    expect(await recheckOf(taskId)).toMatchObject({ observedMin: 300 });
    await round();
  });

  test('a look of the period that nobody has judged yet is waited for', async () => {
    const taskId = await closedTask();
    await see(world.eastCamera, 300);
    await see(secondCamera, 300);
    await pass(9 * HOUR);
    const lookId = randomUUID();
    const { db } = api().context;
    await acceptLook(
      db,
      { id: lookId, cameraId: secondCamera, source: 'rtsp', capturedAt: now(), frames: [], gathering: false },
      now(),
    );
    await pass(HOUR);
    await round();
    expect(await taskRow(taskId)).toMatchObject({ state: 'recheck_due', prolongations: 0 });
    const task = (await desk(`GET /tasks/${taskId}`)).json<{
      history: { command: string; reason: string }[];
    }>();
    expect(task.history.at(-1)).toMatchObject({ command: 'prolong_recheck', reason: 'looks_wait' });
    await db.transaction().execute((tx) => decideLook(tx, lookId, 'calm', '', now()));
    await pass(2 * HOUR);
    await round();
    expect(await taskRow(taskId)).toMatchObject({ state: 'recheck_passed' });
  });

  test('passed, but a gateway brings a look of that time later: it recurred after all', async () => {
    const taskId = await closedTask();
    await see(world.eastCamera, 300);
    await see(secondCamera, 300);
    await pass(5 * HOUR);
    const taken = now();
    await pass(5 * HOUR);
    await round();
    expect(await taskRow(taskId)).toMatchObject({ state: 'recheck_passed' });
    await pass(3 * HOUR);
    // Nobody takes a passed recheck back by hand.
    const { version } = await taskRow(taskId);
    const byHand = await post(`/tasks/${taskId}/recheck`, { version, outcome: 'recurred', note: 'n' });
    expect(byHand.json()).toMatchObject({ status: 409, why: 'wrong_state' });
    // What was seen after it was passed is a matter of its own.
    const after = await confirm(await find(secondCamera));
    expect(await taskRow(taskId)).toMatchObject({ state: 'recheck_passed', recurred_as: null });
    await close(after);
    const late = await confirm(await addFinding(api(), secondCamera, taken));
    expect(await taskRow(taskId)).toMatchObject({ state: 'recurred', recurred_as: late });
    expect(await taskRow(late)).toMatchObject({ recurred_from: taskId });
    const page = (await desk(`GET /tasks/${taskId}`)).json<{ history: { to: string; command: string }[] }>();
    expect(page.history.slice(-2).map(({ to }) => to)).toEqual(['recheck_passed', 'recurred']);
    await round();
  });

  test('not observed after all prolongations: people look, and say what they saw', async () => {
    const taskId = await closedTask();
    for (let i = 0; i <= 3; i += 1) {
      await pass(10 * HOUR);
      await round();
    }
    expect(await listed('byPeople=true')).toMatchObject([{ taskId, byPeople: true, until: null }]);
    expect(await boosts(taskId)).toEqual([]);
    const { version } = await taskRow(taskId);
    expect((await merchant(`POST /tasks/${taskId}/recheck`, {})).statusCode).toBe(403);
    const done = await post(`/tasks/${taskId}/recheck`, {
      version,
      outcome: 'passed',
      note: '到店查看，均戴帽',
      visited: true,
    });
    expect(done.json()).toMatchObject({ state: 'recheck_passed' });
  });
});

test('class 3: one of each ten closed tasks is drawn for people, and the draw can be repeated from seed and number', async () => {
  const ids: string[] = [];
  for (let i = 0; i < 30; i += 1) {
    ids.push(await confirm(await find(world.westCamera)));
  }
  // Issued before any is closed: a later one would end the recheck of an earlier one as recurred.
  for (const taskId of ids) await close(taskId);
  await round();
  const rows = await api()
    .context.db.selectFrom('task')
    .select(['id', 'state', 'sampled', 'sample_no', 'sample_seed', 'by_people'])
    .where('id', 'in', ids)
    .execute();
  const drawn = rows.filter((row) => row.sampled === true);
  expect(drawn).toHaveLength(3);
  for (const row of rows) {
    expect(row.sample_seed).toBe('2026-11');
    expect(row.sampled).toBe(isDrawn('2026-11', Number(row.sample_no), 0.1));
    expect(row.state).toBe(row.sampled ? 'recheck_due' : 'closed');
  }
  expect(new Set(rows.map((row) => row.sample_no)).size).toBe(30);
  const items = await listed('byPeople=true');
  expect(items.map((one) => one.taskId).sort()).toEqual(drawn.map((row) => row.id).sort());
  // Nobody looks: a week of recheck and three days for the visit later the inspectors are told, once.
  const overdue = async () =>
    await api()
      .context.db.selectFrom('history')
      .select(['entity_id', 'reason'])
      .where('command', '=', 'review_overdue')
      .where('entity_id', 'in', ids)
      .execute();
  await pass(9.9 * 24 * HOUR);
  await round();
  expect(await overdue()).toEqual([]);
  await pass(0.2 * 24 * HOUR);
  await round();
  await round();
  expect((await overdue()).map((row) => row.entity_id).sort()).toEqual(drawn.map((row) => row.id).sort());
  expect((await overdue())[0]?.reason).toBe('overdue_sample');
  expect(await listed('byPeople=true')).toMatchObject(drawn.map(() => ({ dueAt: null })));
  const told = await api()
    .context.db.selectFrom('alert')
    .select('audience')
    .where('about', '=', 'review_overdue')
    .where('task_id', 'in', ids)
    .execute();
  expect(told.map((row) => row.audience)).toEqual(drawn.map(() => 'inspector'));
  // Seen again by a person: what they report, with or without a camera, is linked when its task is issued.
  const [one] = drawn;
  const { version } = await taskRow(one?.id ?? '');
  const ended = await post(`/tasks/${one?.id}/recheck`, { version, outcome: 'recurred', note: '又见未戴帽' });
  expect(ended.json()).toMatchObject({ state: 'recurred' });
  const reported = await post('/findings', {
    source: 'field_visit',
    kind: 'no_hat',
    merchant: 'wm',
    zone: 'kitchen',
    text: '又见未戴帽',
    confirm: true,
  });
  expect(reported.statusCode, reported.body).toBe(201);
  const again = reported.json<{ finding: { task: { id: string } } }>().finding.task.id;
  expect(await taskRow(one?.id ?? '')).toMatchObject({ state: 'recurred', recurred_as: again });
  // The others that people were to look at are of the same zone and kind.
  for (const { id } of drawn)
    expect(await taskRow(id)).toMatchObject({ state: 'recurred', recurred_as: again });
  expect(drawn.map(({ id }) => id)).toContain((await taskRow(again)).recurred_from);
  for await (const task of auditedTasks(api().context.db)) expect(task, task.number).toSatisfy(agrees);
  expect((await verifyHistory(api().context.db)).faults).toEqual([]);
}, 60_000);

test('class 3: a month of fewer than ten closed tasks that drew none draws one when it is over, once', async () => {
  const seed = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].find(
    (one) => ![0, 1, 2].some((no) => isDrawn(one, no, 0.1)),
  );
  if (seed === undefined) throw new Error('no seed that draws none of the first three');
  const planner = await as(api(), 'planner', 'operator');
  const document = { classes: { no_hat: 3 }, sampling: { seed } };
  expect((await planner('POST /policies', { region: 'east-west', after: 1, document })).statusCode).toBe(201);
  const ids: string[] = [];
  for (let i = 0; i < 3; i += 1) ids.push(await confirm(await find(world.westCamera)));
  for (const taskId of ids) await close(taskId);
  await round();
  const rows = async () =>
    await api()
      .context.db.selectFrom('task')
      .select(['id', 'number', 'state', 'sampled', 'by_people', 'recheck_until'])
      .where('id', 'in', ids)
      .execute();
  expect((await rows()).map(({ sampled, state }) => [sampled, state])).toEqual(
    ids.map(() => [false, 'closed']),
  );
  const context = { db: api().context.db, now };
  const sample = () => monthlySample(context, { info: () => undefined });
  // The month is not over: more may come.
  expect(await sample()).toEqual([]);
  const month = now().toISOString().slice(0, 7);
  const next = Date.UTC(now().getUTCFullYear(), now().getUTCMonth() + 1, 1, 12);
  await pass(next - now().getTime());
  const expected = pickOne(
    seed,
    month,
    (await rows()).map(({ number }) => number),
  );
  const [both, again] = await Promise.all([sample(), sample()]);
  const drawn = (await rows()).filter(({ sampled }) => sampled === true);
  expect(drawn).toMatchObject([{ number: expected, state: 'recheck_due', by_people: true }]);
  expect([...both, ...again]).toEqual([drawn[0]?.id]);
  expect(drawn[0]?.recheck_until?.getTime()).toBeGreaterThan(now().getTime());
  expect(await sample()).toEqual([]);
  expect((await listed('byPeople=true')).map(({ taskId }) => taskId)).toContain(drawn[0]?.id);
  // The auditor of steps agrees: nothing is owed at once.
  await round();
  expect((await rows()).find(({ id }) => id === drawn[0]?.id)?.state).toBe('recheck_due');
});
