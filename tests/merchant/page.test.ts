/** The merchant's phone, from sign-in to a closed day: real browser at 390 px, real API, real database, a line that breaks. */
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { confirmFinding } from '../../services/db/verdicts.ts';
import type { ViolationKind } from '../../services/domain/words.ts';
import { addAccount, PASSWORD } from '../api/support.ts';
import { axeFaults } from '../web/support/axe.ts';
import { sceneFrame } from '../web/support/scenes.ts';
import { type SeededCamera, seedFinding, seedMerchant, seedRegion, seedStatus } from '../web/support/seed.ts';
import { complaintsOf, picture, useStack } from '../web/support/stack.ts';

const PHONE = { width: 390, height: 844 };
let cameras: SeededCamera[] = [];
let regionId = '';
const stack = useStack(async (world) => {
  regionId = await seedRegion(world);
  cameras = (
    await seedMerchant(world, regionId, 'no1', '第一小学食堂', [
      ['cooking', '热加工间'],
      ['special_room', '专间'],
      ['cutting', '切配间'],
      ['washing', '洗消间'],
      ['meal_preparation', '备餐间'],
    ])
  ).cameras;
  const [first, second, third] = cameras as [SeededCamera, SeededCamera, SeededCamera];
  await seedStatus(world, first, 'online', '', { photograph: 1, ageS: 5 });
  await seedStatus(world, second, 'online', '', { photograph: 4, ageS: 5 });
  await seedStatus(world, third, 'offline', 'the server does not answer', { photograph: 3, ageS: 7200 });
});

let actorId = '';
beforeAll(async () => {
  const { db } = stack();
  const { id: merchantId } = await db
    .updateTable('merchant')
    .set({ type: 'school_canteen', created_at: new Date(Date.now() - 5 * 86_400_000) })
    .where('code', '=', 'no1')
    .returning('id')
    .executeTakeFirstOrThrow();
  await addAccount(stack().api, 'owner', 'merchant', { merchantId });
  await addAccount(stack().api, 'head', 'station_head', { regionId });
  actorId = (
    await db.selectFrom('account').select('id').where('username', '=', 'inspector').executeTakeFirstOrThrow()
  ).id;
});

async function newTask(
  camera: number,
  photograph: number,
  kind: ViolationKind = 'no_hat',
): Promise<{ id: string; number: string }> {
  const seeded = cameras[camera];
  if (seeded === undefined) throw new Error('no such camera');
  const findingId = await seedFinding(stack(), { camera: seeded, kind, photograph, ageS: 300 });
  await confirmFinding(stack().db, { findingId, actorId, version: undefined, note: '' }, new Date());
  return await stack()
    .db.selectFrom('task')
    .select(['id', 'number'])
    .where('finding_id', '=', findingId)
    .executeTakeFirstOrThrow();
}

async function signedIn(page: Page, username: string): Promise<Page> {
  await page.getByLabel('用户名').fill(username);
  await page.getByLabel('密码', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: '登录' }).click();
  await page.getByRole('button', { name: '退出登录' }).waitFor();
  return page;
}

const openPhone = async (path = '/today') => await signedIn(await stack().open({ ...PHONE, path }), 'owner');
const wide = (page: Page) => page.evaluate<number>('document.documentElement.scrollWidth');
const stateOf = async (id: string): Promise<string> =>
  (await stack().db.selectFrom('task').select('state').where('id', '=', id).executeTakeFirstOrThrow()).state;

test('sign in, read what is wrong, acknowledge with one tap, answer with a photo of the camera', async () => {
  const task = await newTask(0, 3);
  const page = await openPhone('/');
  await page.getByRole('heading', { name: '第一小学食堂' }).waitFor();
  expect(new URL(page.url()).pathname).toBe('/today');
  const todo = page.getByRole('article', { name: task.number });
  await todo.getByText('热加工间：有人没戴工作帽').waitFor();
  await picture(page, 'merchant-today-390');
  expect(await wide(page)).toBe(PHONE.width);
  await todo.getByRole('button', { name: '签收' }).click();
  await todo.getByText('已签收').waitFor();
  expect(await stateOf(task.id)).toBe('acknowledged');

  await todo.getByRole('link', { name: '整改答复' }).click();
  const camera = page.locator('input[capture="environment"]');
  const { jpeg } = await sceneFrame(4, 1);
  await camera.setInputFiles({ name: 'photo.jpg', mimeType: 'image/jpeg', buffer: jpeg });
  await page.getByRole('img', { name: '照片 1' }).waitFor();
  await page.getByRole('button', { name: '提交整改' }).click();
  await page.getByRole('alert').waitFor();
  await page.getByRole('button', { name: /已当场改正/ }).click();
  await picture(page, 'merchant-answer-390');
  expect(await wide(page)).toBe(PHONE.width);
  await page.getByRole('button', { name: '提交整改' }).click();
  await page.getByText('等监管部门处理 1 件').waitFor();
  expect(await stateOf(task.id)).toBe('submitted');
  const photos = await stack()
    .db.selectFrom('task_photo')
    .select('bytes')
    .where('task_id', '=', task.id)
    .execute();
  // The very bytes of the camera.
  expect(photos).toEqual([{ bytes: jpeg.length }]);
  expect(complaintsOf(page)).toEqual([]);
});

