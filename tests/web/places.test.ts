/** An operator brings the borders of the towns; an inspector says where a merchant is, three ways. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { gcj02OfWgs84 } from '../../services/domain/gcj02.ts';
import { distanceM } from '../../services/domain/geo.ts';
import { addAccount } from '../api/support.ts';
import { collection, feature, field } from '../places/shapes.ts';
import { axeFaults } from './support/axe.ts';
import { seedMerchant, seedRegion, type World } from './support/seed.ts';
import { complaintsOf, picture, signIn, useStack } from './support/stack.ts';

let county = '';
const stack = useStack(async (world) => {
  county = await seedRegion(world);
  for (const [code, name] of [
    ['chengguan', '城关镇'],
    ['shizhuang', '史庄镇'],
    ['xuying', '徐营镇'],
  ] as const) {
    const id = await addTown(world, code, name);
    await seedMerchant(world, id, `${code}-school`, `${name}中心小学食堂`, [['cooking', '烹饪间']]);
  }
});

async function addTown({ db }: World, code: string, name: string): Promise<string> {
  const { id } = await db
    .insertInto('region')
    .values({ code, name, parent_id: county, path: `huojia.${code}`, level: 'town' })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

const made = new Map<string, Promise<string>>();
async function signedIn(page: Page, role: 'operator' | 'inspector' | 'director'): Promise<void> {
  const name = `${role}-here`;
  const account = made.get(name) ?? addAccount(stack().api, name, role, { regionId: county });
  made.set(name, account);
  await account;
  await signIn(page, name);
}

/** As a map site gives it out: shifted; one town by its code, one by another spelling of its name. */
const FILE = collection(
  feature({ adcode: 'chengguan', name: '城关' }, field(0, 0).map(gcj02OfWgs84)),
  feature({ name: '史庄' }, field(1, 0).map(gcj02OfWgs84)),
  feature({ name: '邻县某镇' }, field(2, 0).map(gcj02OfWgs84)),
);

test('an operator checks a file, says which town is which, and imports it', async () => {
  const page = await stack().open({ path: '/settings/boundaries', height: 1300 });
  await signedIn(page, 'operator');
  await page.getByRole('heading', { name: '导入辖区边界' }).waitFor();
  const file = (name: string, value: unknown) => ({
    name,
    mimeType: 'application/geo+json',
    buffer: Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)),
  });
  const input = page.getByLabel('边界文件（GeoJSON）');
  await input.setInputFiles(file('不是.geojson', 'PK..'));
  await page.getByText('不是.geojson 不是 GeoJSON 文件', { exact: true }).waitFor();

  const broken = collection(
    feature({ name: '城关镇' }, [
      [38512345, 3892345],
      [1, 1],
      [2, 2],
    ]),
  );
  await input.setInputFiles(file('投影.geojson', broken));
  await page.getByLabel(/^GCJ-02/).check();
  await page.getByLabel('数据来源').fill('县民政局 2026');
  await page.getByLabel('使用许可').fill('政务内部使用');
  await page.getByRole('button', { name: '检查文件' }).click();
  await page.getByText('文件有 1 处错误，没有导入').waitFor();
  await page.getByText(/features\.0.*城关镇.*不是经纬度/).waitFor();

  await input.setInputFiles(file('边界.geojson', FILE));
  await page.getByRole('button', { name: '检查文件' }).click();
  await page.getByText('文件有 3 个要素：1 个对应辖区，2 个不导入。').waitFor();
  await page.getByText('文件中没有：史庄镇、徐营镇。').waitFor();
  await picture(page, 'boundaries-checked-1440');
  await page.getByLabel('史庄 对应的辖区').selectOption('shizhuang');
  await page.getByText('文件有 3 个要素：2 个对应辖区，1 个不导入。').waitFor();
  expect(await axeFaults(page)).toEqual([]);
  await page.getByRole('button', { name: '导入 2 个边界' }).click();
  await page.getByText('已导入 2 个边界。').waitFor();
  const row = page.getByRole('row', { name: /史庄镇/ });
  await row.getByText('县民政局 2026').waitFor();
  await picture(page, 'boundaries-1440');

  // Brought by mistake, and taken away again; the others stay.
  await row.getByRole('button', { name: '删除史庄镇的边界' }).click();
  await row.getByRole('button', { name: '保留' }).waitFor();
  await row.getByRole('button', { name: '删除史庄镇的边界' }).click();
  await row.getByText('没有边界').waitFor();
  await page
    .getByRole('row', { name: /城关镇/ })
    .getByText('县民政局 2026')
    .waitFor();
  expect(complaintsOf(page)).toEqual([]);
});

