/** 网上巡查: an inspector looks at a wall that was drawn, sees what is not live, and reports what a camera shows. */
import { expect, test } from 'vitest';
import type { ZoneKind } from '../../services/domain/words.ts';
import { axeFaults } from './support/axe.ts';
import { seedMerchant, seedRegion, seedStatus, type World } from './support/seed.ts';
import { complaintsOf, picture, signIn, useStack } from './support/stack.ts';

const ZONES: [ZoneKind, string][] = [
  ['cooking', '热加工间'],
  ['special_room', '凉菜专间'],
  ['washing', '洗消间'],
  ['cutting', '切配间'],
];
const KITCHENS = [
  '第一初级中学食堂',
  '老王家常菜馆（同盟大道店）',
  '阳光幼儿园食堂',
  '县医院职工食堂',
  '豫香园饭店',
];

async function seed(world: World): Promise<void> {
  const region = await seedRegion(world);
  for (const [i, name] of KITCHENS.entries()) {
    const { cameras } = await seedMerchant(world, region, `kitchen-${i}`, name, ZONES);
    for (const [j, camera] of cameras.entries()) {
      const photograph = [6, 3, 4, 1][(i + j) % 4] ?? 1;
      if (j === 1) await seedStatus(world, camera, 'online', '', { photograph, ageS: 1900 });
      else if (j === 2 && i === 2) await seedStatus(world, camera, 'offline', 'wrong user or password');
      else await seedStatus(world, camera, 'online', '', { photograph, ageS: 3 + i });
    }
  }
}

const stack = useStack(seed);
const codesOf = async (page: Awaited<ReturnType<ReturnType<typeof stack>['open']>>): Promise<string[]> =>
  await page
    .locator('.live-tile-link')
    .evaluateAll((links: { getAttribute(name: string): string | null }[]) =>
      links.map((link) => new URLSearchParams(link.getAttribute('href')?.split('?')[1]).get('camera') ?? ''),
    );

test('the drawn wall: the same seed is the same wall, what is old is grey, a snapshot becomes a finding', async () => {
  const { db } = stack();
  const page = await stack().open({ path: '/live?size=16' });
  await signIn(page);
  await page.getByText('说明用途后可查看画面').first().waitFor();
  expect(await page.locator('.live-picture img').count()).toBe(0);
  await page.getByRole('button', { name: '开始查看' }).click();
  await page.getByRole('button', { name: '随机抽取 16 路' }).click();
  await page.getByText('从 20 路中抽取 16 路').waitFor();
  await page.locator('.live-tile').nth(15).waitFor();
  await page.locator('.live-picture img').nth(11).waitFor();
  const drawn = await codesOf(page);
  const seedText = new URL(page.url()).searchParams.get('draw') ?? '';
  await picture(page, 'live-draw-1440');
  expect(await axeFaults(page)).toEqual([]);

  // What is older than the limit says so; the others say how old they are.
  const stale = page.locator('.live-picture-stale');
  expect(await stale.count()).toBeGreaterThan(0);
  for (const text of await stale.allTextContents()) expect(text).toContain('不是实时画面 · 31分钟前');
  await page
    .getByText(/^画面 \d+秒前$/)
    .first()
    .waitFor();

  // Typed again, somebody else gets the same wall; both are in the audit.
  await page.getByRole('button', { name: '退出抽查' }).click();
  await page.getByRole('textbox', { name: '种子' }).fill(seedText);
  await page.getByRole('button', { name: '按此种子抽取 16 路' }).click();
  await page.waitForURL((url) => url.searchParams.get('draw') === seedText);
  await page.locator('.live-tile').nth(15).waitFor();
  expect(await codesOf(page)).toEqual(drawn);
  const log = await db
    .selectFrom('history')
    .innerJoin('history_change as change', 'change.history_id', 'history.id')
    .select(['to_state', 'after'])
    .where('history.entity', '=', 'wall_draw')
    .orderBy('history.id')
    .execute();
  expect(log.map(({ to_state }) => to_state)).toEqual(['drawn', 'drawn_again']);
  expect(log.map(({ after }) => after)).toMatchObject([
    { seed: seedText, of: 20, cameras: drawn },
    { seed: seedText, of: 20, cameras: drawn },
  ]);

  // A newer picture takes the place of the old one by itself.
  const fresh = drawn.find((code) => /cam[14]$/.test(code)) ?? '';
  const camera = await db
    .selectFrom('camera')
    .select(['id', 'code', 'name'])
    .where('code', '=', fresh)
    .executeTakeFirstOrThrow();
  await page.locator(`.live-tile-link[href*="camera=${fresh}"]`).click();
  await page.getByRole('heading', { name: camera.name }).waitFor();
  const shown = page.locator('.live-single .live-picture img');
  const before = await shown.getAttribute('src');
  await seedStatus(stack(), camera, 'online', '', { photograph: 3, ageS: 1 });
  await expect.poll(() => shown.getAttribute('src'), { timeout: 10_000 }).not.toBe(before);

  // Arrow keys go round the wall and back.
  await page.keyboard.press('ArrowRight');
  const after = drawn[(drawn.indexOf(fresh) + 1) % drawn.length];
  await page.waitForURL((url) => url.searchParams.get('camera') === after);
  await page.keyboard.press('ArrowLeft');
  await page.waitForURL((url) => url.searchParams.get('camera') === fresh);
  await picture(page, 'live-single-1440');
  await page.keyboard.press('s');
  const form = page.getByRole('dialog', { name: '登记线索' });
  await form.getByRole('img', { name: `${camera.name} 抓拍画面` }).waitFor();
  await form.getByLabel('问题种类').selectOption('bin_open');
  await form.getByLabel('看到了什么').fill('垃圾桶没有盖');
  await picture(page, 'live-snapshot-1440');
  expect(await axeFaults(page)).toEqual([]);
  await page.keyboard.press('Control+Enter');
  await page.getByText('已登记：垃圾桶未加盖').waitFor();
  const found = await db
    .selectFrom('finding')
    .select(['kind', 'source', 'text', 'camera_id'])
    .where('source', '=', 'online_inspection')
    .execute();
  expect(found).toEqual([
    { kind: 'bin_open', source: 'online_inspection', text: '垃圾桶没有盖', camera_id: camera.id },
  ]);
  await page.keyboard.press('Escape');
  await page.locator('.live-tile').first().waitFor();
  expect(complaintsOf(page)).toEqual([]);
});

for (const size of [
  { name: '1920-dark', width: 1920, height: 1080, dark: true, cameras: 16 },
  { name: '390', width: 390, height: 844, cameras: 4 },
]) {
  test(`fits ${size.name} px, in both languages`, async () => {
    const page = await stack().open({ ...size, path: `/live?size=${size.cameras}` });
    await signIn(page);
    await page.locator('.live-tile').first().waitFor();
    const begin = page.getByRole('button', { name: '开始查看' });
    await begin.or(page.getByText('查看用途：')).waitFor();
    if (await begin.isVisible()) await begin.click();
    // On a phone only what is in sight is fetched.
    await page.locator('.live-picture img').first().waitFor();
    await picture(page, `live-${size.name}`);
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(size.width);
    await page.getByRole('button', { name: '切换语言' }).click();
    await page.getByRole('heading', { name: 'Live', level: 1 }).waitFor();
    expect(await axeFaults(page)).toEqual([]);
  });
}