test('without a line an answer waits on the phone, says so, outlives the page, and is sent once', async () => {
  const task = await newTask(1, 4);
  const page = await openPhone();
  const todo = page.getByRole('article', { name: task.number });
  await todo.getByRole('link', { name: '整改答复' }).click();
  await page.getByRole('textbox').waitFor();
  await page.context().setOffline(true);
  await page.getByRole('button', { name: /已提醒当班人员/ }).click();
  const { jpeg } = await sceneFrame(1, 2);
  await page
    .locator('input[capture="environment"]')
    .setInputFiles({ name: 'p.jpg', mimeType: 'image/jpeg', buffer: jpeg });
  await page.getByRole('img', { name: '照片 1' }).waitFor();
  await page.getByRole('button', { name: '提交整改' }).click();
  const waiting = page.getByRole('region', { name: '还没有发出' });
  await waiting.getByText('手机没有网络').waitFor();
  await waiting.getByText(task.number).first().waitFor();
  expect(await stateOf(task.id)).toBe('issued');
  await picture(page, 'merchant-not-sent-390');
  await page.close({ runBeforeUnload: false });
  expect(await stateOf(task.id)).toBe('issued');

  // The same phone, later, with a line: it opens the page again.
  const context = page.context();
  await context.setOffline(false);
  const again = await context.newPage();
  await again.goto(`${stack().url}/today`);
  await expect.poll(() => stateOf(task.id), { timeout: 20_000 }).toBe('submitted');
  await expect.poll(() => again.getByRole('region', { name: '还没有发出' }).count()).toBe(0);
  const answers = await stack()
    .db.selectFrom('task_answer')
    .select('text')
    .where('task_id', '=', task.id)
    .execute();
  expect(answers).toEqual([{ text: '已提醒当班人员。' }]);
});

test('a photo whose parts are lost on the way goes on where it broke off', async () => {
  const task = await newTask(3, 1);
  const page = await openPhone(`/today/${task.id}`);
  let parts = 0;
  let broken = 0;
  await page.route('**/photo-uploads/*', async (route) => {
    parts += 1;
    // The first part arrives, but its answer does not.
    if (parts === 1) {
      await route.fetch();
      broken += 1;
      return await route.abort('connectionreset');
    }
    return await route.continue();
  });
  const noise = await sceneFrame(3, 3);
  // A JPEG may carry anything after its end: several parts, as photos of phones have.
  const jpeg = Buffer.concat([noise.jpeg, Buffer.alloc(300_000, 7)]);
  await page
    .locator('input[capture="environment"]')
    .setInputFiles({ name: 'p.jpg', mimeType: 'image/jpeg', buffer: jpeg });
  await page.getByRole('img', { name: '照片 1' }).waitFor();
  await page.getByRole('button', { name: /已清洁消毒/ }).click();
  await page.getByRole('button', { name: '提交整改' }).click();
  await page.getByText('连不上服务器。已存在本机').waitFor();
  await page.getByRole('button', { name: '立即发送' }).click();
  await expect.poll(() => stateOf(task.id), { timeout: 20_000 }).toBe('submitted');
  expect(broken).toBe(1);
  const all = Math.ceil(jpeg.length / (128 * 1024));
  // Every part once; the lost answer cost no second sending.
  expect(parts).toBe(all);
});

