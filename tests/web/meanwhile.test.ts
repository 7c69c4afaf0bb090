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
