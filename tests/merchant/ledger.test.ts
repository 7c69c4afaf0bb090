/** 三本账: filled in from what the cameras saw, appended, signed by the owner, read by the bureau. */
import { beforeAll, expect, test } from 'vitest';
import { addFinding } from '../../services/db/task-findings.ts';
import { type Call, useApi } from '../api/support.ts';
import { seedFinding } from '../web/support/seed.ts';
import { addKitchen, type Kitchen } from './support.ts';

// 2026-11-21, noon in Asia/Shanghai: a Saturday.
const api = useApi();
let kitchen: Kitchen;
const TODAY = '2026-11-21';

beforeAll(async () => {
  kitchen = await addKitchen(api());
});

interface Sheet {
  state: string;
  start: string;
  end: string;
  checklist: { id: string; merchantType: string | null; version: number; items: { code: string }[] };
  proposals: Record<string, { result: string; tasks?: { number: string }[]; observedMinutes?: number }>;
  revisions: { revision: number; by: string; answers: { code: string; result: string }[]; summary: string }[];
  signed: boolean;
  mayWrite: boolean;
}
interface Month {
  lines: { period: string; start: string; state: string; problems: number }[];
  contentHash: string;
  notYet: string | null;
  maySign: boolean;
  signature: { by: string } | null;
}

const sheetOf = async (call: Call, period: string, start = ''): Promise<Sheet> => {
  const at = start === '' ? '' : `&start=${start}`;
  return (await call(`GET /merchants/no1/ledger/sheet?period=${period}${at}`)).json<Sheet>();
};
const monthOf = async (call: Call, month: string): Promise<Month> =>
  (await call(`GET /merchants/no1/ledger?month=${month}`)).json<Month>();

async function record(call: Call, period: string, start: string, more: object = {}) {
  const sheet = await sheetOf(call, period, start);
  const answers = sheet.checklist.items.map(({ code }) => ({ code, result: 'ok', note: '' }));
  return await call('POST /merchants/no1/ledger/records', {
    period,
    start,
    after: sheet.revisions.length,
    checklist: sheet.checklist.id,
    answers,
    summary: '',
    ...more,
  });
}

test('the day’s check proposes what was confirmed, and says how long cameras looked', async () => {
  await kitchen.task(0, 600);
  const camera = kitchen.cameras[1];
  if (camera === undefined) throw new Error('no camera');
  await api()
    .context.db.insertInto('coverage')
    .values({
      camera_id: camera.id,
      hour: new Date('2026-11-21T02:00:00Z'),
      minutes: 'L'.repeat(30) + 'O'.repeat(30),
    })
    .execute();
  const sheet = await sheetOf(kitchen.officer, 'day');
  expect(sheet).toMatchObject({ start: TODAY, end: TODAY, state: 'open', mayWrite: true, signed: false });
  expect(sheet.checklist.merchantType).toBe('school_canteen');
  expect(sheet.checklist.items.map(({ code }) => code)).toContain('sample');
  expect(sheet.proposals.hat_mask).toMatchObject({ result: 'problem', tasks: [{ kind: 'no_hat' }] });
  // A rodent shows by motion alone. The look that found the task was a burst; half an hour of single pictures by day says nothing.
  expect(sheet.proposals.pests).toEqual({ result: 'ok', observedMinutes: 1 });
  await api()
    .context.db.updateTable('camera')
    .set({ source: 'rtsp', rtsp_url_sealed: Buffer.from('sealed'), gateway_id: null })
    .where('id', '=', camera.id)
    .execute();
  const night = { camera_id: camera.id, hour: new Date('2026-11-21T15:00:00Z'), minutes: 'L'.repeat(60) };
  await api().context.db.insertInto('coverage').values(night).execute();
  expect((await sheetOf(kitchen.officer, 'day')).proposals.pests).toEqual({
    result: 'ok',
    observedMinutes: 61,
  });
  // Nothing that a camera can see: nobody but a person can say.
  expect(sheet.proposals.purchase).toBeUndefined();
});