test('an answer of the server that breaks off, or another network’s page in its place, is asked for again by itself', async () => {
  const task = await newTask(0, 5, 'no_mask');
  const page = await openPhone(`/today/${task.id}`);
  const broken = ['{"task":', '<html>Welcome</html>'];
  await page.route('**/submit', async (route) => {
    const body = broken.shift();
    if (body === undefined) return await route.continue();
    // The first one arrives, but its answer does not; the second one does not even arrive.
    if (broken.length === 1) await route.fetch();
    return await route.fulfill({ status: 200, contentType: 'application/json', body });
  });
  await page.getByRole('button', { name: /已当场改正/ }).click();
  await page.getByRole('button', { name: '提交整改' }).click();
  const waiting = page.getByRole('region', { name: '还没有发出' });
  await waiting.getByText('连不上服务器。已存在本机').waitFor();
  await waiting.getByText(task.number).first().waitFor();
  expect(await page.getByText('无法保存').count()).toBe(0);
  await expect.poll(() => waiting.count(), { timeout: 25_000 }).toBe(0);
  expect(broken).toEqual([]);
  expect(await stateOf(task.id)).toBe('submitted');
  const answers = stack().db.selectFrom('task_answer').select('text').where('task_id', '=', task.id);
  expect(await answers.execute()).toEqual([{ text: '已当场改正。' }]);
});

test('a phone that cannot keep for a while says so only for so long, and hides nothing', async () => {
  const task = await newTask(2, 6, 'no_mask');
  const page = await openPhone(`/today/${task.id}`);
  await page.getByRole('textbox').fill('已当场改正');
  await page.context().setOffline(true);
  await page.getByRole('button', { name: '提交整改' }).click();
  const waiting = page.getByRole('region', { name: '还没有发出' });
  await waiting.getByText('手机没有网络').waitFor();

  await page.evaluate(`
    window.begin = IDBDatabase.prototype.transaction;
    IDBDatabase.prototype.transaction = () => { throw new DOMException('lost', 'InvalidStateError'); };
  `);
  await page.getByRole('button', { name: '立即发送' }).click();
  await waiting.getByRole('alert').getByText('无法保存').waitFor();
  await waiting.getByText(task.number).first().waitFor();
  await picture(page, 'merchant-cannot-keep-390');
  await page.evaluate('void (IDBDatabase.prototype.transaction = window.begin)');
  // By itself: nobody taps, no line comes back.
  await waiting.getByText('手机没有网络').waitFor();
  expect(await page.getByText('无法保存').count()).toBe(0);
  await page.context().setOffline(false);
  await expect.poll(() => stateOf(task.id), { timeout: 20_000 }).toBe('submitted');
});

test('an appeal with its reason; what the bureau changed meanwhile is not overwritten', async () => {
  const task = await newTask(4, 3);
  const page = await openPhone(`/today/${task.id}/appeal`);
  await page.getByRole('heading', { name: '我有异议' }).waitFor();
  await page.getByRole('textbox').waitFor();
  await page.getByRole('textbox').fill('当时不在营业，是维修人员');
  await stack()
    .db.updateTable('task')
    .set((eb) => ({ version: eb('version', '+', 1) }))
    .where('id', '=', task.id)
    .execute();
  await page
    .getByRole('button', { name: '提交申诉' })
    .or(page.getByRole('button', { name: '申诉' }))
    .last()
    .click();
  await page.getByText('没有发出，需要您处理：任务刚有变化').waitFor();
  await picture(page, 'merchant-refused-390');
  expect(await stateOf(task.id)).toBe('issued');
  await page.getByRole('button', { name: '按最新情况再发一次' }).click();
  await expect.poll(() => stateOf(task.id)).toBe('appealed');
});

test('the day’s check is filled in from what was confirmed; the bureau reads it', async () => {
  const page = await openPhone();
  await page.getByText(/摄像头已预填 \d+ 项问题/).click();
  await page.getByText('每日食品安全检查记录').waitFor();
  const hats = page.getByRole('group', { name: /工作衣帽清洁/ });
  await hats.getByText(/摄像头发现、人工确认/).waitFor();
  expect(await hats.getByRole('radio', { name: '有问题' }).isChecked()).toBe(true);
  await page.getByRole('button', { name: '保存记录' }).click();
  await page.getByText(/还有 \d+ 项没有选择/).waitFor();
  await picture(page, 'merchant-day-check-390');
  await page.getByRole('button', { name: /其余 \d+ 项都正常/ }).click();
  await page.getByRole('button', { name: '保存记录' }).click();
  await page.getByText('owner 记录于').waitFor();
  expect(await wide(page)).toBe(PHONE.width);
  await picture(page, 'merchant-day-recorded-390');
  await page.getByRole('link', { name: '三本账' }).first().click();
  await page.getByRole('heading', { name: '日管控' }).waitFor();
  await picture(page, 'merchant-month-390');
  expect(await wide(page)).toBe(PHONE.width);

  const bureau = await signedIn(await stack().open({ path: '/ledger' }), 'head');
  await bureau.getByRole('link', { name: '第一小学食堂' }).waitFor();
  await picture(bureau, 'ledgers-1440');
  await bureau.getByRole('link', { name: '第一小学食堂' }).click();
  await bureau.getByRole('heading', { name: '日管控' }).waitFor();
  await picture(bureau, 'ledger-month-1440');
  for (const one of [page, bureau]) expect(complaintsOf(one)).toEqual([]);
});

