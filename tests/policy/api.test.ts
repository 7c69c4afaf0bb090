/** Policies by API: versions, inheritance, freezing, dry run, dispatch without a person, calendars. */
import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { dismissFinding } from '../../services/db/verdicts.ts';
import { verifyHistory } from '../../services/db/verify-history.ts';
import { addAccount, as, type Call, useApi } from '../api/support.ts';
import { addFinding, addWorld, type World } from '../api/world.ts';

const HOUR = 3_600_000;
const TERMS = { minPrecision: 0.9, minVerdicts: 40, days: 90, reviewShare: 0.05 };
const api = useApi();
let world: World;
let admin: Call;
let director: Call;
let westDirector: Call;
let inspector: Call;
let inspectorId: string;

beforeAll(async () => {
  world = await addWorld(api());
  admin = await as(api(), 'admin', 'operator');
  director = await as(api(), 'director-county', 'director', { regionId: world.county });
  westDirector = await as(api(), 'director-west', 'director', { regionId: world.west });
  inspector = await as(api(), 'inspector', 'inspector', { regionId: world.county });
  inspectorId = await addAccount(api(), 'second', 'inspector', { regionId: world.county });
  // The clock of this file moves by days.
  await api()
    .context.db.updateTable('session')
    .set({ expires_at: new Date('2027-11-21T00:00:00Z') })
    .execute();
});

const effective = async (query: string, call = director) =>
  (await call(`GET /policies/effective?${query}`)).json();
const errorsOf = async (body: unknown, call = director) =>
  (await call('POST /policies', body))
    .json<{ errors?: { field: string }[] }>()
    .errors?.map((one) => one.field);

