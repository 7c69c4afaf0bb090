/** 申诉成立: what an upheld appeal was won against is no confirmed violation, wherever violations and right findings are counted. */
import { beforeAll, expect, test } from 'vitest';
import { loadEntries } from '../../services/db/draws.ts';
import { judgedCameras, loadJudged } from '../../services/db/proposals.ts';
import { addFinding as joinTask } from '../../services/db/task-findings.ts';
import { runTaskOrder, type TaskOrder } from '../../services/db/task-life.ts';
import { confirmFinding } from '../../services/db/verdicts.ts';
import { judgedFrames } from '../../tools/dataset-export/frames.ts';
import { labelOf } from '../../tools/dataset-export/labels.ts';
import { addAccount, as, type Call, caller, signIn, useApi } from '../api/support.ts';
import { addWorld, type World } from '../api/world.ts';
import { addJudged, poster } from '../learning/judged.ts';
import { pdfTexts } from '../support/pdf-text.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const MONTH = 'from=2026-11-01&to=2026-11-30';

const api = useApi();
let world: World;
let director: Call;
let inspector: string;
let owner: string;
let wonTwice: string[];
let stands: string;

const db = () => api().context.db;
const ago = (days: number): Date => new Date(api().clock.now().getTime() - days * DAY);
const taskOf = async (findingId: string) =>
  (
    await db()
      .selectFrom('task_finding')
      .select('task_id')
      .where('finding_id', '=', findingId)
      .where('released_at', 'is', null)
      .executeTakeFirstOrThrow()
  ).task_id;
async function order(findingId: string, at: Date, ...commands: TaskOrder['command'][]): Promise<void> {
  const taskId = await taskOf(findingId);
  for (const command of commands) {
    const byMerchant = ['acknowledge', 'submit', 'appeal'].includes(command);
    const done = await runTaskOrder(db(), { taskId, command, actorId: byMerchant ? owner : inspector }, at);
    expect(done, command).toMatchObject({ done: true });
  }
}
const confirmed = (days: number, camera = world.eastCamera) =>
  addJudged(api().context, camera, { at: ago(days), box: poster(0), verdict: 'confirmed' });
const statistics = async (query: string) =>
  (await director(`GET /statistics?${MONTH}&${query}`)).json<{
    totals: { counts: Record<string, number>; rates: Record<string, number | null> };
    items: { key: string; code: string; counts: Record<string, number> }[];
  }>();
const behind = async (measure: string) =>
  (await director(`GET /statistics/list?${MONTH}&measure=${measure}`)).json<{
    items: { findingId: string; state: string; appealUpheld: boolean }[];
  }>().items;

beforeAll(async () => {
  world = await addWorld(api());
  director = await as(api(), 'director', 'director', { regionId: world.county });
  inspector = await addAccount(api(), 'desk', 'inspector', { regionId: world.county });
  owner = await addAccount(api(), 'owner', 'merchant', { merchantId: world.eastMerchant });
  // East: two appeals won, one lost and its task then withdrawn; one dismissed at the desk. West: right twice.
  wonTwice = [await confirmed(10), await confirmed(9)];
  for (const id of wonTwice) await order(id, ago(8), 'appeal', 'uphold_appeal');
  stands = await confirmed(7);
  await order(stands, ago(6), 'appeal', 'reject_appeal', 'withdraw');
  await addJudged(api().context, world.eastCamera, { at: ago(5), box: poster(0), verdict: 'wearing_it' });
  for (const days of [4, 3]) await confirmed(days, world.westCamera);
});

test('the statistics count it as dismissed, in the period of the verdict; what lost its appeal stays confirmed', async () => {
  const { totals, items } = await statistics('groupBy=merchant');
  expect(totals.counts).toMatchObject({ confirmed: 3, dismissed: 3, duplicates: 0, issued: 5, withdrawn: 3 });
  expect(totals.rates.dismissal).toBe(0.5);
  const east = items.find(({ key }) => key === world.eastMerchant)?.counts;
  expect(east).toMatchObject({ confirmed: 1, dismissed: 3 });
  const byKind = await statistics('groupBy=kind&source=model&person=true');
  expect(byKind.items[0]?.counts).toMatchObject({ confirmed: 3, dismissed: 3 });
});

test('the lists behind the numbers agree, and say whose appeal was upheld', async () => {
  const dismissed = await behind('dismissed');
  expect(dismissed.map(({ state, appealUpheld }) => [state, appealUpheld])).toEqual([
    ['dismissed', false],
    ['confirmed', true],
    ['confirmed', true],
  ]);
  expect(dismissed.slice(1).map(({ findingId }) => findingId)).toEqual([...wonTwice].reverse());
  const confirmedOnes = await behind('confirmed');
  expect(confirmedOnes.map(({ appealUpheld }) => appealUpheld)).toEqual([false, false, false]);
  expect(confirmedOnes.map(({ findingId }) => findingId)).not.toContain(wonTwice[0]);
});

