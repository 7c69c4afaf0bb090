/** 摄像头接入: an operator adds a camera, finds why it does not answer, approves what it sees, and it is in service. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RtspServer } from '../../tools/rtsp-server/start.ts';
import { addAccount } from '../api/support.ts';
import { startGatewayOf, startKitchenCamera } from '../onboard/support.ts';
import { axeFaults } from './support/axe.ts';
import { seedMerchant, seedRegion, type World } from './support/seed.ts';
import { complaintsOf, picture, signIn, useStack } from './support/stack.ts';

const PASSWORD = 'p@ss:wörd/1';

async function seed(world: World): Promise<void> {
  const region = await seedRegion(world);
  await seedMerchant(world, region, 'middle-school', '第一初级中学食堂', [['cooking', '热加工间']]);
  await seedMerchant(world, region, 'wang', '老王家常菜馆（同盟大道店）', [['cutting', '切配间']]);
}

const stack = useStack(seed);
let gateway: { stop(): Promise<void> } | undefined;
let kitchen: RtspServer;

beforeAll(async () => {
  await addAccount(stack().api, 'operator', 'operator');
  kitchen = await startKitchenCamera({ photograph: 6, seconds: 60, user: 'admin', password: PASSWORD });
  gateway = await startGatewayOf(stack().api);
});
afterAll(async () => {
  await gateway?.stop();
  await kitchen?.stop();
});

const cameraOf = async (code: string) =>
  await stack()
    .db.selectFrom('camera')
    .leftJoin('camera_status', 'camera_status.camera_id', 'camera.id')
    .select(['camera.id', 'awaits_approval', 'enabled', 'camera_status.state'])
    .where('code', '=', code)
    .executeTakeFirstOrThrow();

async function chooseMerchant(page: Page, name: string): Promise<void> {
  await page.getByLabel('经营主体').click();
  await page.keyboard.type(name.slice(0, 4));
  await page.getByTitle(new RegExp(name.slice(0, 6))).click();
}

test('from sign-in to a live camera: a wrong password is told, the first picture is approved, the camera is looked at', async () => {
  const { db } = stack();
  const page = await stack().open({ path: '/cameras' });
  await signIn(page, 'operator');
  await page.getByRole('button', { name: '添加摄像头' }).click();
  await page.getByRole('heading', { name: '添加摄像头', level: 1 }).waitFor();
  await chooseMerchant(page, '第一初级中学食堂');
  await page.getByRole('button', { name: '新建功能区' }).click();
  await page.getByLabel('功能区类别').selectOption('special_room');
  await page.getByLabel('功能区名称').fill('凉菜专间');
  await page.getByRole('button', { name: '保存功能区' }).click();
  await expect
    .poll(() => page.getByLabel('功能区', { exact: true }).locator('option:checked').textContent())
    .toContain('凉菜专间');
  await page.getByLabel('摄像头名称').fill('凉菜专间1号');
  await page.getByLabel('编号').fill('middle-school-cold1');

  // A whole address that is pasted is taken apart; the make is seen from its path.
  await page
    .getByLabel('地址', { exact: true })
    .fill(`rtsp://admin:wrong@127.0.0.1:${kitchen.port}/Streaming/Channels/101`);
  expect(await page.getByLabel('端口').inputValue()).toBe(String(kitchen.port));
  await page.getByRole('button', { name: '测试连接' }).click();
  await page.getByText('主码流不通：用户名或密码错误').waitFor();
  await picture(page, 'onboard-add-wrong-1440');
  expect(await axeFaults(page)).toEqual([]);

  await page.getByLabel('密码', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: '测试连接' }).click();
  await page.getByText('主码流正常').waitFor();
  await page.getByText('H264 · 960×540 · 5 帧/秒').waitFor();
  await page.getByRole('img', { name: '首帧画面' }).waitFor();
  await picture(page, 'onboard-add-1440');

  await page.getByRole('button', { name: '添加并继续设置' }).click();
  await page.getByRole('heading', { name: '凉菜专间1号' }).waitFor();
  await page.getByText('主码流正常').waitFor({ timeout: 30_000 });
  await picture(page, 'onboard-connect-1440');
  expect(await axeFaults(page)).toEqual([]);
  const added = await cameraOf('middle-school-cold1');
  expect(added).toMatchObject({ awaits_approval: true, enabled: true });
  await expect
    .poll(async () => (await cameraOf('middle-school-cold1')).state, { timeout: 20_000 })
    .toBe('online');
  const looks = () => db.selectFrom('look').select('id').where('camera_id', '=', added.id).execute();
  expect(await looks()).toEqual([]);

  await page.getByRole('button', { name: '去核准首帧' }).click();
  const approve = page.getByRole('button', { name: '核准首帧' });
  expect(await approve.isDisabled()).toBe(true);
  await page.getByLabel('画面中没有更衣室、休息室、卫生间等私密场所').check();
  await picture(page, 'onboard-approve-1440');
  expect(await axeFaults(page)).toEqual([]);
  await approve.click();
  await page.getByText('已投入使用').waitFor();
  expect(await cameraOf('middle-school-cold1')).toMatchObject({ awaits_approval: false });
  await expect.poll(async () => (await looks()).length, { timeout: 60_000 }).toBeGreaterThan(0);

  // Nothing that was answered or written down holds the password.
  const audit = await db.selectFrom('history_change').select(['before', 'after']).execute();
  const shown = await page.evaluate(`fetch('/api/v1/cameras/${added.id}').then((r) => r.text())`);
  for (const text of [JSON.stringify(audit), String(shown)]) {
    expect(text).not.toContain(PASSWORD);
    expect(text).not.toContain(encodeURIComponent(PASSWORD));
  }
  expect(complaintsOf(page)).toEqual([]);
}, 120_000);
