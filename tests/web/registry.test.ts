/** An operator brings a county in by hand: a town, a merchant with its hours and zones, a gateway, an account; then finds things again. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { addAccount, PASSWORD } from '../api/support.ts';
import { axeFaults } from './support/axe.ts';
import { useOperation, whole } from './support/operator.ts';
import { complaintsOf, picture, signIn } from './support/stack.ts';

const operation = useOperation();

/** Types into a choice and takes what is left. */
async function choose(page: Page, label: string, text: string): Promise<void> {
  await page.getByLabel(label, { exact: true }).fill(text);
  await page.keyboard.press('Enter');
}

test('region, merchant, zone, gateway and account are registered on screen, and the box gets in', async () => {
  const page = await operation.open({ path: '/registry/regions' });
  await page.getByRole('button', { name: '新增辖区' }).click();
  await page.getByLabel('名称', { exact: true }).fill('城关镇');
  await page.getByLabel('编号', { exact: true }).fill('chengguan');
  await page.getByRole('button', { name: '保存', exact: true }).click();
  const town = page.getByRole('list', { name: '辖区' }).getByRole('listitem').filter({ hasText: '城关镇' });
  await town.getByText('乡镇（街道）').waitFor();

  await page.getByRole('link', { name: '经营主体', exact: true }).click();
  await page.getByRole('button', { name: '登记经营主体' }).click();
  await page.getByLabel('名称', { exact: true }).fill('城关小学食堂');
  await page.getByLabel('编号', { exact: true }).fill('Chengguan Primary');
  await choose(page, '所属辖区', '城关');
  await choose(page, '业态', '学校食堂');
  await page.getByLabel('全天营业').uncheck();
  const monday = page.getByRole('group', { name: '周一' });
  await monday.getByLabel('开始时间').fill('06:30');
  await monday.getByLabel('结束时间').fill('13:00');
  await monday.getByRole('button', { name: '增加时段' }).click();
  await page.getByRole('button', { name: '每天都与周一相同' }).click();
  await page
    .getByRole('group', { name: '周日' })
    .getByRole('button', { name: /^删除时段/ })
    .first()
    .click();
  await page
    .getByRole('group', { name: '周日' })
    .getByRole('button', { name: /^删除时段/ })
    .click();
  await page.getByRole('group', { name: '周日' }).getByText('不营业').waitFor();
  await whole(page, 'registry-merchant-1440');
  await page.getByRole('button', { name: '保存', exact: true }).click();
  // A code that is not right is said at once, and nothing that was typed is lost.
  await page
    .getByRole('alert')
    .filter({ hasText: /code|编号/ })
    .waitFor();
  await page.getByLabel('编号', { exact: true }).fill('chengguan-primary');
  await page.getByRole('button', { name: '保存', exact: true }).click();
  const row = page.getByRole('link', { name: /城关小学食堂/ });
  await row.waitFor();
  const stored = await operation
    .stack()
    .db.selectFrom('merchant')
    .selectAll()
    .where('code', '=', 'chengguan-primary')
    .executeTakeFirstOrThrow();
  const usual = [
    ['06:30', '13:00'],
    ['08:00', '20:00'],
  ];
  expect(stored.opening_hours).toEqual({
    mon: usual,
    tue: usual,
    wed: usual,
    thu: usual,
    fri: usual,
    sat: usual,
  });
  expect(stored).toMatchObject({ type: 'school_canteen', level: 'D' });

  await row.click();
  await page.getByLabel('功能区类别').selectOption({ label: '专间' });
  await page.getByRole('button', { name: '保存功能区' }).click();
  await page.getByLabel('“专间”的名称').fill('凉菜间');
  await page.getByRole('button', { name: '改名' }).click();
  await page.getByLabel('“凉菜间”的名称').waitFor();
  expect(await axeFaults(page)).toEqual([]);
  await page.keyboard.press('Escape');

  await page.getByRole('link', { name: '网关', exact: true }).click();
  await page.getByRole('button', { name: '登记网关' }).click();
  await page.getByLabel('名称', { exact: true }).fill('城关小学盒子');
  await page.getByLabel('编号').fill('chengguan-box');
  await choose(page, '辖区', '城关');
  await page.getByRole('combobox', { name: '经营主体' }).fill('城关小学');
  await page.getByRole('option', { name: /城关小学食堂/ }).click();
  await page.getByRole('button', { name: '登记并生成密码' }).click();
  const secret = page.getByRole('alert').filter({ hasText: '只显示这一次' });
  const password = await secret.locator('dd').nth(2).textContent();
  await picture(page, 'registry-gateway-secret-1440');
  const entered = await fetch(`${operation.stack().url}/api/v1/edge/intake/auto`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`chengguan-box:${password}`).toString('base64')}`,
      'content-type': 'application/json',
    },
    body: '{}',
  });
  expect(entered.status).not.toBe(401);
  await page.getByRole('button', { name: '已写入设备' }).click();
  await page.getByText('城关小学盒子').waitFor();

  await page.getByRole('link', { name: '账号', exact: true }).click();
  await page.getByRole('button', { name: '新增账号' }).click();
  await page.getByLabel('用户名', { exact: true }).fill('chengguan-chef');
  await choose(page, '角色', '食品安全员');
  await page.getByRole('combobox', { name: '经营主体' }).fill('城关小学');
  await page.getByRole('option', { name: /城关小学食堂/ }).click();
  await page.getByLabel(/^初始密码/).fill(PASSWORD);
  await page.getByRole('button', { name: '创建' }).click();
  await page.getByText('城关小学食堂').waitFor();
  expect(complaintsOf(page)).toEqual([]);
});

test('each figure of the head leads to the tasks behind it; lists are found by name and place', async () => {
  const page = await operation.open({ path: '/tasks?show=open' });
  await page.getByRole('button', { name: '已逾期' }).click();
  expect(new URL(page.url()).search).toBe('?show=overdue');
  await page.goto(`${operation.stack().url}/cameras`);
  await page.getByLabel('按名称或编号查找').fill('老王家');
  await page.keyboard.press('Enter');
  await page.waitForURL(/search=/);
  const cards = page.locator('.camera-grid > li');
  await cards.first().waitFor();
  expect(await cards.filter({ hasNotText: '老王家' }).count()).toBe(0);
  expect(complaintsOf(page)).toEqual([]);
});

test('an inspector reads the registry and changes nothing; it fits a phone and a wall', async () => {
  await addAccount(operation.stack().api, 'reader', 'inspector');
  for (const [width, dark] of [
    [390, false],
    [1920, true],
  ] as const) {
    const page = await operation.stack().open({ width, dark, path: '/registry' });
    await signIn(page, 'reader');
    await page.getByRole('link', { name: /老王家常菜馆/ }).click();
    await page.getByRole('dialog').getByText('热加工间').waitFor();
    expect(await page.getByRole('button', { name: '保存', exact: true }).count()).toBe(0);
    expect(await axeFaults(page)).toEqual([]);
    await picture(page, `registry-merchant-${width}`);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await picture(page, `registry-${width}`);
    expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
  }
});
