/** 外发: dead letters by destination, sent again one by one or all of a destination, within the operator's regions. */
import { sql } from 'kysely';
import { beforeAll, expect, test } from 'vitest';
import { appendEvent } from '../../services/db/events.ts';
import { removeLogs } from '../../services/db/remove-logs.ts';
import { addAccount, as, type Call, useApi } from '../api/support.ts';

const api = useApi();
let operator: Call;
let near: Call;
const webhooks: Record<string, string> = {};

interface Destinations {
  items: {
    webhook: { id: string; name: string };
    pending: number;
    dead: number;
    lastError: string | null;
    lastDeliveredAt: string | null;
  }[];
}
const destinations = async (call: Call): Promise<Destinations['items']> =>
  (await call('GET /outbox/destinations')).json<Destinations>().items;

beforeAll(async () => {
  await addAccount(api(), 'root', 'operator');
  operator = await as(api(), 'operator', 'operator');
  const county = (await operator('POST /regions', { code: 'county', level: 'county', name: '县' })).json<{
    id: string;
  }>();
  const region = async (code: string) =>
    (await operator('POST /regions', { code, parent: 'county', level: 'town', name: code })).json<{
      id: string;
    }>().id;
  const east = await region('east');
  await region('west');
  near = await as(api(), 'near', 'operator', { regionId: east });
  expect(county.id).toBeDefined();
  for (const name of ['county', 'east']) {
    const made = await operator('POST /webhooks', {
      name,
      url: `https://${name}.example.org/`,
      region: name,
    });
    webhooks[name] = made.json<{ id: string }>().id;
  }
  const { db } = api().context;
  for (const regionPath of ['county.east', 'county.west'])
    await appendEvent(db, { type: 'task.issued', regionPath, merchantId: null, payload: { number: 'ZG-1' } });
  const error = 'the receiver answered 410: no more';
  await sql`update outbox set state = 'dead', attempts = 1, last_status = 410, last_error = ${error}`.execute(
    db,
  );
});

test('each destination says what died and why; of other regions nothing is told', async () => {
  expect(await destinations(operator)).toMatchObject([
    { webhook: { name: 'county' }, dead: 2, lastError: 'the receiver answered 410: no more' },
    { webhook: { name: 'east' }, dead: 1, lastDeliveredAt: null },
  ]);
  expect(await destinations(near)).toMatchObject([{ webhook: { name: 'east' }, dead: 1 }]);
});

test('one delivery shows what it tells, to those who may see it', async () => {
  const list = (await operator(`GET /outbox?state=dead&webhook=${webhooks.county}`)).json<{
    items: { id: string; type: string }[];
    counts: { dead: number };
  }>();
  expect(list.counts.dead).toBe(2);
  const [west, east] = list.items;
  expect((await operator(`GET /outbox/${west?.id}`)).json()).toMatchObject({
    region: 'county.west',
    payload: { number: 'ZG-1' },
    attempts: 1,
  });
  expect((await near(`GET /outbox/${west?.id}`)).statusCode).toBe(404);
  expect((await near(`GET /outbox/${east?.id}`)).statusCode).toBe(200);
});

test('all dead letters of a destination are sent again, once, and history says who asked', async () => {
  expect((await near(`POST /webhooks/${webhooks.county}/retry-dead`)).statusCode).toBe(404);
  expect((await operator(`POST /webhooks/${webhooks.county}/retry-dead`)).json()).toEqual({ retried: 2 });
  expect((await operator(`POST /webhooks/${webhooks.county}/retry-dead`)).json()).toEqual({ retried: 0 });
  expect(await destinations(operator)).toMatchObject([
    { webhook: { name: 'east' }, dead: 1, pending: 0 },
    { webhook: { name: 'county' }, dead: 0, pending: 2 },
  ]);
  const audit = (await operator('GET /audit?entity=webhook&limit=5')).json<{
    items: { to: string; note: string; by: { username: string } }[];
  }>();
  expect(audit.items[1]).toMatchObject({
    to: 'deliveries_retried',
    note: '2',
    by: { username: 'operator' },
  });
});

