/** Two people at one form: what one saved the other neither loses nor saves over unseen, and what was typed stays. */
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { addAccount, as, type Call } from '../api/support.ts';
import { axeFaults } from './support/axe.ts';
import { type SeededCamera, seedMerchant, seedRegion, seedStatus } from './support/seed.ts';
import { complaintsOf, picture, signIn, useStack } from './support/stack.ts';

const CORNER = [
  [0, 0],
  [0.3, 0],
  [0.3, 0.3],
  [0, 0.3],
];

let cameras: readonly SeededCamera[] = [];
const stack = useStack(async (world) => {
  const region = await seedRegion(world);
  const kitchen = await seedMerchant(world, region, 'school', '第一初级中学食堂', [
    ['cooking', '热加工间'],
    ['washing', '洗消间'],
  ]);
  cameras = kitchen.cameras;
  for (const camera of cameras) await seedStatus(world, camera, 'online', '', { photograph: 3, ageS: 10 });
});

let colleague: Call;
beforeAll(async () => {
  const { api } = stack();
  await addAccount(api, 'operator', 'operator');
  colleague = await as(api, 'colleague', 'operator');
  for (const { code } of cameras)
    expect((await colleague(`POST /cameras/${code}/reference`, {})).statusCode).toBe(200);
});

/** From here on the page gets what it has got already, as from a cache. @returns gives it what there is */
async function holdBack(page: Page, address: string): Promise<() => Promise<void>> {
  const held = await (await page.request.get(`${stack().url}${address}`)).body();
  const isIt = (url: URL): boolean => url.pathname === address;
  await page.route(isIt, (route) =>
    route.request().method() === 'GET'
      ? route.fulfill({ body: held, contentType: 'application/json' })
      : route.fallback(),
  );
  return () => page.unroute(isIt);
}

const must = async (what: string, body: object): Promise<void> => {
  const answer = await colleague(what, body);
  expect([what, answer.statusCode, answer.body]).toEqual([what, 200, answer.body]);
};

test('areas: a mask that somebody else set stays, and is shown before anything is drawn over it', async () => {
  const [{ id = '' } = {}] = cameras;
  const now = async () => (await colleague(`GET /cameras/${id}`)).json();
  const page = await stack().open({ path: `/cameras/${id}/setup?step=draw` });
  await signIn(page, 'operator');
  const list = page.getByRole('list', { name: '已画的区域' });
  const save = page.getByRole('button', { name: '保存画区' });
  await page.getByRole('button', { name: '+ 忽略区' }).waitFor();
  const letGo = await holdBack(page, `/api/v1/cameras/${id}`);

  // Another layer: both are there in the end, and the page shows both.
  await must(`PATCH /cameras/${id}`, { privacyMasks: [CORNER] });
  await page.getByRole('button', { name: '+ 忽略区' }).click();
  await save.click();
  await page.getByText('已保存', { exact: true }).waitFor();
  expect(await now()).toMatchObject({ privacyMasks: [CORNER], ignoreAreas: [expect.anything()] });

  // The same layer: nothing is saved, what was drawn stays, what is there can be looked at.
  await letGo();
  await list.getByText('隐私遮挡').waitFor();
  const letGoAgain = await holdBack(page, `/api/v1/cameras/${id}`);
  await must(`PATCH /cameras/${id}`, { privacyMasks: [CORNER, [0.8, 0.8, 1, 1]] });
  await page.getByRole('button', { name: '+ 隐私遮挡' }).click();
  await page.getByRole('button', { name: '+ 检测区' }).click();
  await letGoAgain();
  await save.click();
  const note = page.getByRole('alert').filter({ hasText: '其间已有人改动：隐私遮挡' });
  await note.waitFor();
  expect(await save.isDisabled()).toBe(true);
  expect(await list.getByRole('listitem').count()).toBe(4);
  expect(await now()).toMatchObject({ privacyMasks: [CORNER, [0.8, 0.8, 1, 1]], regionsOfInterest: [] });
  await picture(page, 'meanwhile-areas-1440');
  expect(await axeFaults(page)).toEqual([]);
  await note.getByRole('button', { name: '载入现在的内容' }).click();
  await expect.poll(() => list.getByText('隐私遮挡').count()).toBe(2);
  expect(await list.getByText('检测区').count()).toBe(0);
  // One step back is what was drawn here, over what is there now.
  await page.getByRole('button', { name: '撤销' }).click();
  await list.getByText('检测区').waitFor();
  await save.click();
  await page.getByText('已保存', { exact: true }).waitFor();
  const saved = await now();
  expect(saved.privacyMasks).toHaveLength(2);
  expect(saved.privacyMasks).not.toContainEqual([0.8, 0.8, 1, 1]);
  expect(saved).toMatchObject({ regionsOfInterest: [expect.anything()], ignoreAreas: [expect.anything()] });
  expect(complaintsOf(page)).toEqual([]);
}, 60_000);

