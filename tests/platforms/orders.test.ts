import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runTaskOrder } from '../../services/db/task-life.ts';
import { type Api, addAccount, as, type Call, signIn, useApi } from '../api/support.ts';
import { type Kitchen, seedKitchen } from '../support/kitchen.ts';
import { issueTask, type People, seedPeople } from '../task-life/support/tasks.ts';
import { addPlatform, type Caller, callerWithKeys } from './support/platform.ts';

const api = useApi();
let operator: Call;
let kitchen: Kitchen;
let people: People;
let platform: Caller;
let stranger: Caller;
let task: { id: string; number: string; version: number; state: string };

const read = async () =>
  await api()
    .context.db.selectFrom('task')
    .select(['id', 'number', 'version', 'state'])
    .where('id', '=', task.id)
    .executeTakeFirstOrThrow();
const newTask = async () => {
  const id = await issueTask(api().context.db, kitchen, people, api().clock.now());
  task = { id, number: '', version: 0, state: '' };
  task = await read();
};
const run = async (command: 'acknowledge' | 'submit') =>
  await runTaskOrder(
    api().context.db,
    {
      taskId: task.id,
      command,
      actorId: people.merchant,
      ...(command === 'submit' && { answer: { type: 'submission', text: 'done', photoIds: [] } }),
    },
    api().clock.now(),
  );
const history = async () =>
  (await operator(`GET /tasks/${task.id}`)).json<{
    history: { command: string; note: string; by: string; reason: string }[];
  }>().history;
const rows = async (type: string) =>
  await api().context.db.selectFrom('event').selectAll().where('type', '=', type).execute();
const order = (body: object, key?: string) =>
  platform.keyed('POST /platform/commands', { task: task.number, ...body }, key);

beforeAll(async () => {
  operator = await as(api(), 'root', 'operator');
  kitchen = await seedKitchen(api().context.db);
  people = await seedPeople(api().context.db, kitchen);
  platform = await addPlatform(api(), operator, 'city', kitchen.regionId);
  const elsewhere = await seedKitchen(api().context.db);
  stranger = await addPlatform(api(), operator, 'elsewhere', elsewhere.regionId);
});
beforeEach(newTask);

