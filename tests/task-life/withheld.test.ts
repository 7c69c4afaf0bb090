/** The history of a task as each may read it: what is for the office alone does not stand in the merchant's. */
import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { lockTask } from '../../services/db/task-record.ts';
import { tellReviewOverdue } from '../../services/db/task-reviews.ts';
import { addAccount, as, type Call, signIn, useApi } from '../api/support.ts';
import { addFinding, addWorld, type World } from '../api/world.ts';

const HOUR = 3_600_000;
const POLICE = '县公安局食品药品犯罪侦查大队';
const REASON = '涉嫌违反《食品安全法》第一百二十三条';
const api = useApi();
let world: World;
let inspector: Call;
let task = '';
let back = 0;

interface Row {
  command: string;
  reason: string;
  note: string;
}

beforeAll(async () => {
  world = await addWorld(api());
  inspector = await as(api(), 'desk', 'inspector', { regionId: world.east });
  await addAccount(api(), 'merchant', 'merchant', { merchantId: world.eastMerchant });
  await addAccount(api(), 'head', 'station_head', { regionId: world.east });
  await addAccount(api(), 'officer', 'food_safety_officer', { merchantId: world.eastMerchant });
});
beforeEach(async () => {
  back += 1;
  const at = new Date(api().clock.now().getTime() - back * 2 * HOUR);
  const finding = await addFinding(api(), world.eastCamera, at);
  task = (await inspector(`POST /findings/${finding}/confirm`)).json<{ taskId: string }>().taskId;
});

async function order(who: string, path: string, payload: object) {
  const answer = await api().app.inject({
    method: 'POST',
    url: `/api/v1${path}`,
    headers: { authorization: `Bearer ${await signIn(api(), who)}`, 'idempotency-key': randomUUID() },
    payload,
  });
  expect(answer.statusCode, answer.body).toBeLessThan(300);
  return answer.json<{ id: string }>();
}
async function read(who: string) {
  const answer = await api().app.inject({
    url: `/api/v1/tasks/${task}`,
    headers: { authorization: `Bearer ${await signIn(api(), who)}` },
  });
  expect(answer.statusCode, answer.body).toBe(200);
  return { body: answer.body, history: answer.json<{ history: Row[] }>().history };
}
const commands = ({ history }: { history: Row[] }) => history.map(({ command }) => command);

test('the merchant does not read that it was reported to the police, nor why', async () => {
  const lead = { task, target: 'police', targetName: POLICE, legalReason: REASON, endTaskVersion: 1 };
  await order('desk', '/leads', lead);
  for (const who of ['merchant', 'officer']) {
    const seen = await read(who);
    expect(seen.history.at(-1)).toMatchObject({
      command: 'transfer',
      to: 'transferred',
      reason: '',
      note: '',
    });
    expect(seen.body).not.toContain(POLICE);
    expect(seen.body).not.toContain(REASON);
  }
  expect((await read('head')).history.at(-1)).toMatchObject({ reason: POLICE, note: REASON });
});

test('nor to which office the desk transferred it by its own button', async () => {
  await order('desk', `/tasks/${task}/transfer`, { version: 1, to: '县综合执法局', note: '已电话沟通' });
  expect((await read('merchant')).body).not.toMatch(/综合执法|电话沟通/);
  expect((await read('desk')).history.at(-1)).toMatchObject({ reason: '县综合执法局', note: '已电话沟通' });
});

test('drafts of documents are for those who draft and issue', async () => {
  const draft = { type: 'interview', reason: '拟约谈负责人' };
  const { id } = await order('desk', `/tasks/${task}/document-drafts`, draft);
  await order('head', `/document-drafts/${id}/discard`, { reason: '证据不足，暂不约谈' });
  const seen = await read('merchant');
  expect(commands(seen)).toEqual(['']);
  expect(seen.body).not.toContain('证据不足');
  for (const who of ['desk', 'head'])
    expect(commands(await read(who))).toEqual(['', 'draft_document', 'discard_draft']);
});

test('what waits too long at the office, and what platforms say, is not in the history of the merchant', async () => {
  const { db, now } = api().context;
  await db.transaction().execute(async (tx) => {
    const locked = await lockTask(tx, task);
    if (locked === undefined) throw new Error('no task');
    await tellReviewOverdue(tx, { ...locked, next_step: 'review' }, now());
    await tellReviewOverdue(tx, { ...locked, next_step: 'field_visit' }, now());
    const row = { entity: 'task', entity_id: task, from_state: 'issued', to_state: 'issued', at: now() };
    const differs = { command: 'platform_differs', reason: 'closed_there', note: 'closed C-9' };
    const sample = { command: 'sample', reason: 'not_drawn', note: 'county 4, share 0.2' };
    const prolonged = { command: 'prolong_recheck', reason: 'finding_waits' };
    const newer = { command: 'of_a_newer_version', reason: 'unknown' };
    await tx
      .insertInto('history')
      .values([differs, sample, prolonged, newer].map((more) => ({ ...row, ...more })))
      .execute();
  });
  const seen = await read('merchant');
  expect(commands(seen)).toEqual(['', 'prolong_recheck']);
  expect(seen.history.at(-1)).toMatchObject({ reason: '' });
  const all = [
    'review_overdue',
    'visit_due',
    'platform_differs',
    'sample',
    'prolong_recheck',
    'of_a_newer_version',
  ];
  expect(commands(await read('head'))).toEqual(['', ...all]);
  expect(commands(await read('desk'))).toEqual(['', ...all.filter((one) => one !== 'platform_differs')]);
});

test('nobody but the office reads the seed that says who is drawn next, or what platforms call a task', async () => {
  const { db, now } = api().context;
  const lot = { sampled: true, sample_no: '4', sample_seed: 'seed-of-the-county', by_people: true };
  await db
    .updateTable('task')
    .set({ state: 'recheck_due', closed_at: now(), class: 3, ...lot })
    .where('id', '=', task)
    .execute();
  const get = async (who: string, path: string) =>
    await api().app.inject({
      url: `/api/v1${path}`,
      headers: { authorization: `Bearer ${await signIn(api(), who)}` },
    });
  expect((await get('merchant', '/rechecks')).json()).toMatchObject({
    items: [{ taskId: task, byPeople: true, sampled: null, sampleNo: null, sampleSeed: null }],
  });
  expect((await get('desk', '/rechecks')).json()).toMatchObject({
    items: [{ taskId: task, sampled: true, sampleNo: 4, sampleSeed: 'seed-of-the-county' }],
  });
  expect((await get('merchant', `/tasks/${task}/platforms`)).statusCode).toBe(403);
  expect((await get('desk', `/tasks/${task}/platforms`)).statusCode).toBe(200);
});
