/** What the bureau decides, on screen: calendars, templates, checklists, platforms; leads and their outcome; all pages small, wide, dark. */
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { addAccount, signIn as tokenOf } from '../api/support.ts';
import { callerWithKeys } from '../platforms/support/platform.ts';
import { axeFaults } from './support/axe.ts';
import { useOperation, whole } from './support/operator.ts';
import { complaintsOf, picture } from './support/stack.ts';

const operation = useOperation();

test('calendars, templates, checklists: each saved as the next version', async () => {
  const page = await operation.open({ path: '/settings/calendars' });
  await page.getByRole('button', { name: '新增日历' }).click();
  await page.getByLabel('编码').fill('cn-2027');
  await page.getByLabel('名称', { exact: true }).first().fill('2027 年节假日');
  await page.getByRole('button', { name: '增加一天' }).click();
  await page.getByLabel('日期').fill('2027-10-01');
  await page.getByRole('group', { name: '节假日与调休' }).getByLabel('名称').fill('国庆节');
  await page.getByRole('button', { name: '保存', exact: true }).click();
  const calendar = page.locator('.settings-card').filter({ hasText: '2027 年节假日' });
  await calendar.getByText('2027-10-01 国庆节').waitFor();

  await page.getByRole('link', { name: '文书模板' }).click();
  await page.getByText('证据图片（单独一行）').waitFor();
  const body = page.getByLabel('正文');
  await body.fill(`${await body.inputValue()}\n- 备注：`);
  await page.getByRole('button', { name: '经营主体名称' }).click();
  expect(await body.inputValue()).toContain('{{merchant}}');
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: '下载预览 PDF' }).click(),
  ]);
  const pdf = (await readFile(await file.path())).subarray(0, 5).toString();
  expect(pdf).toBe('%PDF-');
  await page.getByRole('button', { name: '保存为新版本' }).click();
  await page.getByText('第 2 版').waitFor();
  await picture(page, 'operator-templates-1440');
  await body.fill('{{nobody}}');
  await page.getByRole('button', { name: '保存为新版本' }).click();
  await page.getByText(/第 1 行第 1 列/).waitFor();

  await page.getByRole('link', { name: '检查表' }).click();
  const list = page.locator('.settings-card').filter({ hasText: '日管控' }).first();
  await list.getByRole('button', { name: '编辑' }).click();
  const items = page.locator('.settings-items > li');
  await items.first().waitFor();
  const before = await items.count();
  await page.getByRole('button', { name: '增加条目' }).click();
  const added = items.nth(before);
  await added.getByLabel('条目编码').fill('gloves');
  await added.getByLabel('检查内容').fill('专间操作人员佩戴手套');
  await added.getByLabel('英文内容').fill('Gloves are worn in special rooms');
  await picture(page, 'operator-checklist-1440');
  await page.getByRole('button', { name: '保存为新版本' }).click();
  await page
    .getByText(`${before + 1} 个条目`)
    .first()
    .waitFor();
  expect(complaintsOf(page)).toEqual([]);
});