test('a later finding that joined a task counts on its own day, and one that lasts over midnight on both', async () => {
  const { db } = api().context;
  const camera = kitchen.cameras[2];
  if (camera === undefined) throw new Error('no camera');
  const DAY_S = 86_400;
  const taskId = await kitchen.task(2, 4 * DAY_S);
  const later = await seedFinding(kitchen.world, { camera, photograph: 3, ageS: 2 * DAY_S });
  const { version } = await db
    .selectFrom('task')
    .select('version')
    .where('id', '=', taskId)
    .executeTakeFirstOrThrow();
  const { id: actorId } = await db
    .selectFrom('account')
    .select('id')
    .where('username', '=', 'inspector')
    .executeTakeFirstOrThrow();
  const joined = await db
    .transaction()
    .execute((tx) =>
      addFinding(
        tx,
        { task: { id: taskId, version }, finding: { id: later, version: 1 }, actorId, note: '' },
        api().clock.now(),
      ),
    );
  expect(joined).toMatchObject({ done: true });
  const hats = async (day: string) => (await sheetOf(kitchen.officer, 'day', day)).proposals.hat_mask;
  for (const day of ['2026-11-17', '2026-11-19'])
    expect(await hats(day)).toMatchObject({ result: 'problem', tasks: [{ id: taskId }] });
  expect((await hats('2026-11-18'))?.result).not.toBe('problem');
  await db
    .updateTable('finding')
    .set({ last_seen: new Date('2026-11-19T16:10:00Z') })
    .where('id', '=', later)
    .execute();
  expect(await hats('2026-11-20')).toMatchObject({
    result: 'problem',
    tasks: [{ id: taskId, at: '2026-11-19T16:10:00.000Z' }],
  });
});

test('what is missing is named, and nothing is kept', async () => {
  const sheet = await sheetOf(kitchen.officer, 'day');
  const answers = sheet.checklist.items.map(({ code }) => ({ code, result: 'ok', note: '' }));
  const refuse = async (more: object, text: RegExp) => {
    const answer = await record(kitchen.officer, 'day', TODAY, more);
    expect(answer.statusCode).toBe(400);
    expect(answer.json<{ detail: string }>().detail).toMatch(text);
  };
  await refuse({ answers: answers.slice(1) }, /staff_health is not answered/);
  await refuse(
    { answers: answers.map((one) => (one.code === 'pests' ? { ...one, result: 'problem' } : one)) },
    /pests is a problem: say what was done/,
  );
  await refuse({ answers: [...answers, { code: 'other', result: 'ok', note: '' }] }, /not on this checklist/);
  await refuse({ start: '2026-11-22' }, /lies in the future/);
  await refuse({ period: 'week', start: TODAY }, /2026-11-16/);
  await refuse({ start: '2026-02-30' }, /no date of the calendar/);
  expect((await sheetOf(kitchen.officer, 'day')).revisions).toEqual([]);
});

test('a record sent twice is one; a correction is the next revision; both stay', async () => {
  const first = { after: 0, summary: '无异常' };
  expect((await record(kitchen.officer, 'day', TODAY, first)).statusCode).toBe(200);
  expect((await record(kitchen.officer, 'day', TODAY, first)).statusCode).toBe(200);
  const other = await record(kitchen.owner, 'day', TODAY, { after: 0, summary: '别的' });
  expect(other.statusCode).toBe(409);
  expect(other.json()).toMatchObject({ why: 'changed', revision: 1 });
  const corrected = await record(kitchen.owner, 'day', TODAY, { after: 1, summary: '已更正' });
  expect(corrected.json<Sheet>().revisions).toMatchObject([
    { revision: 1, by: 'officer', summary: '无异常' },
    { revision: 2, by: 'owner', summary: '已更正' },
  ]);
  const { db } = api().context;
  await expect(db.updateTable('ledger_record').set({ summary: '' }).execute()).rejects.toThrow(/append-only/);
  await expect(db.deleteFrom('ledger_record').execute()).rejects.toThrow(/append-only/);
  const audit = await db
    .selectFrom('history')
    .select('to_state')
    .where('entity', '=', 'ledger_record')
    .orderBy('at')
    .orderBy('id')
    .execute();
  expect(audit.map((row) => row.to_state)).toEqual(['created', 'corrected']);
});

test('a month counts what was due; the bureau reads it, and cannot write', async () => {
  const month = await monthOf(kitchen.inspector, '2026-11');
  const days = month.lines.filter(({ period }) => period === 'day');
  expect(days).toHaveLength(30);
  expect(days.filter(({ state }) => state === 'missed')).toHaveLength(20);
  expect(days.find(({ start }) => start === TODAY)?.state).toBe('done');
  expect(days.filter(({ state }) => state === 'future')).toHaveLength(9);
  expect(month.lines.filter(({ period }) => period === 'week').map(({ start }) => start)).toEqual([
    '2026-11-02',
    '2026-11-09',
    '2026-11-16',
    '2026-11-23',
    '2026-11-30',
  ]);
  expect(month.maySign).toBe(false);
  expect((await record(kitchen.inspector, 'day', TODAY)).statusCode).toBe(403);
  const list = (await kitchen.inspector('GET /ledgers?month=2026-11')).json<{ items: object[] }>().items;
  expect(list).toMatchObject([
    {
      merchant: { code: 'no1' },
      day: { done: 1, late: 0, due: 21 },
      week: { done: 0, due: 2 },
      signedAt: null,
    },
  ]);
});

