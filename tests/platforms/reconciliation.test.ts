import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runTaskOrder } from '../../services/db/task-life.ts';
import { reconcileDue } from '../../workers/outbox/reconcile/round.ts';
import { type EventContext, relayDue } from '../../workers/outbox/webhooks/target.ts';
import { as, type Call, useApi } from '../api/support.ts';
import { type Kitchen, seedKitchen } from '../support/kitchen.ts';
import { issueTask, type People, seedPeople } from '../task-life/support/tasks.ts';
import {
  addPlatform,
  type Caller,
  type Platform,
  type PlatformEvent,
  relayContext,
  startPlatform,
} from './support/platform.ts';

const api = useApi();
let operator: Call;
let kitchen: Kitchen;
let people: People;
let city: Caller;
let platform: Platform;
let context: EventContext;
/** Ahead of the database's own clock, which says from when deliveries wait. */
let clock = new Date(Date.now() + 60_000);
/** What the platform has. */
let list: { number: string; state: string; version?: number; externalRef?: string }[];
let webhookId: string;
const tag = () => Math.random().toString(36).slice(2, 8);

const later = (minutes: number): void => {
  clock = new Date(clock.getTime() + minutes * 60_000);
};
const issue = async () => {
  const id = await issueTask(api().context.db, kitchen, people, clock);
  const row = await api()
    .context.db.selectFrom('task')
    .select('number')
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  return { id, number: row.number };
};
const acknowledge = (taskId: string) =>
  runTaskOrder(api().context.db, { taskId, command: 'acknowledge', actorId: people.merchant }, clock);
const deliver = async (): Promise<void> => {
  for (let i = 0; i < 20; i += 1) {
    await relayDue(context);
    later(0.1);
  }
};
/** Events that came to the webhook. */
const hooked = () =>
  platform.received.seen
    .filter(({ path }) => path === '/hook')
    .map(({ body }) => JSON.parse(body) as PlatformEvent);
interface Run {
  id: string;
  state: string;
  error: string;
}
const lastRun = async () =>
  (await operator('GET /reconciliations?limit=1')).json<{ items: Run[] }>().items[0] as Run;
const differences = async (id: string) =>
  (await operator(`GET /reconciliations/${id}/differences`)).json<{ items: Record<string, unknown>[] }>()
    .items;
const state = async (id: string) =>
  await api().context.db.selectFrom('task').select('state').where('id', '=', id).executeTakeFirstOrThrow();

beforeAll(async () => {
  operator = await as(api(), 'root', 'operator');
});
beforeEach(async () => {
  const { db, sealer } = api().context;
  later(60);
  kitchen = await seedKitchen(db);
  people = await seedPeople(db, kitchen);
  const name = `city-${tag()}`;
  city = await addPlatform(api(), operator, name, kitchen.regionId);
  platform = await startPlatform();
  list = [];
  platform.answer = ({ path, headers }, response) => {
    if (!path.startsWith('/cases')) return void response.writeHead(200).end();
    if (headers.authorization !== 'Bearer of the platform') return void response.writeHead(401).end();
    // Two pages, whatever is in them.
    const half = Math.ceil(list.length / 2);
    const first = !path.includes('cursor=two');
    const items = first ? list.slice(0, half) : list.slice(half);
    response.writeHead(200).end(JSON.stringify({ items, nextCursor: first ? 'two' : null }));
  };
  context = relayContext(db, sealer, () => clock);
  const region = await db
    .selectFrom('region')
    .select('code')
    .where('id', '=', kitchen.regionId)
    .executeTakeFirstOrThrow();
  const made = await operator('POST /webhooks', {
    name,
    url: `${platform.url}/hook`,
    region: region.code,
    account: name,
    cases: { url: `${platform.url}/cases`, everyMin: 30, token: 'of the platform' },
  });
  expect(made.statusCode, made.body).toBe(201);
  webhookId = made.json<{ id: string }>().id;
});
afterEach(async () => {
  await platform.close();
  await api().context.db.updateTable('webhook').set({ enabled: false }).execute();
});
const due = async () => {
  await api()
    .context.db.updateTable('webhook')
    .set({ cases_due_at: clock })
    .where('id', '=', webhookId)
    .execute();
  return await reconcileDue(context);
};

