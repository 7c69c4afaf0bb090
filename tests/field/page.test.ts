/** The field inspector's phone, from sign-in to a visit that was recorded without a line and sent when it came back. */
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { confirmFinding } from '../../services/db/verdicts.ts';
import { addAccount, PASSWORD } from '../api/support.ts';
import { axeFaults } from '../web/support/axe.ts';
import { sceneFrame } from '../web/support/scenes.ts';
import { type SeededCamera, seedFinding, seedMerchant, seedRegion } from '../web/support/seed.ts';
import { complaintsOf, picture, useStack } from '../web/support/stack.ts';

const PHONE = { width: 390, height: 844 };
const HERE = { latitude: 35.2592, longitude: 113.6575, accuracy: 14 };
const cameras: Record<string, SeededCamera> = {};
const MERCHANTS = [
  {
    code: 'far',
    name: '亢村镇中心小学食堂',
    place: { lat: 35.17, lon: 113.75 },
    address: '亢村镇人民路 2 号',
  },
  { code: 'near', name: '城关镇第一小学食堂', place: { lat: 35.26, lon: 113.658 }, address: '健康路 8 号' },
  { code: 'unplaced', name: '太山镇幸福饭店', place: null, address: '' },
];

let regionId = '';
const stack = useStack(async (world) => {
  regionId = await seedRegion(world);
  for (const { code, name, place, address } of MERCHANTS) {
    const zones = [
      ['cooking', '热加工间'],
      ['special_room', '专间'],
    ] as [never, string][];
    const [camera] = (await seedMerchant(world, regionId, code, name, zones)).cameras;
    if (camera !== undefined) cameras[code] = camera;
    await world.db
      .updateTable('merchant')
      .set({
        ...(place ?? {}),
        address,
        phone: code === 'near' ? '0373-4591234' : '',
        licence_no: 'JY14107240001234',
      })
      .where('code', '=', code)
      .execute();
  }
});

let actorId = '';
beforeAll(async () => {
  await addAccount(stack().api, 'field', 'field_inspector', { regionId });
  await addAccount(stack().api, 'head', 'station_head', { regionId });
  const { db } = stack();
  actorId = (
    await db.selectFrom('account').select('id').where('username', '=', 'inspector').executeTakeFirstOrThrow()
  ).id;
  await newTask('far', 5, 120);
  await newTask('unplaced', 1, 100);
});

/** A task that was issued hours ago: of class 2, late after 72. */
async function newTask(
  code: string,
  photograph: number,
  hoursAgo: number,
): Promise<{ id: string; number: string; findingId: string }> {
  const camera = cameras[code];
  if (camera === undefined) throw new Error('no such camera');
  const findingId = await seedFinding(stack(), { camera, photograph, ageS: hoursAgo * 3600, frames: 2 });
  const at = new Date(Date.now() - hoursAgo * 3_600_000);
  await confirmFinding(stack().db, { findingId, actorId, version: undefined, note: '' }, at);
  return {
    findingId,
    ...(await stack()
      .db.selectFrom('task')
      .select(['id', 'number'])
      .where('finding_id', '=', findingId)
      .executeTakeFirstOrThrow()),
  };
}

async function signedIn(page: Page, username: string): Promise<Page> {
  await page.getByLabel('用户名').fill(username);
  await page.getByLabel('密码', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: '登录' }).click();
  await page.getByRole('button', { name: '退出登录' }).waitFor();
  return page;
}

async function openPhone(): Promise<Page> {
  const page = await stack().open({ ...PHONE, path: '/' });
  await page.context().grantPermissions(['geolocation']);
  await page.context().setGeolocation(HERE);
  return await signedIn(page, 'field');
}
const wide = (page: Page) => page.evaluate<number>('document.documentElement.scrollWidth');
const stateOf = async (id: string): Promise<string> =>
  (await stack().db.selectFrom('task').select('state').where('id', '=', id).executeTakeFirstOrThrow()).state;