test('a platform: registered with its secret, let in by a token, both shown once', async () => {
  const { api } = operation.stack();
  await addAccount(api, 'city-platform', 'platform');
  const page = await operation.open({ path: '/settings/platforms' });
  await page.getByRole('button', { name: '登记平台' }).click();
  await page.getByLabel('名称', { exact: true }).fill('省平台');
  await page.getByLabel('平台地址').fill('https://platform.example.org/events');
  await page.getByRole('button', { name: '保存', exact: true }).click();
  const secret = await page.getByText('签名密钥只显示这一次').locator('code').textContent();
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  await page.getByText('whsec_ 之后的部分经 base64 解码').waitFor();
  await page.keyboard.press('Escape');
  await page.locator('.settings-card').filter({ hasText: '省平台' }).waitFor();
  const account = page.locator('.settings-card').filter({ hasText: 'city-platform' });
  await account.getByLabel('新令牌名称').fill('事件接口');
  await account.getByRole('button', { name: '生成令牌' }).click();
  const token = await account.getByText('令牌只显示这一次').locator('code').textContent();
  const answer = await fetch(`${operation.stack().url}/api/v1/session`, {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(answer.status).toBe(200);
  await account.getByRole('button', { name: '停用 事件接口' }).click();
  await account.getByText('已停用').waitFor();
  expect(complaintsOf(page)).toEqual([]);
});

test('a broker of a platform: its login is kept and never shown again, its orders are heard, and listed with why they were refused', async () => {
  const { api, db } = operation.stack();
  await addAccount(api, 'province', 'platform');
  const page = await operation.open({ path: '/settings/platforms' });
  await page.getByRole('button', { name: '登记平台' }).click();
  await page.getByLabel('名称', { exact: true }).fill('省平台消息代理');
  await page.getByLabel('平台地址').fill('mqtts://broker.example.org');
  await page.getByLabel('主题前缀').fill('bureau/mingzao');
  await page.getByLabel('用户名', { exact: true }).fill('mingzao');
  await page.getByLabel('密码', { exact: true }).fill('of the broker');
  const hears = page.getByRole('checkbox', { name: '接收平台指令' });
  expect(await hears.isDisabled()).toBe(true);
  const account = page.getByRole('combobox', { name: '平台账号' });
  await account.focus();
  await page.keyboard.press('ArrowDown');
  await page.getByTitle('province', { exact: true }).waitFor();
  // By keyboard to the end: the list of a form that still moves may open beside the window.
  await page.keyboard.press('Enter');
  await hears.check();
  await picture(page, 'operator-broker-1440');
  expect(await axeFaults(page)).toEqual([]);
  await page.getByRole('button', { name: '保存', exact: true }).click();
  await page.getByText('签名密钥只显示这一次').waitFor();
  await page.keyboard.press('Escape');
  const card = page.locator('.settings-card').filter({ hasText: '省平台消息代理' });
  await card.getByText('指令线路').waitFor();
  await card.getByRole('button', { name: '编辑' }).click();
  await page.getByPlaceholder('已保存，不回显').first().waitFor();
  expect(await page.getByLabel('密码', { exact: true }).inputValue()).toBe('');
  const kept = () =>
    db
      .selectFrom('webhook')
      .select('broker_sealed')
      .where('name', '=', '省平台消息代理')
      .executeTakeFirstOrThrow();
  const before = (await kept()).broker_sealed;
  await page.getByRole('button', { name: '保存', exact: true }).click();
  await page.getByText('已保存', { exact: true }).waitFor();
  expect((await kept()).broker_sealed).toEqual(before);
  await page.getByRole('checkbox', { name: '清除已保存的用户名和密码' }).check();
  await page.getByRole('button', { name: '保存', exact: true }).click();
  await expect.poll(async () => (await kept()).broker_sealed).toBeNull();

  const { keyed } = callerWithKeys(api, await tokenOf(api, 'province'));
  expect((await keyed('POST /platform/commands', { task: 'ZG-0', command: 'receipt' })).statusCode).toBe(404);
  await page.goto(`${operation.stack().url}/tasks`);
  await page.getByRole('link', { name: '平台指令' }).click();
  const order = page.locator('.platform-order').filter({ hasText: 'ZG-0' });
  await order.getByText('没有这个编号的任务').waitFor();
  await order.getByText('接收回执').waitFor();
  await page.getByLabel('任务编号').fill('ZG-1');
  await page.getByRole('button', { name: '查找' }).click();
  await page.getByText('没有收到平台指令').waitFor();
  expect(complaintsOf(page)).toEqual([]);
});

test('a lead: what the other authority answered is entered, and stands there', async () => {
  const { api } = operation.stack();
  await addAccount(api, 'sender', 'station_head');
  const { keyed } = callerWithKeys(api, await tokenOf(api, 'sender'));
  const sent = await keyed('POST /leads', {
    merchant: 'kitchen-1',
    target: 'police',
    targetName: '县公安局食药环侦大队',
    legalReason: '《行政执法机关移送涉嫌犯罪案件的规定》第三条',
  });
  expect(sent.statusCode).toBe(201);
  const page = await operation.open({ path: '/tasks' });
  await page.getByRole('link', { name: '线索移送' }).click();
  const lead = page.locator('.lead').filter({ hasText: '老王家常菜馆' });
  await lead.getByText('已移送').waitFor();
  await lead.getByRole('button', { name: '登记对方答复' }).click();
  const answer = lead.getByRole('combobox', { name: '对方答复' });
  await answer.focus();
  await page.keyboard.press('ArrowDown');
  await page.getByTitle('立案', { exact: true }).waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await lead.getByLabel('立案号').fill('获公（食药）立字〔2026〕12号');
  await lead.getByRole('button', { name: '保存' }).click();
  await lead.getByText('已立案').waitFor();
  await lead.getByText('立案号 获公（食药）立字〔2026〕12号').waitFor();
  await picture(page, 'operator-leads-1440');
  expect(complaintsOf(page)).toEqual([]);
});

const PATHS = [
  '/system',
  '/system/outbox',
  '/system/audit',
  '/settings',
  '/settings/calendars',
  '/settings/templates',
  '/settings/checklists',
  '/settings/retention',
  '/settings/platforms',
  '/tasks/leads',
  '/tasks/orders',
];

test.each([
  ['zh-CN', 390, false],
  ['en', 390, true],
  ['en', 1920, true],
] as const)(
  'the pages in %s at %i px (dark: %s)',
  async (language, width, dark) => {
    const page = await operation.open({ width, height: width === 390 ? 844 : 1080, dark, path: '/system' });
    if (language === 'en') await page.getByRole('button', { name: 'EN' }).click();
    for (const path of PATHS) {
      await page.goto(operation.stack().url + path);
      await page.locator('.sheet, .policy-part, .note').first().waitFor();
      await page.locator('.bones').first().waitFor({ state: 'detached' });
      const wide = await page.evaluate('document.documentElement.scrollWidth');
      expect(Number(wide), `${path} is wider than the screen`).toBeLessThanOrEqual(width);
      expect(await axeFaults(page), path).toEqual([]);
      await whole(page, `operator-${path.split('/').at(-1)}-${width}-${language}${dark ? '-dark' : ''}`);
    }
  },
  120_000,
);
