/** A director's story: sees how the last month went, opens the list behind a number, and takes the file along. */
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { COUNTY_YEAR, seedCountyYear } from '../../tools/county-year/seed.ts';
import { addAccount, PASSWORD } from '../api/support.ts';
import { pdfTexts } from '../support/pdf-text.ts';
import { axeFaults } from './support/axe.ts';
import type { World } from './support/seed.ts';
import { complaintsOf, picture, useStack } from './support/stack.ts';

/** A year that ended with the last month: an eighth of a county. */
const today = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format();
const year = Number(today.slice(0, 4));
const month = today.slice(5, 7);
const LAST_MONTH = new Date(Date.UTC(year, Number(month) - 2, 1)).toISOString().slice(0, 7);
const LIFE = { from: `${year - 1}-${month}-01`, to: `${year}-${month}-01` };

const stack = useStack(async ({ db }) => {
  await seedCountyYear(db, {
    ...COUNTY_YEAR,
    ...LIFE,
    merchants: 48,
    cameras: 64,
    findings: 150,
    letterDays: 2,
  });
  await seedCadre(db);
  const placed = await db.selectFrom('merchant').select('id').orderBy('code').execute();
  for (const [i, { id }] of placed.entries())
    await db
      .updateTable('merchant')
      .set({ lat: 35.1 + ((i * 7) % 23) / 100, lon: 113.5 + ((i * 5) % 31) / 100 })
      .where('id', '=', id)
      .execute();
});

/** One cadre for half of the merchants, who visited every other of them in the quarter of the last month. */
async function seedCadre(db: World['db']): Promise<void> {
  const merchants = await db.selectFrom('merchant').select('id').orderBy('code').limit(24).execute();
  const { id: account_id } = await db
    .insertInto('account')
    .values({ username: 'cadre', role: 'cadre', password_hash: 'none', region_id: null, merchant_id: null })
    .returning('id')
    .executeTakeFirstOrThrow();
  await db
    .insertInto('cadre_merchant')
    .values(
      merchants.map(({ id }) => ({
        account_id,
        merchant_id: id,
        level: 'C' as const,
        visits_per_quarter: 1,
        since: new Date(`${LIFE.from}T00:00:00+08:00`),
        until: null,
        assigned_by: null,
      })),
    )
    .execute();
  const at = new Date(Date.parse(`${LIFE.to}T00:00:00+08:00`) - 5 * 86_400_000);
  await db
    .insertInto('cadre_visit')
    .values(
      merchants
        .filter((_, index) => index % 2 === 0)
        .map(({ id }) => ({ account_id, merchant_id: id, visited_at: at, recorded_at: at })),
    )
    .execute();
}

let made: Promise<string> | undefined;

/** Of the county, as a bureau has them. */
async function director(): Promise<string> {
  const { id } = await stack()
    .db.selectFrom('region')
    .select('id')
    .where('parent_id', 'is', null)
    .executeTakeFirstOrThrow();
  await addAccount(stack().api, 'director', 'director', { regionId: id });
  return 'director';
}

async function signedIn(page: Page): Promise<void> {
  made ??= director();
  await page.getByLabel('用户名').fill(await made);
  await page.getByLabel('密码', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: '登录' }).click();
  await page.getByRole('heading', { name: '监管总览' }).waitFor();
  await page.getByRole('row').nth(2).waitFor();
  await page.locator('.director-lines svg').nth(1).waitFor();
}

