/** A county's ninety days in one comparison: 5,000 cases over pages of 500 from a real HTTP server. */
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { reconcileDue } from '../../workers/outbox/reconcile/round.ts';
import { as, type Call, useApi } from '../api/support.ts';
import { type Kitchen, seedKitchen } from '../support/kitchen.ts';
import { issueTask, seedPeople } from '../task-life/support/tasks.ts';
import { addPlatform, type Platform, relayContext, startPlatform } from './support/platform.ts';

const CASES = 5000;
const PAGE = 500;
const api = useApi();
let now = new Date(Date.now() + 60_000);
let operator: Call;
let kitchen: Kitchen;
let platform: Platform;
let list: { number: string; state: string; version: number; externalRef: string }[];

beforeAll(async () => {
  operator = await as(api(), 'root', 'operator');
  const { db } = api().context;
  kitchen = await seedKitchen(db);
  const people = await seedPeople(db, kitchen);
  await addPlatform(api(), operator, 'city', kitchen.regionId);
  platform = await startPlatform();
  platform.answer = ({ path }, response) => {
    const from = Number(new URL(path, 'http://platform').searchParams.get('cursor') ?? 0);
    const items = list.slice(from, from + PAGE);
    const next = from + PAGE < list.length ? String(from + PAGE) : null;
    response.writeHead(200).end(JSON.stringify({ items, nextCursor: next }));
  };
  const made = await operator('POST /webhooks', {
    name: 'city',
    url: `${platform.url}/hook`,
    region: kitchen.regionPath,
    account: 'city',
    cases: { url: `${platform.url}/cases` },
  });
  expect(made.statusCode, made.body).toBe(201);
  const taskId = await issueTask(db, kitchen, people, now);
  // Copies of one task with its events, all delivered.
  await db.transaction().execute(async (tx) => {
    await sql`
      create temporary table copy on commit drop as
        select n, gen_random_uuid() as task_id, gen_random_uuid() as finding_id from generate_series(2, ${CASES}) as n`.execute(
      tx,
    );
    await sql`
      insert into finding select (jsonb_populate_record(finding, jsonb_build_object(
        'id', copy.finding_id, 'fingerprint', 'copy ' || copy.n))).*
      from finding, copy where finding.id = (select finding_id from task where id = ${taskId})`.execute(tx);
    await sql`
      insert into task select (jsonb_populate_record(task, jsonb_build_object(
        'id', copy.task_id, 'finding_id', copy.finding_id, 'number', 'ZG-COPY-' || copy.n))).*
      from task, copy where task.id = ${taskId}`.execute(tx);
    await sql`
      insert into event (type, region_path, merchant_id, payload, at)
      select type, region_path, merchant_id, payload || jsonb_build_object('taskId', copy.task_id, 'number', 'ZG-COPY-' || copy.n), at
      from event, copy where payload ->> 'taskId' = ${taskId} and type = 'task.issued'`.execute(tx);
    await sql`
      insert into outbox (event_id, webhook_id) select event.id, webhook.id from event, webhook
      where not exists (select from outbox where event_id = event.id)`.execute(tx);
    await sql`update outbox set state = 'delivered', delivered_at = ${now}`.execute(tx);
  });
  await sql`analyze`.execute(db);
}, 120_000);
afterAll(async () => await platform.close());

const run = async () => {
  const { db, sealer } = api().context;
  await db
    .updateTable('webhook')
    .set({ cases_due_at: new Date(0) })
    .execute();
  now = new Date(now.getTime() + 3_600_000);
  platform.received.seen.length = 0;
  const results = await reconcileDue(relayContext(db, sealer, () => now));
  expect(results.map(({ error }) => error)).toEqual([undefined]);
  const { items } = (await operator('GET /reconciliations?limit=1')).json<{
    items: Record<string, number>[];
  }>();
  return { ...items[0], requests: platform.received.seen.length };
};

it('is read page by page and compared, whatever differs', async () => {
  const { db } = api().context;
  const tasks = await db
    .selectFrom('task')
    .select(['number', 'state', 'version'])
    .orderBy('number')
    .execute();
  expect(tasks).toHaveLength(CASES);
  list = tasks.map((task, i) => ({ ...task, externalRef: `C-${i}` }));
  const same = await run();
  expect(same).toMatchObject({ requests: 10, cases: CASES, same: CASES, differences: 0 });
  expect(await run()).toMatchObject({ requests: 10, same: CASES, differences: 0 });
  // One in five is lost there, one in ten closed by itself.
  list = list
    .filter((_, i) => i % 5 !== 0)
    .map((one, i) => (i % 10 === 0 ? { ...one, state: 'closed' } : one));
  const torn = await run();
  expect(torn).toMatchObject({ requests: 8, cases: 4000, same: 3600, differences: 1400, healed: 1000 });
}, 120_000);