const photograph = async (n: number) => ({
  name: 'p.jpg',
  mimeType: 'image/jpeg',
  buffer: (await sceneFrame(n, 2)).jpeg,
});

test('sign in, see who is near, record a visit without a line, close the page, and it is sent once when the line is back', async () => {
  const task = await newTask('near', 3, 90);
  const page = await openPhone();
  await page.getByRole('heading', { name: '现场核查' }).waitFor();
  expect(new URL(page.url()).pathname).toBe('/field');
  const stops = page.getByRole('list', { name: '需要到场的经营主体' }).getByRole('listitem');
  await expect.poll(() => stops.count()).toBe(3);
  // By deadline; nobody was asked where they are.
  expect(await stops.first().textContent()).toContain('亢村镇中心小学食堂');
  await page.getByRole('button', { name: '按距离排序' }).click();
  await expect.poll(() => stops.first().textContent()).toContain('城关镇第一小学食堂');
  expect(await stops.first().textContent()).toContain('100 米');
  expect(await stops.last().textContent()).toContain('太山镇幸福饭店');
  await picture(page, 'field-day-390');
  expect(await wide(page)).toBe(PHONE.width);
  expect(await page.getByRole('link', { name: '给城关镇第一小学食堂打电话' }).getAttribute('href')).toBe(
    'tel:0373-4591234',
  );
  expect(await page.getByRole('link', { name: '导航到城关镇第一小学食堂' }).getAttribute('href')).toMatch(
    /^geo:35\.26,113\.658/,
  );

  // The worker has the page's files before the line goes.
  await page.evaluate('navigator.serviceWorker.ready.then(() => true)');
  await page.context().setOffline(true);
  await stops.first().getByRole('link').first().click();
  await page.getByText('没有连上服务器').waitFor();
  await page.getByRole('heading', { name: '城关镇第一小学食堂' }).waitFor();
  await picture(page, 'field-sheet-offline-390');
  await page.getByRole('link', { name: '开始到场核查' }).click();
  await page.getByText('已定位，精度约 14 米 · 距登记位置 100 米').waitFor();
  const thing = page.getByRole('group', { name: /^未戴帽/ });
  await thing.getByText('已整改到位').click();
  await page.getByRole('button', { name: '提交核查记录' }).click();
  await page.getByRole('alert').getByText('至少要有一张现场照片').waitFor();
  const shot = await photograph(4);
  await thing.locator('input[capture="environment"]').setInputFiles(shot);
  await thing.getByRole('img', { name: '照片 1' }).waitFor();
  await thing.getByLabel('现场情况').fill('全员已佩戴工作帽');
  await picture(page, 'field-visit-390');
  expect(await wide(page)).toBe(PHONE.width);
  await page.getByRole('button', { name: '提交核查记录' }).click();
  const waiting = page.getByRole('region', { name: '还没有发出' });
  await waiting.getByText('手机没有网络').waitFor();
  await picture(page, 'field-not-sent-390');
  expect(complaintsOf(page).filter((said) => !said.includes('ERR_INTERNET_DISCONNECTED'))).toEqual([]);
  await page.close({ runBeforeUnload: false });
  expect(await stateOf(task.id)).toBe('issued');

  // Still without a line the page opens, with what was kept.
  const context = page.context();
  const offline = await context.newPage();
  await offline.goto(`${stack().url}/field`);
  await offline.getByText('没有连上服务器').waitFor();
  await offline.getByRole('region', { name: '还没有发出' }).getByText('城关镇第一小学食堂').waitFor();
  await context.setOffline(false);
  await expect.poll(() => stateOf(task.id), { timeout: 20_000 }).toBe('closed');
  await expect.poll(() => offline.getByRole('region', { name: '还没有发出' }).count()).toBe(0);
  const visits = await stack().db.selectFrom('field_visit').selectAll().execute();
  expect(visits).toMatchObject([
    { lat: HERE.latitude, lon: HERE.longitude, accuracy_m: 14, place_problem: null },
  ]);
  const kept = (
    await stack().db.selectFrom('evidence').selectAll().where('finding_id', '=', task.findingId).execute()
  ).filter((row) => row.detail.visit !== undefined);
  expect(kept).toMatchObject([
    { bytes: shot.buffer.length, detail: { visit: { place: { lat: HERE.latitude, accuracyM: 14 } } } },
  ]);
  await offline.goto(`${stack().url}/field/near`);
  await offline.getByText('设备自述距登记位置 100 米，精度约 14 米').waitFor();
  await picture(offline, 'field-sheet-390');
});