test('limits: what a proposal or a colleague set for another kind stays, and the same kind is not set unseen', async () => {
  const [, { id = '' } = {}] = cameras;
  const scores = async () => (await colleague(`GET /cameras/${id}`)).json().minScores;
  const page = await stack().open({ path: `/cameras/${id}/setup?step=rules` });
  await signIn(page, 'operator');
  const hat = page.getByRole('group', { name: '未戴帽' }).getByLabel('最低可信度');
  const save = page.getByRole('button', { name: '保存', exact: true });
  const note = page.getByRole('alert').filter({ hasText: '其间已有人改动' });
  await hat.waitFor();

  const letGo = await holdBack(page, `/api/v1/cameras/${id}`);
  await must(`PATCH /cameras/${id}`, { minScores: { rodent: 0.9 } });
  await hat.fill('80');
  await letGo();
  await save.click();
  // Refused or not: what was set for rodents comes into the form, and goes with what was moved here.
  await expect
    .poll(async () => {
      if (await save.isEnabled()) await save.click();
      return await scores();
    })
    .toEqual({ no_hat: 0.8, rodent: 0.9 });

  const letGoAgain = await holdBack(page, `/api/v1/cameras/${id}`);
  await must(`PATCH /cameras/${id}`, { minScores: { no_hat: 0.6, rodent: 0.9 } });
  await hat.fill('85');
  await letGoAgain();
  await save.click();
  await note.waitFor();
  expect(await hat.inputValue()).toBe('85');
  expect(await scores()).toEqual({ no_hat: 0.6, rodent: 0.9 });
  await note.getByRole('button', { name: '仍用我的内容' }).click();
  await save.click();
  await expect.poll(scores).toEqual({ no_hat: 0.85, rodent: 0.9 });
  expect(complaintsOf(page)).toEqual([]);
}, 60_000);

test('settings: a colleague’s calendar, template and policy are not saved over, and what was typed stays', async () => {
  await must('PUT /calendars/cn-2026', {
    after: null,
    name: '节假日',
    days: [{ date: '2026-10-01', type: 'off', name: '国庆节' }],
  });
  const calendar = async () => (await colleague('GET /calendars/cn-2026')).json();
  const page = await stack().open({ path: '/settings/calendars' });
  await signIn(page, 'operator');
  const note = page.getByRole('alert').filter({ hasText: '其间已有人改动' });
  const name = page.getByLabel('名称', { exact: true }).first();
  const save = page.getByRole('button', { name: '保存', exact: true });

  // A new one with a code that is there already empties nothing.
  await page.getByText('节假日').waitFor();
  await page.getByRole('button', { name: '新增日历' }).click();
  await page.getByLabel('编码', { exact: true }).fill('cn-2026');
  await name.fill('又一个');
  await save.click();
  await page.getByRole('alert').filter({ hasText: '已存在' }).waitFor();
  expect(await calendar()).toMatchObject({ version: 1, days: [{ date: '2026-10-01' }] });
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: '编辑' }).click();
  await name.fill('我的改名');
  await must('PUT /calendars/cn-2026', { after: 1, name: '局里改名', days: [] });
  await save.click();
  await note.waitFor();
  expect(await name.inputValue()).toBe('我的改名');
  expect(await calendar()).toMatchObject({ version: 2, name: '局里改名' });
  await picture(page, 'meanwhile-calendar-1440');
  expect(await axeFaults(page)).toEqual([]);
  await note.getByRole('button', { name: '载入现在的内容' }).click();
  await expect.poll(() => name.inputValue()).toBe('局里改名');
  await name.fill('看过后改名');
  await save.click();
  await expect.poll(async () => (await calendar()).name).toBe('看过后改名');

  // A form that stands on the page: what comes while something is typed does not wipe it.
  await page.goto(`${stack().url}/settings/templates`);
  const body = page.getByLabel('正文', { exact: true });
  await body.waitFor();
  const typed = `${await body.inputValue()}\n我写的一段`;
  await body.fill(typed);
  const type = (await colleague('GET /document-types')).json().items[0]?.code;
  const templates = async () =>
    (await colleague('GET /document-templates'))
      .json<{ items: { type: string; version: number; body: string }[] }>()
      .items.find((one) => one.type === type);
  const { version: after = null } = (await templates()) ?? {};
  const theirs = { type, region: null, after, title: '同事的', body: '同事的正文' };
  expect((await colleague('POST /document-templates', theirs)).statusCode).toBe(201);
  const saveVersion = page.getByRole('button', { name: '保存为新版本' });
  await saveVersion.click();
  await note.waitFor();
  expect(await body.inputValue()).toBe(typed);
  expect((await templates())?.body).toBe('同事的正文');
  await picture(page, 'meanwhile-template-1440');
  await note.getByRole('button', { name: '仍用我的内容' }).click();
  await saveVersion.click();
  await page.getByText('已保存', { exact: true }).waitFor();
  expect((await templates())?.body).toBe(typed);
  expect(complaintsOf(page)).toEqual([]);
}, 60_000);