test('a merchant that won two appeals is no repeat offender in the report of the month', async () => {
  const answer = await director('GET /statistics/report?month=2026-11');
  const texts = pdfTexts(answer.rawPayload);
  const offenders = texts.indexOf('四、重复违规主体（本月确认 2 次及以上）');
  const precision = texts.indexOf('五、AI 识别准确情况（人工核查结论）');
  const listed = texts.slice(offenders, precision);
  expect(listed).toContain('merchant wm（wm）');
  expect(listed).not.toContain('merchant em（em）');
  const hats = texts.indexOf('未戴工作帽', precision);
  expect(texts.slice(hats, hats + 4)).toEqual(['未戴工作帽', '50.0%', '3', '3']);
  expect(texts.join('')).toContain('申诉成立的不计入确认违规和复发');
});

test.each(['camera', 'kind', 'model'])('the precision by %s counts it as wrong', async (group) => {
  const { items } = (await director(`GET /precision?group=${group}&merchant=em`)).json<{
    items: { confirmed: number; dismissed: number; reasons: Record<string, number> }[];
  }>();
  expect(items.length).toBeGreaterThan(0);
  for (const item of items)
    expect(item).toMatchObject({
      confirmed: 1,
      dismissed: 3,
      reasons: { appeal_upheld: 2, wearing_it: 1 },
    });
});

test('what a policy confirmed is wrong too once its appeal was upheld, and says nothing before', async () => {
  const id = await addJudged(api().context, world.westCamera, { at: ago(2), box: poster(0) });
  await confirmFinding(db(), { findingId: id, actorId: null, version: undefined, note: '' }, ago(2));
  const judged = async () => [
    (await statistics('groupBy=kind&source=model&person=true')).items[0]?.counts,
    (await director('GET /precision?group=kind')).json<{ items: unknown[] }>().items[0],
  ];
  for (const one of await judged()) expect(one).toMatchObject({ confirmed: 3, dismissed: 3 });
  await order(id, ago(1), 'appeal', 'uphold_appeal');
  for (const one of await judged()) expect(one).toMatchObject({ confirmed: 3, dismissed: 4 });
});

test('the draw gives no tickets for it, the desk does not count it against the merchant, cameras learn from it', async () => {
  const entries = await loadEntries(db(), {
    subject: 'merchants',
    regionPath: 'county',
    type: undefined,
    weights: {},
    history: { days: 30, perFinding: 1, most: 9 },
    now: api().clock.now(),
  });
  expect(entries.map(({ id, weight }) => [id, weight])).toEqual([
    ['em', 2],
    ['wm', 3],
  ]);
  const desk = caller(api(), await signIn(api(), 'desk'));
  const context = (await desk(`GET /findings/${stands}/context`)).json<{
    verdicts: object;
    past: { state: string; reason: string }[];
  }>();
  expect(context.verdicts).toEqual({ confirmed: 0, dismissed: 3 });
  expect(context.past.map(({ state, reason }) => `${state} ${reason}`)).toEqual([
    'dismissed wearing_it',
    'confirmed appeal_upheld',
    'confirmed appeal_upheld',
  ]);
  expect(await judgedCameras(db(), ago(30), 4)).toContainEqual({
    cameraId: world.eastCamera,
    kind: 'no_hat',
  });
  const judged = await loadJudged(db(), world.eastCamera, 'no_hat', ago(30));
  expect(judged.filter(({ verdict }) => verdict === 'confirmed').map(({ id }) => id)).toEqual([stands]);
  expect(judged).toHaveLength(4);
});

test('exported for training it is dismissed, and says nothing of the head: the merchant may have won for another cause', async () => {
  const exported = new Map<string, string>();
  for await (const frame of judgedFrames(db(), { from: undefined, to: undefined, kind: undefined }))
    exported.set(frame.findingId, `${frame.state} ${frame.reason} ${labelOf(frame)}`);
  for (const id of wonTwice) expect(exported.get(id)).toBe('dismissed appeal_upheld unsure');
  expect(exported.get(stands)).toBe('confirmed violation no_hat');
});

test('it is no recurrence', async () => {
  const closed = await confirmed(100, world.westCamera);
  await order(closed, ago(99), 'acknowledge', 'submit', 'close');
  const again = await confirmed(90, world.westCamera);
  const recurred = async () =>
    (await director('GET /statistics?from=2026-08-01&to=2026-08-31')).json<{
      totals: { counts: Record<string, number> };
    }>().totals.counts;
  expect(await recurred()).toMatchObject({ watched: 1, recurred: 1 });
  await order(again, ago(89), 'appeal', 'uphold_appeal');
  expect(await recurred()).toMatchObject({ watched: 1, recurred: 0 });
});

test('put into another task afterwards, it is confirmed again: somebody looked anew', async () => {
  const [id] = wonTwice;
  const { version } = await db()
    .selectFrom('finding')
    .select('version')
    .where('id', '=', id ?? '')
    .executeTakeFirstOrThrow();
  const open = await taskOf(await confirmed(1));
  const task = { id: open, version: 1 };
  const join = { task, finding: { id: id ?? '', version }, actorId: inspector, note: '' };
  const joined = await db()
    .transaction()
    .execute((tx) => joinTask(tx, join, api().clock.now()));
  expect(joined).toMatchObject({ done: true });
  const { totals } = await statistics('merchant=em');
  expect(totals.counts).toMatchObject({ confirmed: 3, dismissed: 2 });
});
