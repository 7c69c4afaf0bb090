/** What the operator sees of it. Pictures go to tests/.output/ to be looked at. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { loadCamera } from '../../services/db/registry.ts';
import { proposeChanges } from '../../workers/detection/propose-changes.ts';
import { addAccount, PASSWORD } from '../api/support.ts';
import { sceneFrame } from '../web/support/scenes.ts';
import { seedMerchant, seedRegion, seedStatus, type World } from '../web/support/seed.ts';
import { complaintsOf, picture, useStack } from '../web/support/stack.ts';
import { addJudged, poster } from './judged.ts';

let cameraId = '';

async function seed(world: World): Promise<void> {
  const region = await seedRegion(world);
  const { cameras } = await seedMerchant(world, region, 'no1-school', '获嘉县第一初级中学食堂', [
    ['cooking', '热加工间'],
  ]);
  const [camera] = cameras;
  if (camera === undefined) throw new Error('no camera');
  cameraId = camera.id;
  await seedStatus(world, camera, 'online', '', { photograph: 6, ageS: 5 });
  const { jpeg } = await sceneFrame(6, 0);
  for (let i = 0; i < 9; i += 1) {
    const at = new Date(world.now().getTime() - (i + 2) * 3_600_000);
    const right = i === 4;
    await addJudged(world, camera.id, {
      at,
      box: right ? [0.1, 0.5, 0.2, 0.75] : poster(i),
      score: right ? 0.93 : 0.66,
      verdict: right ? 'confirmed' : 'not_a_person',
      frame: jpeg,
    });
  }
  await proposeChanges(world);
}

const stack = useStack(seed);

async function openAsOperator(options: Parameters<ReturnType<typeof stack>['open']>[0]): Promise<Page> {
  const { api, open } = stack();
  const known = await api.context.db
    .selectFrom('account')
    .select('id')
    .where('username', '=', 'op')
    .executeTakeFirst();
  if (known === undefined) await addAccount(api, 'op', 'operator');
  const page = await open(options);
  await page.getByLabel('用户名').fill('op');
  await page.getByLabel('密码', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: '登录' }).click();
  await page.getByRole('navigation').waitFor();
  return page;
}

test.each([
  { name: '1440', width: 1440, height: 900 },
  { name: '390', width: 390, height: 844 },
  { name: '1920-dark', width: 1920, height: 1080, dark: true },
])('the list fits $name px', async ({ name, ...size }) => {
  const page = await openAsOperator({ ...size, path: '/proposals' });
  await page.getByTestId('proposal-area').waitFor();
  await page.locator('.proposal-shot img').first().scrollIntoViewIfNeeded();
  await picture(page, `proposals-${name}`);
  const wider = await page.evaluate('document.documentElement.scrollWidth > innerWidth');
  expect(wider).toBe(false);
  expect(complaintsOf(page)).toEqual([]);
});

test('in English, and the precision among the details of the camera', async () => {
  const page = await openAsOperator({ path: '/proposals' });
  await page.getByRole('button', { name: '切换语言' }).click();
  await page.getByRole('heading', { name: 'No hat: ignore this area' }).waitFor();
  expect(await page.getByText('8 of 8 dismissed, 0 of 1 confirmed').count()).toBe(2);
  await picture(page, 'proposals-english');
  await page.getByRole('link', { name: '热加工间1号' }).first().click();
  await page.getByText('11% (95% interval 2–43%)').waitFor();
  await picture(page, 'camera-precision-english');
  expect(complaintsOf(page)).toEqual([]);
});

test('accepting changes the camera, declining does not; both leave the list', async () => {
  const page = await openAsOperator({ path: '/proposals' });
  const cards = page.getByRole('article');
  const area = cards.filter({ hasText: '忽略此区域' });
  await area.getByRole('button', { name: '采纳', exact: true }).click();
  await area.waitFor({ state: 'detached' });
  const camera = () => loadCamera(stack().db, cameraId);
  expect((await camera())?.ignoreAreas).toHaveLength(1);
  await cards.getByRole('button', { name: '不采纳' }).click();
  await page.getByText('没有待处理的建议').waitFor();
  expect((await camera())?.minScores).toEqual({});
  await page.getByRole('button', { name: '已采纳' }).click();
  await area.getByText('op').waitFor();
});

test('inspectors do not see the list', async () => {
  const page = await stack().open({ path: '/proposals' });
  await page.getByLabel('用户名').fill('inspector');
  await page.getByLabel('密码', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: '登录' }).click();
  await page.getByRole('link', { name: '网关' }).waitFor();
  expect(await page.getByRole('link', { name: '规则建议' }).count()).toBe(0);
});
