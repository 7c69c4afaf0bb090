/** A list whose next page is slow or lost: where the desk goes from the last card that it has. */
import type { Page, Route } from 'playwright-core';
import { expect, test } from 'vitest';
import { seedFinding, seedMerchant, seedRegion } from './support/seed.ts';
import { signIn, useStack } from './support/stack.ts';

/** Two more than a page of the list. */
const CARDS = 52;
/** As the list asks for them. */
const PAGE = 50;

/** Ids in the order of the list, the oldest first. */
const ids: string[] = [];
const stack = useStack(async (world) => {
  const region = await seedRegion(world);
  for (let i = 0; i < CARDS; i += 1) {
    const kitchen = await seedMerchant(world, region, `m${i}`, `第${i}餐馆`, [['cooking', '灶台']]);
    const [camera] = kitchen.cameras;
    if (camera === undefined) throw new Error('there is a camera');
    ids.push(await seedFinding(world, { camera, photograph: 3, ageS: 90_000 - i * 60, frames: 1 }));
  }
});

const FURTHER = (url: URL): boolean => url.pathname.endsWith('/findings') && url.searchParams.has('cursor');

/** Opens the last card of the first page, and judges it while `onFurther` keeps the second page. */
async function judge(page: Page, last: string, onFurther: (route: Route) => void): Promise<void> {
  await page.route(FURTHER, onFurther);
  await signIn(page);
  const asked = page.waitForRequest((request) => FURTHER(new URL(request.url())));
  await page.locator(`.queue a[href*="${last}"]`).click();
  await asked;
  await page.locator('.verdict-confirm:enabled').waitFor();
  const done = page.waitForResponse((response) => response.url().endsWith(`${last}/confirm`));
  await page.keyboard.press('y');
  expect((await done).status()).toBe(200);
}

test('it is waited for: cards before the last one come only after it', async () => {
  const page = await stack().open();
  const held: Route[] = [];
  const last = ids[PAGE - 1] ?? '';
  await judge(page, last, (route) => held.push(route));
  // The card stays until the page comes.
  expect(new URL(page.url()).pathname).toContain(last);
  for (const route of held) await route.continue();
  await page.waitForURL((url) => url.pathname.includes(ids[PAGE] ?? '-'));
});

test('it is lost: the desk goes on with what it has', async () => {
  const page = await stack().open();
  // The one before it was judged above.
  await judge(page, ids[PAGE] ?? '', (route) => void route.abort());
  await page.waitForURL((url) => url.pathname.includes(ids[0] ?? '-'));
});