describe('orders of a platform', () => {
  it('acknowledge receipt with their case number, which stays with the task', async () => {
    const first = await order({ command: 'receipt', externalRef: '12345-2026-7' });
    expect(first.json()).toMatchObject({
      state: 'issued',
      version: 1,
      repeated: false,
      externalRef: '12345-2026-7',
    });
    const known = await operator(`GET /tasks/${task.id}/platforms`);
    expect(known.json()).toMatchObject({
      cases: [{ platform: 'city', externalRef: '12345-2026-7', receivedAt: expect.any(String) }],
    });
    expect(await history()).toContainEqual(
      expect.objectContaining({ command: 'platform_receipt', reason: '12345-2026-7', by: 'city' }),
    );
  });

  it('comment in the history, and others are told', async () => {
    const answer = await order({ command: 'comment', note: '请附整改照片', externalRef: 'A1' });
    expect(answer.statusCode, answer.body).toBe(200);
    expect((await history()).filter(({ command }) => command === 'comment')).toMatchObject([
      { note: '请附整改照片', by: 'city' },
    ]);
    const event = (await rows('task.commented')).find((one) => one.payload.taskId === task.id);
    expect(event?.payload).toMatchObject({ note: '请附整改照片', externalRef: 'A1', state: 'issued' });
  });

  it('assign one of our people or a unit, the last one counts', async () => {
    await addAccount(api(), 'field', 'field_inspector', { regionId: kitchen.regionId });
    expect((await order({ command: 'assign', assignee: 'field' })).statusCode).toBe(200);
    expect((await order({ command: 'assign', unit: '城关所' })).statusCode).toBe(200);
    const known = await operator(`GET /tasks/${task.id}/platforms`);
    expect(known.json()).toMatchObject({ assignment: { assignee: null, unit: '城关所', by: 'city' } });
    const wrong = await order({ command: 'assign', assignee: 'root-of-all' });
    expect(wrong.json()).toMatchObject({ status: 400, errors: [{ field: 'assignee' }] });
  });

  it('close what was answered, return and withdraw, each by the rules of the task', async () => {
    const early = await order({ command: 'close', version: 1 });
    expect(early.json()).toMatchObject({ status: 409, why: 'visit_required', state: 'issued', version: 1 });
    // Not even by saying that somebody was there.
    const visited = await order({ command: 'close', version: 1, visited: true });
    expect(visited.json()).toMatchObject({ status: 409, why: 'visit_required' });
    await run('acknowledge');
    await run('submit');
    const stale = await order({ command: 'close', version: 1 });
    expect(stale.json()).toMatchObject({ status: 409, why: 'changed', state: 'submitted', version: 3 });
    expect((await order({ command: 'return', version: 3, note: '照片不清' })).json()).toMatchObject({
      state: 'returned',
    });
    await run('submit');
    expect((await order({ command: 'close', version: 5, note: '已核' })).json()).toMatchObject({
      state: 'closed',
      version: 6,
    });
    await newTask();
    expect((await order({ command: 'withdraw', version: 1, note: '重复' })).json()).toMatchObject({
      state: 'withdrawn',
    });
  });

  it('count once: sent again they are answered as the first time', async () => {
    const key = randomUUID();
    const body = { command: 'comment', note: 'once' };
    await order(body, key);
    const again = await order(body, key);
    expect(again.json()).toMatchObject({ repeated: true });
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect((await history()).filter(({ note }) => note === 'once')).toHaveLength(1);
    expect((await order({ ...body, note: 'other' }, key)).json()).toMatchObject({
      status: 409,
      why: 'key_reused',
    });
    await Promise.all([1, 2, 3, 4].map(() => order({ command: 'comment', note: 'at once' }, 'the same key')));
    expect((await history()).filter(({ note }) => note === 'at once')).toHaveLength(1);
  });

  it('outside of its regions there is no such task; all orders can be read with their answers', async () => {
    const answer = await stranger.keyed('POST /platform/commands', {
      task: task.number,
      command: 'comment',
      note: 'x',
    });
    expect(answer.statusCode).toBe(404);
    await order({ command: 'close', version: 9 });
    const list = await operator('GET /platform/commands?limit=2');
    expect(list.json()).toMatchObject({
      items: [
        { platform: 'city', task: task.number, command: 'close', done: false, why: 'changed', via: 'http' },
        { platform: 'elsewhere', command: 'comment', done: false, why: 'not_found' },
      ],
    });
    expect((await platform.call('GET /platform/commands')).statusCode).toBe(403);

    // The head of the station sees what was ordered about the own tasks, and no other.
    const head = await as(api(), 'head', 'station_head', { regionId: kitchen.regionId });
    const seen = (await head(`GET /platform/commands?task=${task.number}&done=false`)).json<{
      items: { found: object | null; why: string }[];
    }>().items;
    expect(seen[0]).toMatchObject({ found: { id: task.id }, why: 'changed' });
    expect(seen.every(({ found }) => found !== null)).toBe(true);
  });

  it.each([
    [{ command: 'close' }, 'version'],
    [{ command: 'comment' }, 'note'],
    [{ command: 'explode' }, 'command'],
    [{ command: 'assign' }, 'assignee'],
    [{ command: 'comment', note: 'x', unit: 'y' }, 'unit'],
    [{ command: 'receipt', externalRef: '' }, 'externalRef'],
  ])('%j names the field', async (body, field) => {
    expect((await order(body)).json()).toMatchObject({ status: 400, errors: [{ field }] });
  });
});

