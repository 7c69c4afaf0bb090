/** The page: first password, code at sign-in, own sessions, accounts, and the purpose of looking at live pictures. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { hotp, stepAt } from '../../services/domain/totp.ts';
import { addAccount, PASSWORD } from '../api/support.ts';
import { seedMerchant, seedRegion, seedStatus, type World } from '../web/support/seed.ts';
import { complaintsOf, picture, useStack } from '../web/support/stack.ts';

const OWN = 'my own long password';

async function seed(world: World): Promise<void> {
  const region = await seedRegion(world);
  const { cameras } = await seedMerchant(world, region, 'no1', '第一小学食堂', [
    ['cooking', '热加工间'],
    ['cutting', '切配间'],
  ]);
  for (const camera of cameras) await seedStatus(world, camera, 'online', '', { photograph: 1, ageS: 5 });
}

const stack = useStack(seed);

const fill = async (page: Page, username: string, password: string): Promise<void> => {
  await page.getByLabel('用户名').fill(username);
  await page.getByLabel('密码', { exact: true }).fill(password);
  await page.getByRole('button', { name: '登录' }).click();
};
const signedIn = (page: Page) => page.getByRole('button', { name: '退出登录' }).waitFor();
const wide = (page: Page) => page.evaluate<number>('document.documentElement.scrollWidth');

const SIZES = [
  { name: '1440', width: 1440, height: 900 },
  { name: '390', width: 390, height: 844 },
];

const fromBase32 = (text: string): Buffer => {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...text].map((letter) => letters.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
};

test.each(SIZES)('the operator makes an account, whose owner sets it up, at $name px', async (size) => {
  const operator = `operator-${size.name}`;
  const inspector = `inspector-${size.name}`;
  await addAccount(stack().api, operator, 'operator');
  const office = await stack().open({ ...size, path: '/accounts' });
  await fill(office, operator, PASSWORD);
  await office.getByRole('button', { name: '新增账号' }).click();
  await office.getByLabel('用户名', { exact: true }).fill(inspector);
  await office.getByLabel('姓名', { exact: true }).fill('李巡查');
  await office.getByLabel('初始密码（至少 8 个字符）').fill('short');
  await office.getByRole('button', { name: '创建' }).click();
  await office.getByRole('alert').getByText('密码：填写的内容不正确，应为 8 至 256 个字符').waitFor();
  await picture(office, `account-new-${size.name}`);
  await office.getByLabel('初始密码（至少 8 个字符）').fill(PASSWORD);
  await office.getByRole('button', { name: '创建' }).click();
  const row = office.getByRole('list', { name: '账号' }).getByRole('link').filter({ hasText: inspector });
  await row.getByText('待改密码').waitFor();
  await picture(office, `accounts-${size.name}`);
  expect(await wide(office)).toBe(size.width);

  const page = await stack().open(size);
  await fill(page, inspector, PASSWORD);
  await page.getByRole('heading', { name: '请先设置您自己的密码' }).waitFor();
  await picture(page, `first-password-${size.name}`);
  await page.getByLabel('当前密码').fill(PASSWORD);
  await page.getByLabel('新密码（至少 8 个字符）').fill(OWN);
  await page.getByLabel('再次输入新密码').fill(`${OWN}x`);
  await page.getByRole('button', { name: '保存新密码' }).click();
  await page.getByText('两次输入的新密码不一致').waitFor();
  await page.getByLabel('再次输入新密码').fill(OWN);
  await page.getByRole('button', { name: '保存新密码' }).click();
  await signedIn(page);

  // A second factor, its recovery codes, and the code at the next sign-in.
  await page.getByRole('link', { name: '我的账号' }).click();
  await page.getByRole('list', { name: '我的登录' }).getByText('当前').waitFor();
  await page.getByLabel('请输入密码确认').fill(OWN);
  await page.getByRole('button', { name: '开启两步验证' }).click();
  const secret = (await page.locator('code.secret').textContent()) ?? '';
  await picture(page, `me-${size.name}`);
  expect(await wide(page)).toBe(size.width);
  const at = new Date();
  await page.getByLabel('填入应用显示的 6 位动态码以完成开启').fill(hotp(fromBase32(secret), stepAt(at)));
  await page.getByRole('button', { name: '完成开启' }).click();
  const recovery = (await page.locator('.recovery-codes li').first().textContent()) ?? '';
  await picture(page, `recovery-codes-${size.name}`);
  await page.getByRole('button', { name: '我已保存' }).click();
  await page.getByText('已开启：登录时需要动态码').waitFor();

  const phone = await stack().open(size);
  await fill(phone, inspector, OWN);
  await phone.getByLabel('动态码').fill('000000');
  await picture(phone, `sign-in-code-${size.name}`);
  await phone.getByRole('button', { name: '验证' }).click();
  await phone.getByText('动态码不正确或已用过').waitFor();
  await phone.getByLabel('动态码').fill(recovery);
  await phone.getByRole('button', { name: '验证' }).click();
  await signedIn(phone);

  // The other session is seen and ended from here.
  await page.reload();
  await page.getByRole('list', { name: '我的登录' }).getByRole('button', { name: '退出此登录' }).click();
  await expect.poll(() => page.getByRole('button', { name: '退出此登录' }).count()).toBe(0);
  await phone.reload();
  await phone.getByRole('button', { name: '登录' }).waitFor();

  // The operator removes a lost second factor and disables the account.
  await office.reload();
  await row.click();
  await office.getByRole('button', { name: '关闭其两步验证' }).click();
  await office.getByRole('alert').getByText('已完成').waitFor();
  await picture(office, `account-${size.name}`);
  await office.getByRole('button', { name: '停用账号' }).click();
  await office.getByRole('button', { name: '启用账号' }).waitFor();
  await page.reload();
  await page.getByRole('button', { name: '登录' }).waitFor();
  for (const one of [office, page, phone]) expect(complaintsOf(one)).toEqual([]);
});

test.each(SIZES)('live pictures come once a purpose is stated, at $name px', async (size) => {
  const username = `looker-${size.name}`;
  await addAccount(stack().api, username, 'inspector');
  const page = await stack().open({ ...size, path: '/cameras' });
  await fill(page, username, PASSWORD);
  await page.getByText('查看实时画面须说明用途').waitFor();
  await expect.poll(() => page.locator('.camera').count()).toBe(2);
  expect(await page.locator('.camera img').count()).toBe(0);
  await picture(page, `live-gate-${size.name}`);
  await page.getByLabel('说明', { exact: true }).fill('午市巡查');
  await page.getByRole('button', { name: '开始查看' }).click();
  await page.getByText('查看用途：网上巡查').waitFor();
  await expect.poll(() => page.locator('.camera img').count()).toBe(2);
  await picture(page, `live-open-${size.name}`);
  expect(await wide(page)).toBe(size.width);
  await expect
    .poll(async () => (await stack().db.selectFrom('live_look').select('looks').execute()).length)
    .toBeGreaterThanOrEqual(2);
  expect(complaintsOf(page)).toEqual([]);
});