const placeOf = async (code: string) =>
  await stack()
    .db.selectFrom('merchant')
    .select(['lat', 'lon'])
    .where('code', '=', code)
    .executeTakeFirstOrThrow();

test('an inspector sets places: by the phone at the door, by degrees of a map site, by a press on the map', async () => {
  const page = await stack().open({ path: '/field', width: 390, height: 844 });
  await page.context().grantPermissions(['geolocation']);
  await page.context().setGeolocation({ latitude: 35.15, longitude: 113.55, accuracy: 14 });
  await signedIn(page, 'inspector');
  await page.getByRole('link', { name: '主体位置 →' }).click();
  const list = page.getByRole('list', { name: '主体位置' });
  await list.getByRole('listitem').nth(2).waitFor();
  await picture(page, 'places-390');
  expect(await axeFaults(page)).toEqual([]);
  await list.getByRole('link', { name: /城关镇/ }).click();
  await page.getByRole('button', { name: '用手机定位' }).click();
  await page.getByText('现场定位 35.15000, 113.55000').waitFor();
  await page.getByRole('button', { name: '保存位置' }).click();
  await page.getByText('位置已保存。').waitFor();
  expect(await placeOf('chengguan-school')).toEqual({ lat: 35.15, lon: 113.55 });

  // Copied from a map site, longitude first: converted when saved.
  const [lon, lat] = gcj02OfWgs84([113.56, 35.16]);
  await page.getByLabel('纬度、经度').fill(`${lon.toFixed(6)},${lat.toFixed(6)}`);
  await page.getByText('保存时换算').waitFor();
  await page.getByRole('button', { name: '保存位置' }).click();
  await expect.poll(async () => (await placeOf('chengguan-school')).lat).toBeCloseTo(35.16, 5);

  // Typed for another town's side of the border: it says so, and leaves it to the inspector.
  await page.getByLabel(/卫星定位/).check();
  await page.getByLabel('纬度、经度').fill('35.15 113.95');
  await page.getByText('这个位置不在城关镇的边界内').waitFor();

  const map = page.getByRole('group', { name: '城关镇地图' });
  const box = await map.locator('svg.map-svg').boundingBox();
  if (box === null) throw new Error('no map');
  await map.locator('svg.map-svg').click({ position: { x: box.width / 2, y: box.height / 2 } });
  await page.getByText(/^地图点选/).waitFor();
  await picture(page, 'place-390');
  expect(await axeFaults(page)).toEqual([]);
  await page.getByRole('button', { name: '保存位置' }).click();
  await page.getByText('位置已保存。').waitFor();
  const { lat: y, lon: x } = await placeOf('chengguan-school');
  // The middle of the town, as it was drawn.
  expect(distanceM({ lat: y ?? 0, lon: x ?? 0 }, { lat: 35.15, lon: 113.55 })).toBeLessThan(400);
  expect(complaintsOf(page)).toEqual([]);
});

test('a director does not see the tab, and is told whom to ask', async () => {
  const page = await stack().open({ path: '/settings/boundaries' });
  await signedIn(page, 'director');
  await page.getByRole('heading', { name: '政策与模板' }).waitFor();
  expect(await page.getByRole('link', { name: '辖区边界' }).count()).toBe(0);
});
