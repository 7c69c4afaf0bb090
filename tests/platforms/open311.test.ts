import { beforeAll, describe, expect, it } from 'vitest';
import { runTaskOrder } from '../../services/db/task-life.ts';
import { as, type Call, useApi } from '../api/support.ts';
import { type Kitchen, seedKitchen } from '../support/kitchen.ts';
import { issueTask, type People, seedPeople } from '../task-life/support/tasks.ts';

const api = useApi();
let operator: Call;
let kitchen: Kitchen;
let people: People;
let open: string;
let done: string;
const DAY = 86_400_000;
const get = async (path: string) =>
  await api().app.inject({ method: 'GET', url: `/api/v1/open311/v2/${path}` });
const ids = async (path: string) =>
  (await get(path)).json<{ service_request_id: string }[]>().map((one) => one.service_request_id);
const allow = (more: object = {}) =>
  operator(`PUT /regions/${kitchen.regionId}/open-data`, {
    jurisdictionId: 'huojia.example',
    enabled: true,
    kinds: [],
    openTasks: false,
    merchantNames: false,
    delayDays: 7,
    ...more,
  });

beforeAll(async () => {
  const { db } = api().context;
  operator = await as(api(), 'root', 'operator');
  kitchen = await seedKitchen(db);
  people = await seedPeople(db, kitchen);
  const at = new Date(api().clock.now().getTime() - 20 * DAY);
  const issue = async () => {
    const id = await issueTask(db, kitchen, people, at);
    const { number } = await db
      .selectFrom('task')
      .select('number')
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    return { id, number };
  };
  const run = (taskId: string, command: 'acknowledge' | 'submit' | 'close' | 'withdraw', when: Date) =>
    runTaskOrder(
      db,
      {
        taskId,
        command,
        actorId: command === 'close' || command === 'withdraw' ? people.inspector : people.merchant,
        note: '张三已到场',
        ...(command === 'submit' && { answer: { type: 'submission', text: '李四整改', photoIds: [] } }),
      },
      when,
    );
  const closed = await issue();
  for (const command of ['acknowledge', 'submit', 'close'] as const)
    await run(closed.id, command, new Date(at.getTime() + 5 * DAY));
  const withdrawn = await issue();
  await run(withdrawn.id, 'withdraw', at);
  [done, open] = [closed.number, (await issue()).number];
});

describe('before a region says so', () => {
  it('nothing can be read', async () => {
    expect((await get('requests.json')).json()).toEqual([
      { code: 400, description: 'jurisdiction_id was not provided' },
    ]);
    expect((await get('requests.json?jurisdiction_id=huojia.example')).statusCode).toBe(404);
    expect((await operator(`GET /regions/${kitchen.regionId}/open-data`)).json()).toMatchObject({
      enabled: false,
    });
  });
});

describe('a region that is open', () => {
  it('shows closed facts after their time, without names of anybody', async () => {
    expect((await allow({ delayDays: 16 })).statusCode).toBe(200);
    expect(await ids('requests.json')).toEqual([]);
    await allow();
    const answer = await get('requests.json?jurisdiction_id=huojia.example');
    expect(answer.json()).toEqual([
      expect.objectContaining({
        service_request_id: done,
        status: 'closed',
        status_notes: '已办结',
        service_code: 'no_hat',
        agency_responsible: '测试县',
        address: '测试县',
        requested_datetime: expect.stringMatching(/Z$/),
        updated_datetime: expect.stringMatching(/Z$/),
        lat: null,
        media_url: null,
      }),
    ]);
    expect(answer.body).not.toMatch(/张三|李四|第一小学|inspector|merchant-/);
    expect((await get(`requests/${done}.json`)).json()).toHaveLength(1);
    expect((await get(`requests/${open}.json`)).statusCode).toBe(404);
  });

  it('shows open ones and names only when its policy says so, withdrawn ones never', async () => {
    await allow({ openTasks: true, merchantNames: true });
    expect((await ids('requests.json')).sort()).toEqual([done, open].sort());
    expect(await ids('requests.json?status=open')).toEqual([open]);
    expect(await ids('requests.json?status=closed')).toEqual([done]);
    expect((await get(`requests/${open}.json`)).json()).toMatchObject([
      { status: 'open', address: '测试县 第一小学食堂' },
    ]);
    await allow({ openTasks: true, kinds: ['no_mask'] });
    expect(await ids('requests.json')).toEqual([]);
    expect((await get('services.json')).json()).toMatchObject([{ service_code: 'no_mask', metadata: false }]);
    await allow();
  });

  it('filters by time and id, and pages', async () => {
    const at = (days: number) => new Date(api().clock.now().getTime() + days * DAY).toISOString();
    expect(await ids(`requests.json?start_date=${at(-30)}&end_date=${at(-10)}`)).toEqual([done]);
    expect(await ids(`requests.json?start_date=${at(-10)}&end_date=${at(0)}`)).toEqual([]);
    expect(await ids(`requests.json?service_request_id=${done},ZG-1`)).toEqual([done]);
    expect(await ids('requests.json?page=2&page_size=1')).toEqual([]);
  });

  it('speaks XML too', async () => {
    const answer = await get(`requests/${done}.xml`);
    expect(answer.headers['content-type']).toMatch(/^application\/xml/);
    expect(answer.body).toContain(
      `<service_requests><request><service_request_id>${done}</service_request_id>`,
    );
    expect((await get('requests.xml?status=gone')).body).toContain(
      '<errors><error><code>400</code><description>status must be',
    );
  });

  it.each([
    ['requests.json?status=gone', 'status'],
    ['requests.json?start_date=yesterday', 'start_date'],
    ['requests.json?start_date=2025-01-01T00:00:00Z&end_date=2026-01-01T00:00:00Z', '90 days'],
    ['requests.json?page_size=0', 'page_size'],
  ])('%s is answered 400 and names the parameter', async (path, named) => {
    const answer = await get(path);
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject([{ code: 400, description: expect.stringContaining(named) }]);
  });
});

it('a town that is switched off is not shown with its county', async () => {
  const { db } = api().context;
  const county = await db
    .selectFrom('region')
    .select('path')
    .where('id', '=', kitchen.regionId)
    .executeTakeFirstOrThrow();
  const town = await db
    .insertInto('region')
    .values({
      code: 'shy-town',
      parent_id: kitchen.regionId,
      path: `${county.path}.shy-town`,
      level: 'town',
      name: '镇',
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await allow();
  await db.updateTable('task').set({ region_id: town.id }).where('number', '=', done).execute();
  expect(await ids('requests.json')).toEqual([done]);
  const off = {
    jurisdictionId: 'shy.example',
    enabled: false,
    kinds: [],
    openTasks: false,
    merchantNames: false,
    delayDays: 0,
  };
  await operator(`PUT /regions/${town.id}/open-data`, off);
  expect(await ids('requests.json')).toEqual([]);
});

it.each([
  [{ jurisdictionId: 'No Good' }, 'jurisdictionId'],
  [{ kinds: ['no_hat', 'no_such'] }, 'kinds.1'],
  [{ delayDays: -1 }, 'delayDays'],
])('%j names the field', async (body, field) => {
  expect((await allow(body)).json()).toMatchObject({ status: 400, errors: [{ field }] });
});
