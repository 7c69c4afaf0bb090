/**
 * Two hundred findings at the desk by key presses alone: seconds, requests and bytes a card. What the page keeps is measured in
 * desk-memory.test.ts, without a debugger that listens to the network.
 */
import { expect, test } from 'vitest';
import { sum, watchWire } from './support/measure.ts';
import { seedDesk } from './support/seed-desk.ts';
import { complaintsOf, signIn, useStack } from './support/stack.ts';

const CARDS = Number(process.env.DESK_CARDS ?? 200);
const MINUTES = 5 + CARDS / 50;
/** Milliseconds until a card must be there: other work may have the machine. */
const PATIENCE_MS = 60_000;
/** Seconds a card, of 200 in half an hour; most of them belong to the inspector's eyes. */
const SECONDS_A_CARD = 9;

const stack = useStack((world) => seedDesk(world, CARDS), { undoMs: 10_000 });

test(
  `${CARDS} findings are reviewed by key presses`,
  async () => {
    const page = await stack().open();
    page.setDefaultTimeout(PATIENCE_MS);
    await signIn(page);
    const { wire } = await watchWire(page);
    await page.locator('.verdict-confirm:enabled').waitFor();
    const { db } = stack();
    const left = async (): Promise<number> => {
      const { n } = await db
        .selectFrom('finding')
        .select((eb) => eb.fn.countAll<string>().as('n'))
        .where('state', '=', 'pending_review')
        .executeTakeFirstOrThrow();
      return Number(n);
    };
    const startedMs = performance.now();
    const took: number[] = [];
    let undone = 0;
    for (let card = 0; card < CARDS; card += 1) {
      const path = new URL(page.url()).pathname;
      const cardMs = performance.now();
      await page.locator('.verdict-confirm:enabled').waitFor();
      if (card % 5 === 3) {
        await page.keyboard.press('n');
        await page.keyboard.press(String(1 + (card % 6)));
      } else {
        await page.keyboard.press('y');
      }
      if (card < CARDS - 1) await page.waitForURL((url) => url.pathname !== path);
      took.push(performance.now() - cardMs);
      // A slip now and then: taken back and judged again.
      if (card % 40 === 20) {
        const next = new URL(page.url()).pathname;
        // At once: the verdict may still be on its way.
        await page.keyboard.press('u');
        await page.waitForURL((url) => url.pathname === path);
        undone += 1;
        card -= 1;
        await page.locator('.verdict-confirm:enabled').waitFor();
        await page.keyboard.press('y');
        await page.waitForURL((url) => url.pathname !== path);
        // Going back passes over nothing.
        expect(new URL(page.url()).pathname).toBe(next);
        card += 1;
      }
    }
    await expect.poll(left, { timeout: 10_000 }).toBe(0);
    const seconds = (performance.now() - startedMs) / 1000;
    const sorted = took.toSorted((a, b) => a - b);
    const ms = (share: number): number => Math.round(sorted[Math.floor((sorted.length - 1) * share)] ?? 0);
    const each = (map: Map<string, number>, unit: number, digits: number): string =>
      [...map]
        .toSorted((a, b) => b[1] - a[1])
        .map(([kind, n]) => `${kind} ${(n / CARDS / unit).toFixed(digits)}`)
        .join(', ');
    console.log(
      [
        `${CARDS} cards in ${seconds.toFixed(0)} s, ${undone} verdicts taken back on the way`,
        `seconds a card: ${(seconds / CARDS).toFixed(2)}; ready to next card p50 ${ms(0.5)} ms, p95 ${ms(0.95)} ms, most ${ms(1)} ms`,
        `requests a card: ${(sum(wire.requests) / CARDS).toFixed(1)} (${each(wire.requests, 1, 2)})`,
        `kB a card: ${(sum(wire.bytes) / CARDS / 1000).toFixed(0)} (${each(wire.bytes, 1000, 1)})`,
      ].join('\n'),
    );
    expect(complaintsOf(page)).toEqual([]);
    expect(seconds / CARDS).toBeLessThan(SECONDS_A_CARD);
    expect(sum(wire.requests) / CARDS).toBeLessThan(20);
  },
  MINUTES * 60_000,
);