describe('versions', () => {
  test('count up in each region; what a region does not say is inherited', async () => {
    const first = await director('POST /policies', {
      region: 'county',
      after: null,
      document: { limits: { 2: { acknowledgeMin: 60 } } },
      note: '局务会 3 号',
    });
    expect(first.statusCode, first.body).toBe(201);
    expect(first.json()).toMatchObject({ version: 1, state: 'in_force', changedBy: 'director-county' });
    api().clock.move(1000);
    const second = await director('POST /policies', {
      region: 'county',
      after: 1,
      document: { limits: { 2: { acknowledgeMin: 90 } } },
    });
    expect(second.json()).toMatchObject({ version: 2, state: 'in_force' });
    await director('POST /policies', {
      region: 'east',
      after: null,
      document: { answers: { returnsBeforeVisit: 1 } },
    });
    const east = await effective('merchant=em');
    expect(east).toMatchObject({
      version: 'county@2 county.east@1',
      policy: {
        limits: { 2: { acknowledgeMin: 90, submitMin: 4320 } },
        answers: { returnsBeforeVisit: 1, visitMin: 4320 },
      },
    });
    expect(await effective('region=east-west')).toMatchObject({
      version: 'county@2',
      policy: { answers: { returnsBeforeVisit: 2 } },
    });
    const list = (await director('GET /policies?region=county')).json<{ items: { state: string }[] }>();
    expect(list.items.map((one) => one.state)).toEqual(['in_force', 'in_force', 'past']);
    expect((await director('GET /policies?inForce=true')).json<{ items: unknown[] }>().items).toHaveLength(2);
  });

  test('of the future come into force by themselves, and may be taken back until then', async () => {
    const later = new Date(api().clock.now().getTime() + 48 * HOUR).toISOString();
    const body = {
      region: 'east-west',
      after: null,
      effectiveFrom: later,
      document: { sampling: { share: 0.5 } },
    };
    const coming = (await director('POST /policies', body)).json<{ id: string; state: string }>();
    expect(coming.state).toBe('coming');
    expect(await effective('region=east-west')).toMatchObject({ policy: { sampling: { share: 0.1 } } });
    expect(await effective(`region=east-west&at=${later}`)).toMatchObject({
      policy: { sampling: { share: 0.5 } },
    });
    expect((await director(`DELETE /policies/${coming.id}`)).statusCode).toBe(204);
    expect(await effective(`region=east-west&at=${later}`)).toMatchObject({
      policy: { sampling: { share: 0.1 } },
    });
    const inForce = (await director('GET /policies?region=east')).json<{ items: { id: string }[] }>();
    expect((await director(`DELETE /policies/${inForce.items[0]?.id}`)).statusCode).toBe(409);
    const past = new Date(api().clock.now().getTime() - HOUR).toISOString();
    expect(await errorsOf({ ...body, effectiveFrom: past })).toEqual(['effectiveFrom']);
  });

  test('are written by those who answer for the region, and read by the office', async () => {
    expect(
      (await westDirector('POST /policies', { region: 'east', after: 1, document: {} })).statusCode,
    ).toBe(400);
    expect((await westDirector('POST /policies', { after: null, document: {} })).statusCode).toBe(403);
    expect((await inspector('POST /policies', { region: 'east', after: 1, document: {} })).statusCode).toBe(
      403,
    );
    expect((await inspector('GET /policies')).json<{ items: unknown[] }>().items.length).toBeGreaterThan(2);
    const west = (await westDirector('GET /policies')).json<{ items: { region: { code: string } }[] }>();
    expect(new Set(west.items.map((one) => one.region.code))).toEqual(new Set(['county', 'east-west']));
  });

  test.each([
    [{ dispatch: { rodent: TERMS } }, 'document.dispatch.rodent'],
    [{ limits: { 1: { submitMin: 10 } } }, 'document.limits.1.acknowledgeMin'],
    [{ limits: { 1: { acknowledgeMin: 0.01 } } }, 'document.limits.1.acknowledgeMin'],
    [{ sampling: { share: 0.01 } }, 'document.sampling.share'],
    [{ calendar: { holidays: 'nowhere' } }, 'document.calendar.holidays'],
    [{ escalation: { 1: [] } }, 'document.escalation.1'],
    [{ answers: { surprise: 1 } }, 'document.answers.surprise'],
  ])('%j is refused, with the field named', async (document, field) => {
    expect(await errorsOf({ region: 'county', after: 2, document })).toEqual([field]);
  });

  test('never let rodents go without a person, not even past the API', async () => {
    const { db } = api().context;
    const row = {
      region_id: world.county,
      version: 99,
      effective_from: api().clock.now(),
      document: JSON.stringify({ dispatch: { rodent: TERMS } }),
      changed_by: null,
      changed_at: api().clock.now(),
    };
    await expect(db.insertInto('policy').values(row).execute()).rejects.toThrow('policy_rodents_by_people');
    await expect(db.updateTable('policy').set({ note: 'nobody saw it' }).execute()).rejects.toThrow(
      'append-only',
    );
  });

  test('leave an audit row each, and the chains are whole', async () => {
    const rows = (await admin('GET /audit?entity=policy')).json<{ items: { to: string }[] }>().items;
    expect(rows.map((row) => row.to)).toEqual(['changed', 'created', 'created', 'created', 'created']);
    expect((await verifyHistory(api().context.db)).faults).toEqual([]);
  });
});