describe('a lead (线索移送)', () => {
  let inspector: Caller;
  beforeAll(async () => {
    await addAccount(api(), 'desk', 'inspector', { regionId: kitchen.regionId });
    inspector = callerWithKeys(api(), await signIn(api(), 'desk'));
  });
  const police = {
    target: 'police',
    targetName: '获嘉县公安局',
    legalReason: '食品安全法第一百二十一条',
    documentRef: '获市监移〔2026〕3号',
  };
  const send = (body: object, key?: string) => inspector.keyed('POST /leads', { ...police, ...body }, key);
  const lead = async (body: object = { task: task.id }) =>
    (await send(body)).json<{ id: string; number: string; version: number }>();
  const hand = (id: string, body: object) => inspector.keyed(`POST /leads/${id}/progress`, body);
  const told = (id: string, body: object, key?: string) =>
    platform.keyed(`POST /platform/leads/${id}/progress`, body, key);

  it('goes its way by the platform: received, accepted with a case number, concluded with its outcome', async () => {
    const sent = await send({ task: task.id, export: await exported(api(), task.id, people.inspector) });
    expect(sent.statusCode, sent.body).toBe(201);
    expect(sent.json()).toMatchObject({
      state: 'sent',
      evidenceSha256: 'ab'.repeat(32),
      task: { number: task.number },
    });
    const { id } = sent.json<{ id: string }>();
    expect((await told(id, { version: 1, step: 'receive' })).json()).toMatchObject({ state: 'received' });
    expect((await told(id, { version: 2, step: 'accept' })).json()).toMatchObject({
      errors: [{ field: 'caseNumber' }],
    });
    const key = randomUUID();
    const accept = { version: 2, step: 'accept', caseNumber: '获公立字〔2026〕12号' };
    expect((await told(id, accept, key)).json()).toMatchObject({ state: 'accepted', version: 3 });
    expect((await told(id, accept, key)).headers['idempotency-replayed']).toBe('true');
    expect((await told(id, { version: 2, step: 'reject', outcome: 'x' })).json()).toMatchObject({
      status: 409,
      why: 'changed',
    });
    expect((await told(id, { version: 3, step: 'reject', outcome: 'x' })).json()).toMatchObject({
      why: 'wrong_state',
    });
    expect((await told(id, { version: 3, step: 'conclude', outcome: '罚款五万元' })).json()).toMatchObject({
      state: 'concluded',
    });
    const page = (await inspector.call(`GET /leads/${id}`)).json<{ history: { to: string; by: string }[] }>();
    expect(page.history.map(({ to, by }) => `${to} ${by}`)).toEqual([
      'sent desk',
      'received city',
      'accepted city',
      'concluded city',
    ]);
    const types = (
      await api().context.db.selectFrom('event').select(['type', 'payload']).orderBy('id').execute()
    )
      .filter(({ payload }) => payload.leadId === id)
      .map(({ type }) => type);
    expect(types).toEqual(['lead.sent', 'lead.received', 'lead.accepted', 'lead.concluded']);
    expect((await read()).state).toBe('issued');
  });

  it('by hand, and its task may end with it', async () => {
    const sent = await send({ task: task.id, endTaskVersion: 7 });
    expect(sent.json()).toMatchObject({ status: 409, why: 'changed', version: 1 });
    const { id, version } = await lead({ task: task.id, endTaskVersion: 1 });
    expect((await read()).state).toBe('transferred');
    expect((await hand(id, { version, step: 'reject', outcome: '不属于本局管辖' })).json()).toMatchObject({
      state: 'rejected',
      outcome: '不属于本局管辖',
    });
    expect((await told(id, { version: 2, step: 'receive' })).json()).toMatchObject({ why: 'wrong_state' });
  });

  it('of a merchant without a task, sent twice with one key, is one', async () => {
    const key = randomUUID();
    const body = { merchant: kitchen.merchantCode, summary: '后厨发现过期肉制品' };
    const [a, b] = [await send(body, key), await send(body, key)];
    expect(b.json()).toEqual(a.json());
  });

  it('is counted: leads, and the cases that came of them', async () => {
    api().clock.move(3_600_000);
    const from = api().clock.now().toISOString();
    const ids = [];
    for (let i = 0; i < 4; i += 1) ids.push((await lead({ merchant: kitchen.merchantCode })).id);
    await lead({ merchant: kitchen.merchantCode, target: 'education', targetName: '教体局' });
    await told(ids[0] ?? '', { version: 1, step: 'accept', caseNumber: '1' });
    await told(ids[0] ?? '', { version: 2, step: 'conclude', outcome: '结案' });
    await told(ids[1] ?? '', { version: 1, step: 'accept', caseNumber: '2' });
    await told(ids[2] ?? '', { version: 1, step: 'reject', outcome: '证据不足' });
    const to = new Date(api().clock.now().getTime() + 1000).toISOString();
    const counts = await inspector.call(`GET /lead-counts?from=${from}&to=${to}`);
    expect(counts.json()).toMatchObject({
      sent: 5,
      cases: 2,
      concluded: 1,
      rejected: 1,
      unanswered: 2,
      byTarget: [
        { target: 'education', sent: 1, cases: 0 },
        { target: 'police', sent: 4, cases: 2 },
      ],
    });
    expect((await stranger.call(`GET /lead-counts?from=${from}&to=${to}`)).json()).toMatchObject({ sent: 0 });
  });

  it.each([
    [{}, 'task'],
    [{ merchant: 'nowhere' }, 'merchant'],
    [{ task: randomUUID() }, 'task'],
    [{ merchant: 'x', target: 'army' }, 'target'],
    [{ merchant: 'x', legalReason: '' }, 'legalReason'],
  ])('%j names the field', async (body, field) => {
    expect((await send(body)).json()).toMatchObject({ status: 400, errors: [{ field }] });
  });

  it('with an export of another case is refused', async () => {
    const foreign = await exported(api(), task.id, people.inspector);
    await newTask();
    expect((await send({ task: task.id, export: foreign })).json()).toMatchObject({
      errors: [{ field: 'export' }],
    });
  });
});

const KEY = 'cd'.repeat(32);

/** A finished export of the task's case. */
async function exported({ context, clock }: Api, taskId: string, accountId: string): Promise<string> {
  const { db } = context;
  const { finding_id } = await db
    .selectFrom('task')
    .select('finding_id')
    .where('id', '=', taskId)
    .executeTakeFirstOrThrow();
  await db
    .insertInto('evidence_key')
    .values({ id: KEY, public_key: 'none', created_at: clock.now(), retired_at: null })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const { id } = await db
    .insertInto('case_export')
    .values({
      case_id: finding_id,
      purpose: '移送公安',
      account_id: accountId,
      at: clock.now(),
      manifest_sha256: 'ab'.repeat(32),
      key_id: KEY,
      finished_at: clock.now(),
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}
