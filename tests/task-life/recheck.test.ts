/** 回头看: a recheck does not pass while somebody still has to say whether it recurred. */
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { issueNext } from '../../services/db/issue-due.ts';
import { runTaskOrder, type TaskOrder } from '../../services/db/task-life.ts';
import { confirmFinding } from '../../services/db/verdicts.ts';
import { takeDueSteps } from '../../workers/deadlines/rounds.ts';
import { addAccount, as, type Call, useApi } from '../api/support.ts';
import { addFinding, addWorld, type World } from '../api/world.ts';

const MINUTE = 60_000;
const api = useApi();
let world: World;
let inspector: Call;
let inspectorId: string;
let merchantId: string;
/** A task whose recheck runs. */
let taskId: string;
/** Found at the same place while it runs. */
let again: string;

interface Page {
  state: string;
  history: { command: string; reason: string }[];
}
const task = async (id: string) => (await inspector(`GET /tasks/${id}`)).json<Page>();
async function order(actorId: string, asked: Pick<TaskOrder, 'command' | 'answer'>): Promise<void> {
  const done = await runTaskOrder(api().context.db, { taskId, actorId, ...asked }, api().clock.now());
  expect(done).toMatchObject({ done: true });
}
const due = () => takeDueSteps({ db: api().context.db, now: api().clock.now });
const find = () => addFinding(api(), world.eastCamera, api().clock.now());

beforeAll(async () => {
  world = await addWorld(api());
  const director = await as(api(), 'director', 'director');
  inspector = await as(api(), 'inspector', 'inspector');
  inspectorId = await addAccount(api(), 'second', 'inspector');
  merchantId = await addAccount(api(), 'merchant', 'merchant', { merchantId: world.eastMerchant });
  const document = {
    limits: { 2: { recheckMin: 60 } },
    recheck: { observedHours: { 2: 0 }, prolongMin: 30, mostProlongations: 0 },
  };
  const made = await director('POST /policies', { region: 'east', after: null, document });
  expect(made.statusCode, made.body).toBe(201);
});

beforeEach(async () => {
  api().clock.move(120 * MINUTE);
  const found = await find();
  ({ taskId } = (await inspector(`POST /findings/${found}/confirm`, {})).json<{ taskId: string }>());
  await order(merchantId, { command: 'acknowledge' });
  await order(merchantId, {
    command: 'submit',
    answer: { type: 'submission', text: '已整改', photoIds: [] },
  });
  await order(inspectorId, { command: 'close' });
  await due();
  expect((await task(taskId)).state).toBe('recheck_due');
  api().clock.move(50 * MINUTE);
  again = await find();
  api().clock.move(10 * MINUTE);
  await due();
});

test('it waits while what was found again has no verdict, however often', async () => {
  for (let i = 0; i < 3; i += 1) {
    const { state, history } = await task(taskId);
    expect(state).toBe('recheck_due');
    expect(history.at(-1)).toMatchObject({ command: 'prolong_recheck', reason: 'finding_waits' });
    expect(history.filter(({ command }) => command === 'prolong_recheck')).toHaveLength(i + 1);
    api().clock.move(30 * MINUTE);
    await due();
  }
  const judged = (await inspector(`POST /findings/${again}/confirm`, {})).json<{ taskId: string }>();
  expect((await task(taskId)).state).toBe('recurred');
  const linked = await api()
    .context.db.selectFrom('task')
    .select('recurred_from')
    .where('id', '=', judged.taskId)
    .executeTakeFirstOrThrow();
  expect(linked.recurred_from).toBe(taskId);
});

test('it passes once that was dismissed', async () => {
  await inspector(`POST /findings/${again}/dismiss`, { reason: 'not_a_person' });
  api().clock.move(30 * MINUTE);
  await due();
  expect((await task(taskId)).state).toBe('recheck_passed');
});

test('it waits while a confirmed finding can still be undone, and recurs when its task is issued', async () => {
  const { db } = api().context;
  const now = api().clock.now();
  const command = { findingId: again, actorId: inspectorId, version: undefined, note: '' };
  await confirmFinding(db, { ...command, undoMs: 40 * MINUTE }, now);
  api().clock.move(30 * MINUTE);
  await due();
  expect((await task(taskId)).state).toBe('recheck_due');
  api().clock.move(10 * MINUTE);
  await issueNext(db, api().clock.now());
  expect((await task(taskId)).state).toBe('recurred');
});
