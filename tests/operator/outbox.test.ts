/** 外发: dead letters by destination, sent again one by one or all of a destination, within the operator's regions. */
import { sql } from 'kysely';
import { beforeAll, expect, test } from 'vitest';
import { appendEvent } from '../../services/db/events.ts';
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

test('one dead letter is sent again once', async () => {
  const [dead] = (await operator('GET /outbox?state=dead')).json<{ items: { id: string }[] }>().items;
  expect((await operator(`POST /outbox/${dead?.id}/retry`)).json()).toMatchObject({
    state: 'pending',
    attempts: 0,
  });
  expect((await operator(`POST /outbox/${dead?.id}/retry`)).statusCode).toBe(409);
});
