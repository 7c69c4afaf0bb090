/** Hundreds of cards: what was passed over at the beginning comes at the end, although its page of the list is long gone. */
import { expect, test } from 'vitest';
import { seedFinding, seedMerchant, seedRegion } from './support/seed.ts';
import { complaintsOf, signIn, useStack } from './support/stack.ts';

/** More than the six pages of fifty that the list keeps. */
const CARDS = 330;
/** Siblings that are judged with one key, with the card itself. */
const AT_ONCE = 21;
const PATIENCE_MS = 60_000;
/** So long a person looks whether a key did something, in milliseconds. */
const SEEN_MS = 3_000;

let passedOver = '';
const stack = useStack(
  async (world) => {
    const region = await seedRegion(world);
    const alone = await seedMerchant(world, region, 'a', '第一餐馆', [['cooking', '灶台']]);
    const many = await seedMerchant(world, region, 'b', '第二餐馆', [
      ['cooking', '灶台'],
      ['cutting', '切配间'],
    ]);
    const [first] = alone.cameras;
    if (first === undefined) throw new Error('there is a camera');
    passedOver = await seedFinding(world, { camera: first, photograph: 3, ageS: 900_000, frames: 1 });
    for (let i = 0; i < CARDS; i += 1) {
      const camera = many.cameras[i % 2];
      if (camera === undefined) throw new Error('there is a camera');
      // Apart by more than the window in which they would become one finding.
      await seedFinding(world, { camera, photograph: 3, ageS: 1000 + Math.floor(i / 2) * 1900, frames: 1 });
    }
  },
  { undoMs: 10_000 },
);

test(
  `the first of ${CARDS + 1} cards is passed over; when all others are judged it is there`,
  async () => {
    const { db } = stack();
    const waiting = async (): Promise<number> => {
      const rows = await db
        .selectFrom('finding')
        .select('id')
        .where('state', '=', 'pending_review')
        .execute();
      return rows.length;
    };
    expect(await waiting()).toBe(CARDS + 1);
    const page = await stack().open();
    page.setDefaultTimeout(PATIENCE_MS);
    await signIn(page);
    const at = (): string => new URL(page.url()).pathname.split('/')[2] ?? '';
    await page.waitForURL((url) => url.pathname.includes(passedOver));
    await page.locator('.verdict-confirm:enabled').waitFor();
    await page.keyboard.press('j');
    await page.waitForURL((url) => !url.pathname.includes(passedOver));
    for (let keys = 0; at() !== passedOver; keys += 1) {
      expect(keys).toBeLessThan((CARDS / AT_ONCE) * 3);
      const here = at();
      await page.locator('.verdict-confirm:enabled').waitFor();
      // Others come to the list while twenty of the card before are judged: whoever sees that not all are chosen presses once more.
      const [all, pressed] = [page.locator('.around-all'), page.locator('.around-all[aria-pressed="true"]')];
      while ((await all.count()) > 0 && (await pressed.count()) === 0) {
        await page.keyboard.press('s');
        await pressed.waitFor({ timeout: SEEN_MS }).catch(() => {});
      }
      // Twenty at once take a moment; the next key comes after that, as from a person.
      const done = page.waitForResponse((response) => response.url().endsWith(`${here}/confirm`));
      await page.keyboard.press('y');
      await done;
      await page.waitForURL((url) => !url.pathname.includes(here));
    }
    await page.locator('.verdict-confirm:enabled').waitFor();
    await expect.poll(waiting, { timeout: PATIENCE_MS }).toBe(1);
    await page.keyboard.press('y');
    await expect.poll(waiting, { timeout: PATIENCE_MS }).toBe(0);
    expect(complaintsOf(page)).toEqual([]);
  },
  5 * PATIENCE_MS,
);