test('what nobody will send is set aside with a reason, no longer counts, and can be taken up again', async () => {
  const [dead] = (await operator('GET /outbox?state=dead')).json<{ items: { id: string }[] }>().items;
  const letter = `/outbox/${dead?.id}`;
  const why = { reason: '平台已停用，改由省平台接收' };
  expect((await operator(`POST ${letter}/set-aside`, { reason: ' ' })).json()).toMatchObject({
    errors: [{ field: 'reason' }],
  });
  expect((await operator(`POST ${letter}/set-aside`, why)).json()).toMatchObject({
    state: 'set_aside',
    setAside: { reason: why.reason, by: 'operator' },
  });
  expect((await operator(`POST ${letter}/set-aside`, why)).statusCode).toBe(409);
  expect((await operator(`POST ${letter}/retry`)).statusCode).toBe(409);
  expect((await operator('GET /system')).json()).toMatchObject({ outbox: { dead: 0 } });
  expect((await operator('GET /outbox?state=set_aside')).json()).toMatchObject({
    counts: { dead: 0, set_aside: 1 },
    items: [{ id: dead?.id, lastStatus: 410 }],
  });
  const audit = (await operator('GET /audit?entity=webhook&limit=1')).json<{ items: object[] }>();
  expect(audit.items).toMatchObject([{ to: 'delivery_set_aside', note: dead?.id, reason: why.reason }]);

  expect((await operator(`POST ${letter}/take-up`)).json()).toMatchObject({ state: 'dead', setAside: null });
  expect((await operator(`POST ${letter}/take-up`)).statusCode).toBe(409);
  expect((await operator('GET /system')).json()).toMatchObject({ outbox: { dead: 1 } });
});

test('dead letters of one cause are dealt with in one go, the others stay', async () => {
  const { db } = api().context;
  for (const [number, error] of [
    [2, 'the receiver answered 500: request 17'],
    [3, 'the receiver answered 500: request 18'],
    [4, 'cannot be reached: ECONNREFUSED'],
  ] as const) {
    const payload = { number: `ZG-${number}` };
    await appendEvent(db, { type: 'task.issued', regionPath: 'county.west', merchantId: null, payload });
    await sql`update outbox set state = 'dead', last_error = ${error} where id = (select max(id) from outbox)`.execute(
      db,
    );
  }
  const causes = async (call: Call, state: string) =>
    (await call(`GET /outbox/causes?webhook=${webhooks.county}&state=${state}`)).json<{ items: object[] }>()
      .items;
  const broken = {
    cause: 'the receiver answered 500',
    count: 2,
    lastError: 'the receiver answered 500: request 18',
  };
  const silent = { cause: 'cannot be reached: ECONNREFUSED', count: 1 };
  expect(await causes(operator, 'dead')).toMatchObject([broken, silent]);
  expect(await causes(near, 'dead')).toEqual([]);
  const cause = encodeURIComponent(broken.cause);
  expect((await operator(`GET /outbox?cause=${cause}`)).json<{ items: object[] }>().items).toHaveLength(2);

  const address = `/webhooks/${webhooks.county}`;
  expect((await operator(`POST ${address}/set-aside-dead`, { reason: 'x' })).statusCode).toBe(400);
  expect((await near(`POST ${address}/set-aside-dead?cause=${cause}`, { reason: 'x' })).statusCode).toBe(404);
  const aside = await operator(`POST ${address}/set-aside-dead?cause=${cause}`, { reason: '对方已人工补录' });
  expect(aside.json()).toEqual({ setAside: 2 });
  expect(await causes(operator, 'dead')).toMatchObject([silent]);
  expect(await causes(operator, 'set_aside')).toMatchObject([broken]);

  // Neither time nor the end of a replay takes them away.
  await sql`update outbox set created_at = now() - interval '9 years' where state = 'set_aside'`.execute(db);
  await sql`insert into retention_policy (region_id, item, since, keep_days) values (null, 'delivery', 'written', 180)
    on conflict (region_id, item, since) do update set keep_days = 180`.execute(db);
  await removeLogs(db, 'delivery', new Date(), 100);
  expect((await operator(`POST ${address}/take-up?cause=${cause}`)).json()).toEqual({ takenUp: 2 });
  expect((await operator(`POST ${address}/retry-dead?cause=${cause}`)).json()).toEqual({ retried: 2 });
  expect(await causes(operator, 'dead')).toMatchObject([silent]);
  const audit = (await operator('GET /audit?entity=webhook&limit=3')).json<{ items: object[] }>();
  expect(audit.items).toMatchObject([
    { to: 'deliveries_retried', note: '2 × the receiver answered 500' },
    { to: 'deliveries_taken_up' },
    { to: 'deliveries_set_aside', reason: '对方已人工补录' },
  ]);
});

test('one dead letter is sent again once', async () => {
  const [dead] = (await operator('GET /outbox?state=dead')).json<{ items: { id: string }[] }>().items;
  expect((await operator(`POST /outbox/${dead?.id}/retry`)).json()).toMatchObject({
    state: 'pending',
    attempts: 0,
  });
  expect((await operator(`POST /outbox/${dead?.id}/retry`)).statusCode).toBe(409);
});
