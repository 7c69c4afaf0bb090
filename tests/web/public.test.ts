/** A citizen's story: finds an open kitchen on the phone, sees a redacted picture of it and an honest state, reports what was seen. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openRedactor } from '../../workers/redaction/context.ts';
import { redactWanted } from '../../workers/redaction/round.ts';
import { seedMerchant, seedRegion, seedStatus } from './support/seed.ts';
import { complaintsOf, picture, useStack } from './support/stack.ts';

const MODELS = join(import.meta.dirname, '../../models');

const stack = useStack(async (world) => {
  const region = await seedRegion(world);
  const school = await seedMerchant(world, region, 'no1-school', '获嘉县第一初级中学食堂', [
    ['cooking', '热加工间'],
    ['special_room', '凉菜专间'],
  ]);
  const restaurant = await seedMerchant(world, region, 'laowang', '老王家常菜馆（同盟大道店）', [
    ['cooking', '后厨灶台'],
  ]);
  const closed = await seedMerchant(world, region, 'hidden', '未公开餐馆', [['cooking', '后厨']]);
  const states = ['online', 'online', 'offline', 'online'] as const;
  for (const [i, camera] of [...school.cameras, ...restaurant.cameras, ...closed.cameras].entries()) {
    await seedStatus(world, camera, states[i] ?? 'online', '', {
      photograph: [6, 4, 1, 3][i] ?? 1,
      ageS: 90,
    });
  }
  for (const kitchen of [school, restaurant]) {
    const { id } = await world.db
      .selectFrom('merchant')
      .innerJoin('camera', 'camera.merchant_id', 'merchant.id')
      .select('merchant.id')
      .where('camera.id', '=', kitchen.cameras[0]?.id ?? '')
      .executeTakeFirstOrThrow();
    await world.db
      .insertInto('public_kitchen')
      .values({
        merchant_id: id,
        because: kitchen === school ? 'required' : 'chosen',
        opened_by: null,
        opened_at: world.now(),
      })
      .execute();
    for (const camera of kitchen.cameras)
      await world.db.insertInto('public_camera').values({ camera_id: camera.id }).execute();
  }
  // Somebody looked a moment ago: the real detector redacts what the cameras showed then.
  const { wantPictures } = await import('../../services/db/public-pictures.ts');
  await wantPictures(
    world.db,
    [...school.cameras, ...restaurant.cameras].map(({ id }) => id),
    world.now(),
  );
  const redactor = await openRedactor(MODELS);
  await redactWanted({ db: world.db, store: world.store, now: world.now, redactor });
  await redactor.close();
});

for (const size of [
  { name: '390', width: 390, height: 844 },
  { name: '1440', width: 1440, height: 900 },
  { name: '1920-dark', width: 1920, height: 1080, dark: true },
]) {
  test(`kitchens that are open, at ${size.name} px`, async () => {
    const page = await stack().open(size);
    await page.goto(`${stack().url}/open`);
    await page.getByRole('heading', { name: '获嘉县第一初级中学食堂' }).waitFor();
    await page.locator('.public-camera img').first().waitFor();
    expect(await page.getByText('未公开餐馆').count()).toBe(0);
    expect(await page.getByText(/摄像头离线/).count()).toBeGreaterThan(0);
    await picture(page, `public-${size.name}`);
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(size.width);
    expect(complaintsOf(page)).toEqual([]);
  });
}

test('a screen on the wall that loses its line calls nothing fresh that is not', async () => {
  const page = await stack().open({ width: 1920, height: 1080 });
  await page.clock.install();
  await page.goto(`${stack().url}/open/no1-school`);
  const shown = page
    .locator('.public-camera')
    .filter({ has: page.locator('img') })
    .first();
  await shown.getByText(/^\d+分钟前的画面$/).waitFor();
  await page.context().setOffline(true);
  await shown.getByText(/^旧画面，不是现在的情况（\d+分钟前）$/).waitFor();
  await page.context().setOffline(false);
  await shown.getByText(/^\d+分钟前的画面$/).waitFor();
  // The browser believes in its line, but the server is not reached; the picture grows old.
  await page.route('**/api/v1/public/**', (route) => route.abort());
  await page.clock.runFor(4 * 60_000);
  await shown.getByText(/^旧画面，不是现在的情况（\d+分钟前）$/).waitFor();
  await picture(page, 'public-old-1920');
  await page.clock.runFor(3 * 3_600_000);
  await shown.getByText(/^旧画面，不是现在的情况（3小时前）$/).waitFor();
});

test('a citizen finds a kitchen, looks at it and reports what was seen', async () => {
  const page = await stack().open({ width: 390, height: 844 });
  await page.goto(`${stack().url}/open`);
  await page.getByRole('searchbox', { name: '按名称查找' }).fill('第一初级');
  await page.getByRole('button', { name: '查找' }).click();
  await page.getByRole('link', { name: '获嘉县第一初级中学食堂' }).click();
  await page.getByRole('heading', { name: '我要反映问题' }).waitFor();
  await picture(page, 'public-kitchen-390');
  await page.getByRole('button', { name: '提交' }).click();
  await page.getByText('请至少写 5 个字').waitFor();
  await page.getByLabel(/看到了什么/).fill('凉菜间有人没有戴口罩');
  await page.getByRole('button', { name: '提交' }).click();
  const said = await page.getByText(/回执编号：/).textContent();
  const code = /[A-Z0-9]{12}/.exec(said ?? '')?.[0] ?? '';
  await page.getByLabel('查询回执').fill(code);
  await page.getByRole('button', { name: '查询' }).click();
  await page.getByText('待核查').waitFor();
  expect(complaintsOf(page)).toEqual([]);
});
