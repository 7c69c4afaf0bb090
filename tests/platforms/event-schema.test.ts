/** What platforms receive is what the published schemas say: real events of real changes, checked as they arrive. */
import { Compile } from 'typebox/compile';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PLATFORM_EVENT_TYPES } from '../../services/db/events.ts';
import { runTaskOrder, type TaskOrder } from '../../services/db/task-life.ts';
import { relayDue } from '../../workers/outbox/webhooks/target.ts';
import { addAccount, as, type Call, signIn, useApi } from '../api/support.ts';
import { type Kitchen, seedKitchen } from '../support/kitchen.ts';
import { issueTask, type People, seedPeople } from '../task-life/support/tasks.ts';
import {
  addPlatform,
  callerWithKeys,
  type Platform,
  relayContext,
  startPlatform,
} from './support/platform.ts';

const api = useApi();
let operator: Call;
let platform: Platform;
let kitchen: Kitchen;
let people: People;
type Schema = Record<string, unknown> & { properties: Record<string, Record<string, unknown>> };
const schemas = new Map<string, Schema>();

beforeAll(async () => {
  operator = await as(api(), 'root', 'operator');
  kitchen = await seedKitchen(api().context.db);
  people = await seedPeople(api().context.db, kitchen);
  platform = await startPlatform();
  const made = await operator('POST /webhooks', { name: 'platform', url: `${platform.url}/hook` });
  expect(made.statusCode).toBe(201);
  // Anybody may read what platforms are sent.
  const open = await api().app.inject({ method: 'GET', url: '/api/v1/event-schemas' });
  const { items } = open.json<{ items: { type: string; schema: Schema }[] }>();
  for (const { type, schema } of items) schemas.set(type, schema);
});
afterAll(async () => await platform.close());

it('every type that platforms are told has a published schema, alone too', async () => {
  expect([...schemas.keys()].sort()).toEqual([...PLATFORM_EVENT_TYPES].sort());
  const one = await api().app.inject({ method: 'GET', url: '/api/v1/event-schemas/task.closed' });
  expect(one.headers['content-type']).toMatch(/^application\/schema\+json/);
  expect(one.json()).toEqual(schemas.get('task.closed'));
});

/** The schema with no room for members that it does not name. */
function strict(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(strict);
  if (typeof schema !== 'object' || schema === null) return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, strict(value)]));
  return 'properties' in inner ? { ...inner, additionalProperties: false } : inner;
}

async function live(): Promise<void> {
  const { db } = api().context;
  const now = api().clock.now();
  const issue = () => issueTask(db, kitchen, people, now);
  const run = async (taskId: string, command: TaskOrder['command'], more: Partial<TaskOrder> = {}) => {
    const merchant = ['acknowledge', 'submit', 'appeal'].includes(command);
    const answer = { text: 'done', photoIds: [] };
    const result = await runTaskOrder(
      db,
      {
        taskId,
        command,
        actorId: merchant ? people.merchant : people.inspector,
        note: 'why',
        ...(command === 'submit' && { answer: { type: 'submission', ...answer } }),
        ...(command === 'appeal' && { answer: { type: 'appeal', ...answer } }),
        ...more,
      },
      now,
    );
    expect(result, command).toMatchObject({ done: true });
  };
  const way = async (...commands: TaskOrder['command'][]) => {
    const id = await issue();
    for (const command of commands) await run(id, command);
  };
  await way('acknowledge', 'submit', 'return', 'submit', 'close', 'begin_recheck', 'pass_recheck');
  await way('acknowledge', 'submit', 'close', 'reopen');
  await way('acknowledge', 'submit', 'close', 'begin_recheck', 'recur');
  await way('appeal', 'reject_appeal');
  await way('escalate', 'transfer');
  await way('withdraw');
  const city = await addPlatform(api(), operator, 'city', kitchen.regionId);
  const { number } = await db
    .selectFrom('task')
    .select('number')
    .where('id', '=', await issue())
    .executeTakeFirstOrThrow();
  for (const order of [
    { command: 'comment', note: 'x' },
    { command: 'assign', unit: '城关所' },
  ]) {
    const answer = await city.keyed('POST /platform/commands', { task: number, ...order });
    expect(answer.statusCode, answer.body).toBe(200);
  }
  await addAccount(api(), 'desk', 'inspector', { regionId: kitchen.regionId });
  const desk = callerWithKeys(api(), await signIn(api(), 'desk'));
  const police = {
    merchant: kitchen.merchantCode,
    target: 'police',
    targetName: '公安局',
    legalReason: '第一百二十一条',
  };
  const send = async () => (await desk.keyed('POST /leads', police)).json<{ id: string }>().id;
  const [lead, other] = [await send(), await send()];
  for (const [id, version, step] of [
    [lead, 1, 'receive'],
    [lead, 2, 'accept'],
    [lead, 3, 'conclude'],
    [other, 1, 'reject'],
  ] as const) {
    const said = { version, step, caseNumber: '1', outcome: 'x' };
    expect((await desk.keyed(`POST /leads/${id}/progress`, said)).statusCode).toBe(200);
  }
}

it('what arrives fits its schema, and has no member that the schema does not name', async () => {
  await live();
  const { db, sealer } = api().context;
  const context = relayContext(db, sealer, () => new Date(Date.now() + 60_000));
  await relayDue(context);
  await context.brokers.close();
  const wrong = platform.events().flatMap((event) => {
    const check = Compile(strict(schemas.get(event.type)) as object);
    const errors = check.Errors(event).slice(0, 3);
    return errors.length === 0 ? [] : [{ type: event.type, errors, event }];
  });
  expect(wrong).toEqual([]);
  const seen = new Set(platform.events().map(({ type }) => type));
  // Events of findings, documents and faults, and those of the deadline worker alone, are not compared here.
  const missing = [...schemas.keys()].filter((type) => /^(task|lead)\./.test(type) && !seen.has(type));
  expect(missing.sort()).toEqual(['task.finding_added', 'task.recheck_prolonged', 'task.visit_due']);
  // The check can fail.
  const [first] = platform.events();
  const check = Compile(strict(schemas.get(first?.type ?? '')) as object);
  expect(check.Check({ ...first, data: { ...first?.data, surprise: 1 } })).toBe(false);
});