test('a director sees the last month, opens the list behind a number and takes the file along', async () => {
  const page = await stack().open();
  await signedIn(page);
  // It starts here, with the last month that is over.
  expect(new URL(page.url()).pathname).toBe('/overview');
  const asOf = await page.locator('.director-asof').textContent();
  expect(asOf).toContain('至');
  const number = page.locator('.director-cards').getByRole('link', { name: /^确认违规/ });
  const confirmed = Number((await number.textContent())?.replaceAll(',', ''));
  expect(confirmed).toBeGreaterThan(0);
  await number.click();
  const list = page.getByRole('list', { name: '清单' });
  await list.waitFor();
  expect(await list.getByRole('listitem').count()).toBe(Math.min(confirmed, 50));
  await picture(page, 'director-list-1440');
  await list.getByRole('link').first().click();
  await page.waitForURL(/\/findings\//);
  await page.goBack();
  await list.waitFor();
  await page.keyboard.press('Escape');
  await list.waitFor({ state: 'hidden' });

  await page.getByRole('columnheader').getByRole('button', { name: '按期整改率' }).click();
  await page.locator('th[aria-sort="ascending"]').waitFor();
  await page.getByRole('combobox', { name: '辖区' }).waitFor();

  const coming = page.waitForEvent('download');
  await page.getByRole('link', { name: '下载 XLSX' }).click();
  const download = await coming;
  expect(download.suggestedFilename()).toMatch(/^statistics-.*\.xlsx$/);
  expect((await readFile(await download.path())).subarray(0, 2).toString()).toBe('PK');
  // 月报: the same month, to be printed and sent up.
  const third = page.waitForEvent('download');
  await page.getByRole('link', { name: '下载月报 PDF' }).click();
  const report = await third;
  expect(report.suggestedFilename()).toBe(`report-${LAST_MONTH}.pdf`);
  const texts = pdfTexts(await readFile(await report.path()));
  expect(texts[texts.indexOf('确认违规') + 1]).toBe(confirmed.toLocaleString('en'));
  // The file says what the page says: its second line holds the totals.
  const other = page.waitForEvent('download');
  await page.getByRole('link', { name: '下载 CSV' }).click();
  const [heads = [], totals = []] = (await readFile(await (await other).path(), 'utf8'))
    .split('\n')
    .map((line) => line.split(','));
  expect(totals[heads.indexOf('确认')]).toBe(String(confirmed));
  expect(complaintsOf(page)).toEqual([]);
});

test('each dot of the map opens the list of its merchant', async () => {
  const page = await stack().open({ height: 1600 });
  await signedIn(page);
  const map = page.getByRole('group', { name: '辖区地图' });
  const dot = map.getByRole('link').first();
  // Nobody brought boundaries: it says who can.
  await page.getByText('请系统管理员在“政策 → 辖区边界”中导入').waitFor();
  const said = /^(.*)：确认违规 (\d+)/.exec((await dot.getAttribute('aria-label')) ?? '');
  await picture(page, 'director-map-1440');
  await dot.click();
  const list = page.getByRole('list', { name: '清单' });
  await list.waitFor();
  expect(await list.getByRole('listitem').count()).toBe(Number(said?.[2]));
});

test('a period without anything says so, and no rate of it is 100 %', async () => {
  const page = await stack().open({ path: `/overview?span=year&from=${year - 4}-01-01` });
  made ??= director();
  await page.getByLabel('用户名').fill(await made);
  await page.getByLabel('密码', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: '登录' }).click();
  await page.getByText('本期没有数据').first().waitFor();
  await page.getByText('本期没有确认 2 次及以上的主体').waitFor();
  expect(await page.getByText('100.0%').count()).toBe(0);
  await picture(page, 'director-empty-1440');
});

for (const size of [
  { name: '1440', width: 1440, height: 900 },
  { name: '390', width: 390, height: 844 },
  { name: '1920-dark', width: 1920, height: 1080, dark: true },
]) {
  test(`the overview at ${size.name} px`, async () => {
    const page = await stack().open(size);
    await signedIn(page);
    await picture(page, `director-${size.name}`);
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(size.width);
    await page.getByRole('heading', { name: '趋势' }).scrollIntoViewIfNeeded();
    await picture(page, `director-trends-${size.name}`);
    await page.getByRole('heading', { name: '督导完成率' }).scrollIntoViewIfNeeded();
    await picture(page, `director-cadres-${size.name}`);
    // 12 of 24 visits; the merchants still owed one stand below.
    const quarter = page.getByRole('row').filter({ hasText: '12 / 24' });
    await quarter.getByText('50.0%').waitFor();
    await page.getByText('尚未完成督导的主体 12 家').waitFor();
    // Each number opens the merchants that it counts: those without a cadre.
    await quarter.getByRole('link', { name: /未分配包保干部 24$/ }).click();
    const list = page.getByRole('list', { name: '清单' });
    await list.waitFor();
    expect(await list.getByRole('listitem').count()).toBe(24);
    await picture(page, `director-unassigned-${size.name}`);
    expect(complaintsOf(page)).toEqual([]);
  });
}

test('the visits that count open their merchants; an address that asks for something else shows all', async () => {
  const page = await stack().open();
  await signedIn(page);
  const table = page.locator('.director-quarter').first();
  await table.getByRole('link', { name: /有效督导 12$/ }).click();
  const list = page.getByRole('dialog').locator('.director-list > li');
  await list.first().waitFor();
  expect(await list.count()).toBe(12);
  const address = new URL(page.url());
  address.searchParams.set('of.of', 'nobody');
  await page.goto(address.href);
  await list.first().waitFor();
  expect(await list.count()).toBeGreaterThan(12);
  expect(complaintsOf(page)).toEqual([]);
});

test('axe finds no serious fault, in both languages, with and without a list open', async () => {
  const page = await stack().open({ height: 2400 });
  await signedIn(page);
  await page.getByText('以表格查看').click();
  expect(await axeFaults(page)).toEqual([]);
  await page.getByRole('button', { name: /^切换语言/ }).click();
  await page.getByRole('heading', { name: 'Supervision overview' }).waitFor();
  expect(await axeFaults(page)).toEqual([]);
  await picture(page, 'director-en-1440');
  await page
    .locator('.director-cards')
    .getByRole('link', { name: /^Confirmed/ })
    .click();
  await page.getByRole('list', { name: 'List' }).waitFor();
  expect(await axeFaults(page)).toEqual([]);
});