test('the kitchen as the public sees it, and what to check when a camera is gone', async () => {
  const page = await openPhone('/kitchen');
  await page.getByText('您的后厨没有向公众开放').waitFor();
  const camera = page.getByRole('listitem').filter({ hasText: '切配间3号' });
  await camera.getByText('怎么检查').click();
  await camera.getByText('看摄像头指示灯亮不亮').waitFor();
  await picture(page, 'merchant-kitchen-390');
  expect(await wide(page)).toBe(PHONE.width);
  expect(complaintsOf(page)).toEqual([]);
});

test('the page opens without a line, from the files that were kept, and never shows an old answer', async () => {
  const page = await openPhone();
  // How many files of the page the worker keeps; none as long as it is not in charge.
  const kept = `navigator.serviceWorker.controller === null ? 0 : caches.open('mingzao-shell').then((c) => c.keys())
    .then((all) => all.filter(({ url }) => url.includes('/assets/')).length)`;
  await expect.poll(() => page.evaluate<number>(kept)).toBeGreaterThan(3);
  await page.context().setOffline(true);
  await page.reload();
  await page.getByText('连不上服务器').first().waitFor();
  expect(await page.getByRole('article').count()).toBe(0);
  const manifest = (await (await fetch(`${stack().url}/manifest.webmanifest`)).json()) as {
    icons: { src: string }[];
  };
  for (const { src } of manifest.icons)
    expect((await fetch(stack().url + src)).headers.get('content-type')).toBe('image/png');
});

test('an older WebView shows the same', async () => {
  const context = (await stack().open({ ...PHONE })).context();
  // What Chromium 90 and Safari 15 do not know.
  await context.addInitScript(`
    delete AbortSignal.any; delete AbortSignal.timeout; delete Array.prototype.findLast; delete Array.prototype.findLastIndex;
    delete Array.prototype.toSorted; delete Array.prototype.toReversed; delete Object.groupBy; delete Promise.withResolvers;
    delete globalThis.structuredClone; delete Object.hasOwn; delete Array.prototype.at; delete String.prototype.at;
  `);
  const page = await context.newPage();
  await page.goto(`${stack().url}/today`);
  await signedIn(page, 'owner');
  await page.getByRole('heading', { name: '第一小学食堂' }).waitFor();
  await page.getByRole('heading', { name: '日管控' }).waitFor();
});

test.each([
  ['zh-CN', false],
  ['en', true],
] as const)('axe finds no serious fault on the merchant’s pages (%s, dark: %s)', async (language, dark) => {
  const context = (await stack().open({ ...PHONE, dark })).context();
  await context.addInitScript(`localStorage.setItem('mingzao.language', '${language}')`);
  const page = await context.newPage();
  await page.goto(`${stack().url}/today`);
  const { length } = await stack().db.selectFrom('task').select('id').where('state', '=', 'issued').execute();
  if (length === 0) await newTask(2, 3);
  await page.locator('#root input').first().fill('owner');
  await page.locator('#root input[type="password"]').fill(PASSWORD);
  await page.keyboard.press('Enter');
  await page.locator('.todo').first().waitFor();
  expect(await axeFaults(page)).toEqual([]);
  await picture(page, `merchant-today-390-${language}`);
  await page.locator('.todo .big-link').first().click();
  await page.locator('.answer-form').waitFor();
  expect(await axeFaults(page)).toEqual([]);
  await page.locator('.nav-link[href="/ledger"]').click();
  await page.locator('.days li').first().waitFor();
  expect(await axeFaults(page)).toEqual([]);
  await page.locator('.day-missed').first().click();
  await page.locator('.sheet-form').waitFor();
  expect(await axeFaults(page)).toEqual([]);
  await picture(page, `merchant-sheet-390-${language}`);
  await page.locator('.nav-link[href="/kitchen"]').click();
  await page.locator('.kitchen-camera').first().waitFor();
  expect(await axeFaults(page)).toEqual([]);
  expect(complaintsOf(page)).toEqual([]);
});
