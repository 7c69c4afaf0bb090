/** The director's map: regions by a figure, down to one town and up again, by mouse, keys and the list beside it. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { writeBoundaries } from '../../services/db/region-boundaries.ts';
import { pointsOf, simplify } from '../../services/domain/simplify.ts';
import { COUNTY_YEAR, seedCountyYear } from '../../tools/county-year/seed.ts';
import { addAccount } from '../api/support.ts';
import { field } from '../places/shapes.ts';
import { axeFaults } from './support/axe.ts';
import type { World } from './support/seed.ts';
import { complaintsOf, picture, signIn, useStack } from './support/stack.ts';

const today = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format();
const LIFE = {
  from: `${Number(today.slice(0, 4)) - 1}-${today.slice(5, 7)}-01`,
  to: `${today.slice(0, 7)}-01`,
};

const stack = useStack(async (world) => {
  await seedCountyYear(world.db, {
    ...COUNTY_YEAR,
    ...LIFE,
    merchants: 44,
    cameras: 50,
    findings: 90,
    letterDays: 2,
  });
  await drawTowns(world);
});

/** Towns as a grid of four columns, each with a wavy border that its neighbours share; merchants inside their town. */
async function drawTowns({ db }: World): Promise<void> {
  const towns = await db
    .selectFrom('region')
    .select(['id', 'path'])
    .where('level', '=', 'town')
    .orderBy('code')
    .execute();
  const outlines = simplify(towns.map((_, i) => [[field(i % 4, Math.floor(i / 4), 300)]]));
  await writeBoundaries(
    db,
    towns.map((region, i) => {
      const polygons = outlines[i] ?? [];
      return { region, polygons, points: pointsOf(polygons), pointsGiven: 1200 };
    }),
    { system: 'wgs84', source: '测试边界', licence: '自绘' },
    { actorId: null, at: new Date() },
  );
  for (const [t, town] of towns.entries()) {
    const merchants = await db
      .selectFrom('merchant')
      .innerJoin('region', 'region.id', 'merchant.region_id')
      .select('merchant.id')
      .where('region.path', 'like', `${town.path}%`)
      .orderBy('merchant.code')
      .execute();
    for (const [i, { id }] of merchants.entries())
      await db
        .updateTable('merchant')
        .set({
          lat: 35.12 + Math.floor(t / 4) * 0.1 + ((i * 7) % 13) / 200,
          lon: 113.52 + (t % 4) * 0.1 + ((i * 5) % 11) / 180,
        })
        .where('id', '=', id)
        .execute();
  }
}

/** All that was seeded but its first weeks. */
const YEAR = `/overview?span=year&from=${today.slice(0, 4)}-01-01`;

let made: Promise<string> | undefined;
async function director(): Promise<string> {
  const { id } = await stack()
    .db.selectFrom('region')
    .select('id')
    .where('parent_id', 'is', null)
    .executeTakeFirstOrThrow();
  await addAccount(stack().api, 'director', 'director', { regionId: id });
  return 'director';
}

async function opened(size: Parameters<ReturnType<typeof stack>['open']>[0]): Promise<Page> {
  const page = await stack().open(size);
  made ??= director();
  await signIn(page, await made);
  await page.getByRole('group', { name: '辖区地图' }).locator('.region-shape').first().waitFor();
  return page;
}

for (const size of [
  { name: '1440', width: 1440, height: 1500 },
  { name: '390', width: 390, height: 1600 },
  { name: '1920-dark', width: 1920, height: 1080, dark: true },
]) {
  test(`the map at ${size.name} px`, async () => {
    const page = await opened({ ...size, path: `${YEAR}&sort=onTime&order=asc` });
    await page.getByRole('heading', { name: '辖区地图' }).scrollIntoViewIfNeeded();
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(size.width);
    await picture(page, `map-${size.name}`);
    expect(complaintsOf(page)).toEqual([]);
  });
}

test('a director goes down into a town and up again: by the map, by the list, by keys', async () => {
  const page = await opened({ height: 1500, path: YEAR });
  const map = page.getByRole('group', { name: '辖区地图' });
  await page.getByRole('button', { name: '按期整改率' }).first().click();
  await page.waitForURL(/sort=onTime/);
  // What colours say stands beside them in words, and in how densely a region is hatched.
  const legend = page.getByRole('list', { name: '图例' });
  await legend.getByText('达标').waitFor();
  const shares = await legend.getByRole('listitem').allTextContents();
  const counted = shares.map((text) => Number(/(\d+) 个$/.exec(text)?.[1]));
  const list = page.getByRole('list', { name: /^下级辖区/ });
  expect(counted.reduce((a, b) => a + b)).toBe(await list.getByRole('listitem').count());
  // The worst stands first; its number opens what it counts.
  const worst = list.getByRole('listitem').first();
  const name = (await worst.getByRole('link').first().textContent()) ?? '';
  const region = map.getByRole('link', { name: new RegExp(`^${name}：按期整改率`) });
  expect(await region.getAttribute('aria-label')).toContain(await worst.locator('b').textContent());
  await worst.getByRole('link', { name: /到期/ }).last().click();
  await page.getByRole('list', { name: '清单' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('list', { name: '清单' }).waitFor({ state: 'hidden' });

  await region.hover();
  const tip = page.locator('.map-tip');
  await tip.getByText('在线率').waitFor();
  await picture(page, 'map-tip-1440');
  await region.locator('path').click();
  await page.waitForURL(/region=town-/);
  // Its grids have no boundaries: its own outline is drawn, and the list is complete.
  await page.getByText('下级辖区还没有边界').waitFor();
  await map.locator('.map-outline').waitFor();
  await picture(page, 'map-town-1440');
  await page.getByRole('link', { name: '↑ 获嘉县' }).click();
  await map.locator('.region-shape').first().waitFor();

  // By keys: a name of the list, and closer to the map from any of its buttons.
  await list.getByRole('link').first().focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(/region=town-/);
  await page.goBack();
  await map.locator('.region-shape').first().waitFor();
  const wide = async (): Promise<number> =>
    (await map.locator('.region-shape').first().boundingBox())?.width ?? 0;
  const whole = await wide();
  await page.getByRole('button', { name: '放大' }).focus();
  await page.keyboard.press('+');
  await expect.poll(wide).toBeGreaterThan(whole * 1.4);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('0');
  await expect.poll(wide).toBeCloseTo(whole, 0);
  // The wheel scrolls the page until the map was pressed.
  const box = await map.boundingBox();
  await page.mouse.move((box?.x ?? 0) + 20, (box?.y ?? 0) + 20);
  await page.mouse.wheel(0, -300);
  expect(await wide()).toBeCloseTo(whole, 0);
  await page.mouse.down();
  await page.mouse.up();
  await page.mouse.wheel(0, -300);
  await expect.poll(wide).toBeGreaterThan(whole * 1.2);
  expect(complaintsOf(page)).toEqual([]);
});

test('axe finds no serious fault on the map, in both languages', async () => {
  const page = await opened({ height: 1800, path: `${YEAR}&sort=observed&order=asc` });
  expect(await axeFaults(page)).toEqual([]);
  await page.getByRole('button', { name: /^切换语言/ }).click();
  await page.getByRole('heading', { name: 'Map of regions' }).waitFor();
  expect(await axeFaults(page)).toEqual([]);
});