describe('what a task is issued with', () => {
  test('is frozen onto it: a policy that changes later moves nothing', async () => {
    const id = await addFinding(api(), world.westCamera, api().clock.now());
    const issued = (await inspector(`POST /findings/${id}/confirm`, {})).json<{ taskId: string }>();
    const before = (await inspector(`GET /tasks/${issued.taskId}`)).json();
    const dueIn = (name: string) =>
      (Date.parse(before[name] as string) - Date.parse(before.issuedAt as string)) / 60_000;
    expect([dueIn('acknowledgeDue'), dueIn('submitDue')]).toEqual([90, 4320]);
    expect(before).toMatchObject({ policyVersion: 'county@2', nextStep: 'acknowledge', class: 2 });
    api().clock.move(1000);
    await director('POST /policies', {
      region: 'county',
      after: 2,
      document: { limits: { 2: { acknowledgeMin: 15 } }, classes: { no_hat: 1 } },
    });
    expect((await inspector(`GET /tasks/${issued.taskId}`)).json()).toEqual(before);
    const next = await addFinding(api(), world.westCamera, new Date(api().clock.now().getTime() + HOUR));
    expect((await inspector(`GET /findings/${next}`)).json()).toMatchObject({ class: 1 });
  });

  test('keeps to the calendar of the region', async () => {
    const csv = await readFile(new URL('../../docs/examples/calendar-cn-2026.csv', import.meta.url), 'utf8');
    const put = await api().app.inject({
      method: 'POST',
      url: '/api/v1/calendars/cn-2026/import?name=%E8%8A%82%E5%81%87%E6%97%A5&region=county',
      headers: { ...(await bearer()), 'content-type': 'text/csv' },
      payload: csv,
    });
    expect(put.statusCode, put.body).toBe(200);
    expect(put.json<{ days: unknown[] }>().days).toHaveLength(39);
    const document = {
      classes: { no_hat: 2 },
      limits: { 2: { acknowledgeMin: 60, submitMin: 480, counting: 'working' } },
      calendar: { holidays: 'cn-2026', workingHours: [['09:00', '17:00']] },
    };
    api().clock.move(1000);
    const made = await director('POST /policies', { region: 'east-west', after: null, document });
    expect(made.statusCode, made.body).toBe(201);
    // Saturday 21 November 2026, noon in China: the first counted minute is Monday's at nine.
    const id = await addFinding(api(), world.westCamera, new Date(api().clock.now().getTime() + 9 * HOUR));
    const { taskId } = (await inspector(`POST /findings/${id}/confirm`, {})).json<{ taskId: string }>();
    expect((await inspector(`GET /tasks/${taskId}`)).json()).toMatchObject({
      acknowledgeDue: '2026-11-23T02:00:00.000Z',
      submitDue: '2026-11-23T09:00:00.000Z',
    });
    expect(
      (await westDirector('PUT /calendars/cn-2026', { after: 1, name: 'mine', days: [] })).statusCode,
    ).toBe(403);
    const twice = [1, 2].map(() => ({ date: '2026-01-01', type: 'off', name: 'x' }));
    expect(
      (await director('PUT /calendars/cn', { after: null, name: 'n', region: 'county', days: twice })).json(),
    ).toMatchObject({
      errors: [{ field: 'days.1.date', message: '2026-01-01 is there twice' }],
    });
    const terms = ['2026', '2062'].map((year) => ({ from: `${year}-09-01`, to: `${year}-12-31`, name: 'x' }));
    expect(
      (await director('PUT /calendars/cn', { after: null, name: 'n', region: 'county', terms })).json(),
    ).toMatchObject({ status: 400, errors: [{ field: 'terms.1.from' }] });
  });
});

async function bearer() {
  const token = await api().app.inject({
    method: 'POST',
    url: '/api/v1/session',
    payload: { username: 'director-county', password: 'long enough for a test' },
  });
  return { authorization: `Bearer ${token.json<{ token: string }>().token}` };
}

