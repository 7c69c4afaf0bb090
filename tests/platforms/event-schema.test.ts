/** What platforms receive is what the published schemas say: every kind of event, by the real change, checked as it arrives. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PLATFORM_EVENT_TYPES } from '../../services/db/events.ts';
import { relayDue } from '../../workers/outbox/webhooks/target.ts';
import { as, type Call, useApi } from '../api/support.ts';
import { type Kitchen, seedKitchen } from '../support/kitchen.ts';
import { type People, seedPeople } from '../task-life/support/tasks.ts';
import { faultsLive, findingsLive, leadsLive, tasksLive, tipsLive } from './support/all-events.ts';
import { type Platform, relayContext, startPlatform } from './support/platform.ts';
import { misfits, publishedSchemas, type Schema } from './support/schemas.ts';

const api = useApi();
let operator: Call;
let platform: Platform;
let kitchen: Kitchen;
let people: People;
let schemas: Map<string, Schema>;

beforeAll(async () => {
  operator = await as(api(), 'root', 'operator');
  kitchen = await seedKitchen(api().context.db);
  people = await seedPeople(api().context.db, kitchen);
  platform = await startPlatform();
  const made = await operator('POST /webhooks', { name: 'platform', url: `${platform.url}/hook` });
  expect(made.statusCode).toBe(201);
  schemas = await publishedSchemas(api());
});
afterAll(async () => await platform.close());

it('every type that platforms are told has a published schema, alone too', async () => {
  expect([...schemas.keys()].sort()).toEqual([...PLATFORM_EVENT_TYPES].sort());
  const one = await api().app.inject({ method: 'GET', url: '/api/v1/event-schemas/task.closed' });
  expect(one.headers['content-type']).toMatch(/^application\/schema\+json/);
  expect(one.json()).toEqual(schemas.get('task.closed'));
});

it('what arrives fits its schema and has no member that the schema does not name; every kind arrives', async () => {
  const place = { api: api(), operator, kitchen, people };
  await findingsLive(place);
  await faultsLive(place);
  await leadsLive(place);
  await tipsLive(place);
  await tasksLive(place);
  const { db, sealer } = api().context;
  const context = relayContext(db, sealer, () => new Date(Date.now() + 60_000));
  await relayDue(context);
  await context.brokers.close();
  const events = platform.events();
  expect([...new Set(events.flatMap((event) => misfits(schemas, event)))]).toEqual([]);
  expect([...new Set(events.map(({ type }) => type))].sort()).toEqual([...schemas.keys()].sort());
  // The check can fail.
  for (const event of events.slice(0, 40))
    expect(misfits(schemas, { ...event, data: { ...event.data, surprise: 1 } })).not.toEqual([]);
});