describe('a list that is read', () => {
  it('is compared; what is missing or behind there is sent again under the same keys', async () => {
    const [lost, old, fine] = [await issue(), await issue(), await issue()];
    await acknowledge(old.id);
    await deliver();
    const first = new Map(hooked().map((event) => [event.id, event.idempotencyKey]));
    platform.received.seen.length = 0;
    list = [
      { number: old.number, state: 'issued', version: 1, externalRef: 'C-2' },
      { number: fine.number, state: 'issued', version: 1 },
    ];
    expect(await due()).toEqual([{ webhookId, error: undefined }]);
    const run = await lastRun();
    expect(run).toMatchObject({
      state: 'done',
      how: 'fetched',
      cases: 2,
      same: 1,
      differences: 2,
      healed: 2,
    });
    expect(await differences(run.id)).toMatchObject([
      { number: lost.number, kind: 'missing_there', healed: 'sent_again', stateHere: 'issued' },
      { number: old.number, kind: 'behind_there', healed: 'sent_again', versionHere: 2, versionThere: 1 },
    ]);
    await deliver();
    const again = hooked();
    expect(again.map(({ type, data }) => `${type} ${data.taskId}`)).toEqual([
      `finding.confirmed ${lost.id}`,
      `task.issued ${lost.id}`,
      `task.acknowledged ${old.id}`,
    ]);
    expect(again.every(({ id, idempotencyKey, replay }) => first.get(id) === idempotencyKey && replay)).toBe(
      true,
    );
    expect((await operator(`GET /tasks/${old.id}/platforms`)).json()).toMatchObject({
      cases: [{ externalRef: 'C-2' }],
    });
  });

  it('leaves alone what is still on its way, and gives up after three times: then a person is told, once', async () => {
    const lost = await issue();
    await due();
    expect(await lastRun()).toMatchObject({ inFlight: 1, differences: 0 });
    await deliver();
    const healed: unknown[] = [];
    for (let i = 0; i < 5; i += 1) {
      later(40);
      await due();
      healed.push((await differences((await lastRun()).id))[0]?.healed);
      await deliver();
    }
    expect(healed).toEqual(['sent_again', 'sent_again', 'sent_again', 'notice', 'notice']);
    const page = (await operator(`GET /tasks/${lost.id}`)).json<{ history: { command: string }[] }>();
    expect(page.history.filter(({ command }) => command === 'platform_differs')).toHaveLength(1);
  });

  it('never closes a task: what is closed there alone is told to a person', async () => {
    const open = await issue();
    await deliver();
    list = [{ number: open.number, state: 'closed', externalRef: 'C-9' }];
    await due();
    const run = await lastRun();
    expect(await differences(run.id)).toMatchObject([
      {
        number: open.number,
        kind: 'closed_there',
        healed: 'notice',
        stateHere: 'issued',
        stateThere: 'closed',
      },
    ]);
    expect(await state(open.id)).toEqual({ state: 'issued' });
    const page = (await operator(`GET /tasks/${open.id}`)).json<{ history: Record<string, string>[] }>();
    expect(page.history).toContainEqual(
      expect.objectContaining({ command: 'platform_differs', reason: 'closed_there', note: 'closed C-9' }),
    );
    const events = await api()
      .context.db.selectFrom('event')
      .selectAll()
      .where('type', '=', 'platform.differs')
      .execute();
    expect(events.some(({ payload }) => payload.taskId === open.id)).toBe(true);
  });

  it('may name a case on two pages, because it moved between the requests: what was said last counts', async () => {
    const [moved, other] = [await issue(), await issue()];
    await acknowledge(moved.id);
    await deliver();
    list = [
      { number: moved.number, state: 'issued', version: 1, externalRef: 'C-1' },
      { number: other.number, state: 'issued', version: 1, externalRef: 'C-2' },
      { number: moved.number, state: 'acknowledged', version: 2, externalRef: 'C-3' },
    ];
    expect(await due()).toEqual([{ webhookId, error: undefined }]);
    expect(await lastRun()).toMatchObject({ state: 'done', error: '', cases: 2, same: 2, differences: 0 });
    expect((await operator(`GET /tasks/${moved.id}/platforms`)).json()).toMatchObject({
      cases: [{ externalRef: 'C-3' }],
    });
  });

  it.each([
    ['no JSON', 'nonsense', /page 1 is not JSON/],
    ['no list', '{"items": 3}', /page 1: items: should be a list/],
    [
      'a state that nobody knows',
      '{"items": [{"number": "ZG-1", "state": "done"}]}',
      /items\.0\.state: should be one of issued/,
    ],
    [
      'a wrong version',
      '{"items": [{"number": "ZG-1", "state": "open", "version": 0}]}',
      /items\.0\.version/,
    ],
    ['a page that leads back to itself', '{"items": [], "nextCursor": "a"}', /leads back to itself/],
  ])('%s is a failed run that says so, and nothing is sent', async (_what, body, error) => {
    await issue();
    await deliver();
    platform.received.seen.length = 0;
    platform.answer = (_request, response) => void response.writeHead(200).end(body);
    await due();
    expect(await lastRun()).toMatchObject({ state: 'failed', error: expect.stringMatching(error) });
    const waiting = await api()
      .context.db.selectFrom('outbox')
      .select('id')
      .where('state', '=', 'pending')
      .where('webhook_id', '=', webhookId)
      .execute();
    expect(waiting).toEqual([]);
  });

  it('is read by one process only, each time it is due', async () => {
    await api()
      .context.db.updateTable('webhook')
      .set({ cases_due_at: clock })
      .where('id', '=', webhookId)
      .execute();
    const both = await Promise.all([reconcileDue(context), reconcileDue(context)]);
    expect(both.flat()).toHaveLength(1);
    expect(await reconcileDue(context)).toEqual([]);
    later(31);
    expect(await reconcileDue(context)).toHaveLength(1);
  });
});

