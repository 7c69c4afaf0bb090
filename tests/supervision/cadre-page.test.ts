/** The cadre's phone, from sign-in to a transferred lead. */
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { confirmFinding } from '../../services/db/verdicts.ts';
import { addAccount } from '../api/support.ts';
import { axeFaults } from '../web/support/axe.ts';
import { seedFinding, seedMerchant, seedRegion } from '../web/support/seed.ts';
import { complaintsOf, picture, signIn, useStack } from '../web/support/stack.ts';

const HOUR = 3_600_000;
let regionId = '';
const stack = useStack(async (world) => {
  regionId = await seedRegion(world);
  const own = await seedMerchant(world, regionId, 'own', '第一小学食堂', [['cooking', '热加工间']]);
  await seedMerchant(world, regionId, 'other', '别人包保的饭店', [['cooking', '热加工间']]);
  const [camera] = own.cameras;
  if (camera === undefined) throw new Error('no camera');
  const findingId = await seedFinding(world, { camera, photograph: 3, ageS: 90 * 3600, frames: 2 });
  const at = new Date(Date.now() - 90 * HOUR);
  await confirmFinding(world.db, { findingId, actorId: null, version: undefined, note: '' }, at);
});

beforeAll(async () => {
  const { db, api } = stack();
  const account_id = await addAccount(api, 'cadre', 'cadre', { regionId });
  const { id: merchant_id } = await db
    .selectFrom('merchant')
    .select('id')
    .where('code', '=', 'own')
    .executeTakeFirstOrThrow();
  const since = new Date(Date.now() - 200 * 24 * HOUR);
  await db.insertInto('cadre_merchant').values({ account_id, merchant_id, level: 'B', since }).execute();
});

/** In a basement kitchen: written without a line, the page closed, opened again, sent once. */
async function recordedWithoutLine(page: Page): Promise<void> {
  const context = page.context();
  const visits = () =>
    stack().db.selectFrom('cadre_visit').select(['note', 'visited_at']).orderBy('visited_at').execute();
  // What opens without a line is kept by then.
  await page.evaluate('navigator.serviceWorker.ready');
  await page.reload();
  await page.getByText(/^本季度督导 1 \/ 1/).waitFor();
  await context.setOffline(true);
  await page.getByRole('button', { name: '记录督导' }).click();
  await page.getByLabel('督导情况').fill('后厨地下室无网络，冷藏柜温度正常');
  await page.getByRole('button', { name: '保存督导记录' }).click();
  const waiting = page.getByRole('region', { name: '还没有发出' });
  await waiting.getByText('督导记录 · 第一小学食堂').waitFor();
  await picture(page, 'cadre-not-sent-390');
  const again = await context.newPage();
  await again.goto(`${stack().url}/cadre`);
  await again.getByRole('region', { name: '还没有发出' }).getByText('督导记录').waitFor();
  await again.getByText('没有连上服务器').waitFor();
  expect(await visits()).toHaveLength(1);
  await context.setOffline(false);
  await expect.poll(async () => (await visits()).length, { timeout: 20_000 }).toBe(2);
  await again.getByText(/^本季度督导 2 \/ 1|^本季度督导 1 \/ 1/).waitFor();
  // Both pages may send it: it counts once.
  await expect.poll(() => page.getByRole('region', { name: '还没有发出' }).count()).toBe(0);
  await expect.poll(() => again.getByRole('region', { name: '还没有发出' }).count()).toBe(0);
  expect(await visits()).toMatchObject([{}, { note: '后厨地下室无网络，冷藏柜温度正常' }]);
  await again.close();
}

test('sign in, see the quarter and what is overdue, record a visit, transfer the lead', async () => {
  const page = await stack().open({ width: 390, height: 844 });
  await signIn(page, 'cadre');
  await page.getByRole('heading', { name: '包保督导' }).waitFor();
  expect(new URL(page.url()).pathname).toBe('/cadre');
  await page.getByText(/^本季度督导 0 \/ 1/).waitFor();
  expect(await page.getByText('别人包保的饭店').count()).toBe(0);
  expect(await page.getByRole('link', { name: '实时巡查' }).count()).toBe(0);
  await page.getByRole('button', { name: '记录督导' }).click();
  await page.getByLabel('督导情况').fill('晨检、留样记录齐全');
  await page.getByRole('button', { name: '保存督导记录' }).click();
  await page.getByText(/^本季度督导 1 \/ 1/).waitFor();
  await recordedWithoutLine(page);
  await page.getByRole('button', { name: '移送线索' }).click();
  expect(await axeFaults(page)).toEqual([]);
  await picture(page, 'cadre-lead-390');
  await page.getByRole('button', { name: '确认移送' }).click();
  await page.getByRole('heading', { name: '已移送线索 1 件' }).waitFor();
  expect(await stack().db.selectFrom('lead_transfer').select(['target', 'state']).execute()).toEqual([
    { target: 'market_regulation', state: 'sent' },
  ]);
  expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(390);
  expect(complaintsOf(page).filter((said) => !said.includes('ERR_INTERNET_DISCONNECTED'))).toEqual([]);
  await page.getByRole('button', { name: /^切换语言/ }).click();
  await page.getByRole('heading', { name: 'My merchants' }).waitFor();
  expect(await axeFaults(page)).toEqual([]);
});