test('the owner signs a month that is over, once, and only what was looked at', async () => {
  const sign = (call: Call, month: string, contentHash: string) =>
    call('POST /merchants/no1/ledger/signatures', { month, contentHash });
  const now = await monthOf(kitchen.owner, '2026-11');
  expect(now.notYet).toBe('month_not_over');
  expect((await sign(kitchen.owner, '2026-11', now.contentHash)).json()).toMatchObject({
    why: 'month_not_over',
  });

  await record(kitchen.officer, 'day', '2026-10-09');
  const before = await monthOf(kitchen.owner, '2026-10');
  expect(before.notYet).toBe('no_meeting');
  expect((await sign(kitchen.owner, '2026-10', before.contentHash)).json()).toMatchObject({
    why: 'no_meeting',
  });
  await record(kitchen.owner, 'month', '2026-10-01');
  expect((await sign(kitchen.owner, '2026-10', before.contentHash)).json()).toMatchObject({ why: 'changed' });
  const { contentHash } = await monthOf(kitchen.owner, '2026-10');
  expect((await sign(kitchen.officer, '2026-10', contentHash)).statusCode).toBe(403);
  expect((await sign(kitchen.owner, '2026-10', contentHash)).json<Month>().signature).toMatchObject({
    by: 'owner',
  });
  expect((await sign(kitchen.owner, '2026-10', contentHash)).statusCode).toBe(200);

  const late = await record(kitchen.officer, 'day', '2026-10-10');
  expect(late.json()).toMatchObject({ status: 409, why: 'signed' });
  const month = await monthOf(kitchen.inspector, '2026-10');
  expect(month.lines.find(({ start, period }) => period === 'day' && start === '2026-10-09')?.state).toBe(
    'late',
  );
  expect((await sheetOf(kitchen.officer, 'day', '2026-10-09')).mayWrite).toBe(false);
});

test('the bureau changes a checklist for its own region; records keep the version they were made by', async () => {
  const before = await sheetOf(kitchen.officer, 'day', TODAY);
  const items = [{ code: 'only', text: '只查一项', textEn: 'only one', kinds: [], faults: false }];
  const list = {
    merchantType: 'school_canteen',
    period: 'day',
    after: null,
    title: '本县清单',
    titleEn: 'county list',
    items,
  };
  expect((await kitchen.director('POST /checklists', list)).statusCode).toBe(403);
  const twice = await kitchen.director('POST /checklists', {
    ...list,
    region: 'huojia',
    items: [...items, ...items],
  });
  expect(twice.json<{ errors: object[] }>().errors).toMatchObject([{ field: 'items.1.code' }]);
  const made = await kitchen.director('POST /checklists', { ...list, region: 'huojia' });
  expect(made.statusCode).toBe(201);
  const after = await sheetOf(kitchen.officer, 'day', TODAY);
  expect(after.checklist.items).toEqual(items);
  expect(after.revisions.at(-1)?.answers.length).toBe(before.checklist.items.length);
  expect((await record(kitchen.officer, 'day', '2026-11-20')).statusCode).toBe(200);
});

test('a month whose last week goes on is signed when that week is recorded, or over', async () => {
  // 1 December, noon: the week from 30 November on belongs to November.
  api().clock.move(10 * 86_400_000);
  await api()
    .context.db.updateTable('session')
    .set({ expires_at: new Date('2028-01-01T00:00:00Z') })
    .execute();
  const { owner, officer } = kitchen;
  await record(owner, 'month', '2026-11-01');
  const waits = await monthOf(owner, '2026-11');
  expect(waits.notYet).toBe('week_not_over');
  const sign = () => owner('POST /merchants/no1/ledger/signatures', { month: '2026-11', contentHash });
  let { contentHash } = waits;
  expect((await sign()).json()).toMatchObject({ status: 409, why: 'week_not_over' });
  expect((await record(officer, 'week', '2026-11-30')).statusCode).toBe(200);
  ({ contentHash } = await monthOf(owner, '2026-11'));
  expect((await sign()).statusCode).toBe(200);
});
