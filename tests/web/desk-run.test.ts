/**
 * Two hundred findings at the desk by key presses alone: seconds, requests and bytes a card, and the memory of the page.
 * `DESK_CARDS=1000 npx vitest run tests/web/desk-run.test.ts --hookTimeout 600000` goes through a thousand.
 */
import { appendFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sceneClip } from './support/clips.ts';
import { type Kept, kept, sum, watchWire } from './support/measure.ts';
import { type SeededCamera, seedFinding, seedMerchant, seedRegion } from './support/seed.ts';
import { complaintsOf, OUTPUT, signIn, useStack } from './support/stack.ts';

const CARDS = Number(process.env.DESK_CARDS ?? 200);
const MINUTES = 5 + CARDS / 50;
/** Cards between two looks at the memory. */
const LAP = 100;
/** A line a lap, so that a long run can be watched. */
const LAPS = join(OUTPUT, 'desk-laps.jsonl');
/** Milliseconds until a card must be there: other work may have the machine. */
const PATIENCE_MS = 60_000;
/** Seconds a card, of 200 in half an hour; most of them belong to the inspector's eyes. */
const SECONDS_A_CARD = 9;
const CAMERAS_A_MERCHANT = 2;
const TIMES = 2;

const cameras: SeededCamera[] = [];
const stack = useStack(
  async (world) => {
    const region = await seedRegion(world);
    const merchants = Math.ceil(CARDS / (CAMERAS_A_MERCHANT * TIMES));
    for (let i = 1; i <= merchants; i += 1) {
      const kitchen = await seedMerchant(world, region, `m${i}`, `第${i}餐馆`, [
        ['cooking', '灶台'],
        ['cutting', '切配间'],
      ]);
      cameras.push(...kitchen.cameras);
    }
    const clip = await sceneClip(3);
    for (let i = 0; i < CARDS; i += 1) {
      const camera = cameras[Math.floor(i / TIMES)];
      if (camera === undefined) throw new Error('seed more cameras');
      const ageS = 3600 + (i % TIMES) * 7200 + i * 3;
      await seedFinding(world, { camera, photograph: 3, ageS, clip });
    }
  },
  { undoMs: 10_000 },
);

test(
  `${CARDS} findings are reviewed by key presses`,
  async () => {
    await rm(LAPS, { force: true });
    const page = await stack().open();
    page.setDefaultTimeout(PATIENCE_MS);
    await signIn(page);
    const { session, wire } = await watchWire(page);
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
    const laps: Kept[] = [];
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
      if (card % LAP === LAP - 1) {
        const lap = await kept(page, session);
        laps.push(lap);
        const seconds = (performance.now() - startedMs) / 1000;
        const went = { requests: sum(wire.requests), bytes: sum(wire.bytes) };
        await appendFile(LAPS, `${JSON.stringify({ cards: card + 1, seconds, ...went, ...lap })}\n`);
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
        ...laps.map(
          ({ heapMb, nodes, listeners, rendererMb }, i) =>
            `after ${(i + 1) * LAP}: heap ${heapMb.toFixed(1)} MB, ${nodes} nodes, ${listeners} listeners, renderer ${rendererMb.toFixed(0)} MB`,
        ),
      ].join('\n'),
    );
    expect(complaintsOf(page)).toEqual([]);
    expect(seconds / CARDS).toBeLessThan(SECONDS_A_CARD);
    expect(sum(wire.requests) / CARDS).toBeLessThan(20);
    const [settled] = laps.slice(2);
    const last = laps.at(-1);
    if (settled !== undefined && last !== undefined) {
      expect(last.heapMb).toBeLessThan(settled.heapMb * 1.25 + 2);
      expect(last.nodes).toBeLessThan(settled.nodes * 1.1);
      expect(last.rendererMb).toBeLessThan(settled.rendererMb * 1.25);
    }
  },
  MINUTES * 60_000,
);