test('a policy: what was typed outlives a colleague’s version, and is saved over it only by who says so', async () => {
  const inherited = async () => (await colleague('GET /policies/inherited?region=huojia')).json();
  const page = await stack().open({ path: '/settings?region=huojia' });
  await signIn(page, 'operator');
  const submit = page.getByRole('group', { name: '时限' }).getByLabel('提交整改', { exact: true }).nth(1);
  await submit.fill('1');
  await page.getByRole('button', { name: '试运行' }).click();
  await page.getByLabel('修改说明').fill('我的说明');
  const theirs = { answers: { returnsBeforeVisit: 1 } };
  const said = await colleague('POST /policies', { region: 'huojia', after: null, document: theirs });
  expect(said.statusCode).toBe(201);
  const save = page.getByRole('button', { name: '保存为新版本' });
  await save.click();
  const note = page.getByRole('alert').filter({ hasText: '其间已有人改动' });
  await note.waitFor();
  expect(await submit.inputValue()).toBe('1');
  expect(await page.getByLabel('修改说明').inputValue()).toBe('我的说明');
  expect(await inherited()).toMatchObject({ version: 1, own: theirs });
  await picture(page, 'meanwhile-policy-1440');
  await note.getByRole('button', { name: '载入现在的内容' }).click();
  await expect.poll(() => submit.inputValue()).not.toBe('1');
  await submit.fill('2');
  await page.getByRole('button', { name: '试运行' }).click();
  await save.click();
  await page.getByText('已保存为第 2 版').waitFor();
  expect(await inherited()).toMatchObject({
    version: 2,
    own: { ...theirs, limits: { 2: { submitMin: 2880 } } },
  });
  expect(complaintsOf(page)).toEqual([]);
}, 60_000);

test('a merchant: who changes the phone number leaves the opening hours that a colleague set', async () => {
  const merchant = async () => (await colleague('GET /merchants/school')).json();
  await must('PATCH /merchants/school', {
    openingHours: { mon: [['08:00', '12:00']] },
    phone: '0373-4591111',
  });
  const page = await stack().open({ path: '/registry/merchants/school' });
  await signIn(page, 'operator');
  const phone = page.getByLabel('联系电话', { exact: true });
  await phone.waitFor();
  await holdBack(page, '/api/v1/merchants/school');
  const openingHours = { tue: [['09:00', '21:00']] };
  await must('PATCH /merchants/school', { openingHours, address: '新址' });
  await phone.fill(' 0373-4590000 ');
  await page.getByRole('button', { name: '保存', exact: true }).click();
  await expect.poll(async () => (await merchant()).phone).toBe('0373-4590000');
  expect(await merchant()).toMatchObject({ openingHours, address: '新址', name: '第一初级中学食堂' });
  expect(complaintsOf(page)).toEqual([]);
}, 60_000);