describe('a list that is posted', () => {
  const post = (body: object) =>
    city.call('POST /platform/reconciliations', {
      since: new Date(Date.now() - 86_400_000).toISOString(),
      ...body,
    });

  it('heals in the same way; without "whole" nothing counts as missing', async () => {
    const [one, other] = [await issue(), await issue()];
    await deliver();
    const items = [{ number: one.number, state: 'open' }];
    expect((await post({ items })).json()).toMatchObject({ how: 'posted', same: 1, differences: 0 });
    const posted = await post({ items, whole: true });
    expect(posted.json()).toMatchObject({ same: 1, differences: 1, healed: 1 });
    expect(await differences(posted.json<Run>().id)).toMatchObject([
      { number: other.number, kind: 'missing_there' },
    ]);
  });

  it('names numbers that are none of the platform’s regions as unknown, and tells nothing of them', async () => {
    const mine = kitchen;
    kitchen = await seedKitchen(api().context.db);
    people = await seedPeople(api().context.db, kitchen);
    const foreign = await issue();
    kitchen = mine;
    const posted = await post({ items: [{ number: foreign.number, state: 'closed' }] });
    expect(posted.json()).toMatchObject({ differences: 1, healed: 0 });
    expect(await differences(posted.json<Run>().id)).toMatchObject([
      { number: foreign.number, kind: 'unknown_here', healed: 'none', taskId: null, stateHere: null },
    ]);
  });

  it.each([
    [{ items: [{ number: 'ZG-1', state: 'gone' }] }, 'items.0.state'],
    [
      {
        items: [
          { number: 'ZG-1', state: 'open' },
          { number: 'ZG-1', state: 'open' },
        ],
      },
      'items.1.number',
    ],
    [{}, 'items'],
  ])('%j names the field', async (body, field) => {
    expect((await post(body)).json()).toMatchObject({ status: 400, errors: [{ field }] });
  });
});