test('a new problem becomes a task; its notice is drafted on the spot, previewed, and issued by the head', async () => {
  const page = await openPhone();
  await page.goto(`${stack().url}/field/unplaced/visit`);
  await page.getByRole('button', { name: '新增现场发现的问题' }).click();
  const found = page.getByRole('group', { name: '现场新发现的问题' });
  await found.getByRole('combobox', { name: '问题' }).selectOption('垃圾桶未加盖');
  await found.getByRole('combobox', { name: '功能区' }).selectOption('专间');
  await found.getByLabel('看到了什么').fill('专间内垃圾桶敞口');
  await found.locator('input[capture="environment"]').setInputFiles(await photograph(2));
  await found.getByRole('img', { name: '照片 1' }).waitFor();
  await picture(page, 'field-found-390');
  await page.getByRole('button', { name: '提交核查记录' }).click();
  await page.getByRole('heading', { name: '垃圾桶未加盖 · 专间' }).waitFor();
  const task = page.getByRole('listitem').filter({ hasText: '垃圾桶未加盖 · 专间' });
  await task.getByRole('link', { name: '起草责令改正通知书' }).click();
  const reason = page.getByLabel('事由与要求');
  expect(await reason.inputValue()).toContain('专间存在“垃圾桶未加盖”问题');
  const made = page.waitForResponse(/document-templates\/preview$/);
  await page.getByRole('button', { name: '生成 PDF 预览' }).click();
  expect((await made).headers()).toMatchObject({ 'content-type': 'application/pdf' });
  await page.getByRole('link', { name: '打开预览' }).waitFor();
  await picture(page, 'field-notice-390');
  expect(await wide(page)).toBe(PHONE.width);
  await page.getByRole('button', { name: '保存草稿，送负责人签发' }).click();
  await page.waitForURL(/\/field\/unplaced$/);
  await expect
    .poll(async () => (await stack().db.selectFrom('document_draft').select('state').execute()).length)
    .toBe(1);

  const { task_id: taskId } = await stack()
    .db.selectFrom('document_draft')
    .select('task_id')
    .executeTakeFirstOrThrow();
  const desk = await signedIn(await stack().open({ path: `/tasks/${taskId}` }), 'head');
  await desk.getByText('field 起草').waitFor();
  await picture(desk, 'field-draft-1440');
  await desk.getByRole('button', { name: '按草稿签发' }).click();
  await desk.getByRole('button', { name: '签发', exact: true }).click();
  await desk.getByRole('link', { name: /责令改正通知书 食责改/ }).waitFor();
  expect(complaintsOf(page)).toEqual([]);
});

test('axe finds no serious fault, in both languages', async () => {
  const page = await openPhone();
  const pages = ['/field', '/field/far', '/field/far/visit'];
  for (const language of ['zh', 'en']) {
    for (const path of pages) {
      await page.goto(stack().url + path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page
        .getByText(/亢村镇/)
        .first()
        .waitFor();
      expect(await axeFaults(page)).toEqual([]);
    }
    if (language === 'zh') await page.getByRole('button', { name: /^切换语言/ }).click();
  }
  await picture(page, 'field-visit-en-390');
});

test('at 1440 px, dark', async () => {
  const page = await signedIn(await stack().open({ path: '/', dark: true }), 'field');
  await page.getByText('亢村镇中心小学食堂').waitFor();
  await picture(page, 'field-day-1440-dark');
});