describe('dispatch without a person', () => {
  const taskOf = async (findingId: string) =>
    await api()
      .context.db.selectFrom('task')
      .select(['id', 'issued_by', 'policy_version', 'state'])
      .where('finding_id', '=', findingId)
      .executeTakeFirst();
  const find = async () => {
    // Past the merge window, or it would join the one before.
    api().clock.move(31 * 60_000);
    return await addFinding(api(), world.eastCamera, api().clock.now());
  };

  test('is off until people’s verdicts in the region reach the level, and shows how far they are', async () => {
    const { db } = api().context;
    await director('POST /policies', {
      region: 'east',
      after: 1,
      document: { dispatch: { no_hat: TERMS } },
    });
    for (let i = 0; i < 45; i += 1) {
      const id = await find();
      expect(await taskOf(id)).toBe(undefined);
      const command = { findingId: id, actorId: inspectorId, version: undefined, note: '' };
      if (i === 0) await dismissFinding(db, { ...command, reason: 'not_a_person' }, api().clock.now());
      else expect((await inspector(`POST /findings/${id}/confirm`, {})).statusCode).toBe(200);
    }
    api().clock.move(1000);
    const [measured] = (await effective('region=east')).measured;
    // 44 of 45: the lower end is 0.884.
    expect(measured).toMatchObject({
      kind: 'no_hat',
      region: 'county.east',
      right: 44,
      wrong: 1,
      dispatches: false,
    });
    expect(measured.low).toBeCloseTo(0.884, 2);
    expect(await taskOf(await find())).toBe(undefined);
  });

  test('issues in the finding’s own transaction, by the system, with event and alert, and does not measure itself', async () => {
    const { db } = api().context;
    await director('POST /policies', {
      region: 'east',
      after: 2,
      document: { dispatch: { no_hat: { ...TERMS, minPrecision: 0.85 } } },
    });
    const issued: string[] = [];
    for (let i = 0; i < 12; i += 1) {
      const id = await find();
      if ((await taskOf(id)) !== undefined) issued.push(id);
    }
    // One in twenty goes to a person.
    expect(issued.length).toBeGreaterThan(8);
    const [first = ''] = issued;
    expect(await taskOf(first)).toMatchObject({ issued_by: null, state: 'issued' });
    expect((await inspector(`GET /findings/${first}`)).json()).toMatchObject({ state: 'confirmed' });
    const task = await taskOf(first);
    const alert = await db
      .selectFrom('alert')
      .select('about')
      .where('task_id', '=', task?.id ?? '')
      .where('audience', '=', 'merchant')
      .execute();
    expect(alert).toEqual([{ about: 'new' }]);
    expect((await effective('region=east')).measured).toMatchObject([{ right: 44, wrong: 1 }]);
    const precision = (await director('GET /precision?group=kind&region=east')).json();
    expect(precision.items[0]).toMatchObject({ confirmed: 44, dismissed: 1 });
  });
});

test('a dry run says what a changed policy would have done to last month', async () => {
  const body = {
    region: 'county',
    document: { limits: { 2: { acknowledgeMin: 43_200, submitMin: 86_400 } } },
  };
  api().clock.move(6 * HOUR);
  const answer = await director('POST /policies/dry-run', body);
  expect(answer.statusCode, answer.body).toBe(200);
  const run = answer.json();
  const rows = run.rows as Record<string, { was: number; would: number }>[];
  expect(run).toMatchObject({ truncated: false });
  expect(run.findings).toBeGreaterThan(58);
  const sum = (name: string, side: 'was' | 'would') =>
    rows.reduce((all, row) => all + (row[name]?.[side] ?? 0), 0);
  // All were late by now; with a month's time none would be, but the one of the west, which has limits of its own.
  expect(sum('overdue', 'was')).toBeGreaterThan(40);
  expect(sum('overdue', 'would')).toBeLessThanOrEqual(1);
  expect(sum('escalations', 'was')).toBeGreaterThan(sum('escalations', 'would'));
  const later = (run.rows as { submitDue: { later: number } }[]).reduce(
    (all, row) => all + row.submitDue.later,
    0,
  );
  expect(later).toBeGreaterThan(40);
  expect(sum('issuedWithoutPerson', 'was')).toBeGreaterThan(8);
  const version = (await effective('region=county')).version;
  expect(version).toBe('county@3');
  // Seen from the middle: what was issued before stays under its frozen policy, and counts on both sides.
  const from = new Date(api().clock.now().getTime() - 3 * HOUR).toISOString();
  const half = (await director('POST /policies/dry-run', { ...body, from })).json();
  type Counts = Record<'findings' | 'tasks' | 'carriedOver', number>;
  const halfRows = half.rows as (Counts &
    Record<'overdue' | 'escalations', { was: number; would: number }>)[];
  const total = (name: keyof Counts) => halfRows.reduce((all, row) => all + row[name], 0);
  expect(total('carriedOver')).toBeGreaterThan(40);
  expect(total('findings') + total('tasks')).toBe(half.findings);
  const late = halfRows.flatMap(({ overdue, escalations }) => [overdue, escalations]);
  for (const pair of late) expect(pair?.was).toBe(pair?.would);
  expect(halfRows.reduce((all, row) => all + (row.overdue?.was ?? 0), 0)).toBe(sum('overdue', 'was'));
  expect((await westDirector('POST /policies/dry-run', body)).statusCode).toBe(400);
  expect(
    (await director('POST /policies/dry-run', { ...body, from: '2020-01-01T00:00:00Z' })).json(),
  ).toMatchObject({
    errors: [{ field: 'from' }],
  });
});
