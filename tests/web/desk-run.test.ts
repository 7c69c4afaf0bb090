/**
 * Two hundred findings at the desk by key presses alone: seconds, requests and bytes a card, and the memory of the page.
 * `DESK_CARDS=1000 npx vitest run tests/web/desk-run.test.ts --hookTimeout 600000` goes through a thousand.
 */
import type { CDPSession, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { sceneClip } from './support/clips.ts';
import { type SeededCamera, seedFinding, seedMerchant, seedRegion } from './support/seed.ts';
import { complaintsOf, signIn, useStack } from './support/stack.ts';

const CARDS = Number(process.env.DESK_CARDS ?? 200);
const MINUTES = 5 + CARDS / 50;
/** Cards between two looks at the memory. */
const LAP = 100;
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

/** What went over the wire. */
interface Wire {
  requests: Map<string, number>;
  bytes: Map<string, number>;
}

const kindOf = (url: string): string => {
  const path = new URL(url).pathname;
  if (path.startsWith('/files/')) return 'files';
  return path.replace('/api/v1/', '').replaceAll(/[0-9a-f-]{36}/g, ':id');
};

async function watch(page: Page): Promise<{ session: CDPSession; wire: Wire }> {
  const session = await page.context().newCDPSession(page);
  const wire: Wire = { requests: new Map(), bytes: new Map() };
  const urls = new Map<string, { kind: string; cached: boolean }>();
  const add = (map: Map<string, number>, kind: string, n: number): void => {
    map.set(kind, (map.get(kind) ?? 0) + n);
  };
  session.on('Network.requestWillBeSent', ({ requestId, request }) => {
    if (request.url.startsWith('http')) urls.set(requestId, { kind: kindOf(request.url), cached: false });
  });
  session.on('Network.requestServedFromCache', ({ requestId }) => {
    const known = urls.get(requestId);
    if (known !== undefined) known.cached = true;
  });
  session.on('Network.responseReceived', ({ requestId, response }) => {
    const known = urls.get(requestId);
    if (known === undefined) return;
    if (response.fromDiskCache === true) known.cached = true;
    if (known.kind === 'files') known.kind = response.mimeType.startsWith('video') ? 'clip' : 'pictures';
  });
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const known = urls.get(requestId);
    urls.delete(requestId);
    if (known === undefined || known.cached) return;
    add(wire.requests, known.kind, 1);
    add(wire.bytes, known.kind, encodedDataLength);
  });
  await session.send('Network.enable');
  await session.send('Performance.enable');
  return { session, wire };
}

async function memory(session: CDPSession): Promise<{ heapMb: number; nodes: number; listeners: number }> {
  await session.send('HeapProfiler.collectGarbage');
  const { metrics } = await session.send('Performance.getMetrics');
  const of = (name: string): number => metrics.find((one) => one.name === name)?.value ?? 0;
  return { heapMb: of('JSHeapUsedSize') / 1e6, nodes: of('Nodes'), listeners: of('JSEventListeners') };
}

const sum = (map: Map<string, number>): number => [...map.values()].reduce((all, one) => all + one, 0);

test(
  `${CARDS} findings are reviewed by key presses`,
  async () => {
    const page = await stack().open();
    await signIn(page);
    const { session, wire } = await watch(page);
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
    const laps: Awaited<ReturnType<typeof memory>>[] = [];
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
        // At once: the verdict may still be on its way.
        await page.keyboard.press('u');
        await page.waitForURL((url) => url.pathname === path);
        undone += 1;
        card -= 1;
        await page.locator('.verdict-confirm:enabled').waitFor();
        await page.keyboard.press('y');
        await page.waitForURL((url) => url.pathname !== path);
        card += 1;
      }
      if (card % LAP === LAP - 1) laps.push(await memory(session));
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
          ({ heapMb, nodes, listeners }, i) =>
            `after ${(i + 1) * LAP}: heap ${heapMb.toFixed(1)} MB, ${nodes} nodes, ${listeners} listeners`,
        ),
      ].join('\n'),
    );
    expect(complaintsOf(page)).toEqual([]);
    expect(seconds / CARDS).toBeLessThan(SECONDS_A_CARD);
    expect(sum(wire.requests) / CARDS).toBeLessThan(20);
    const [settled] = laps.slice(2);
    const last = laps.at(-1);
    if (settled !== undefined && last !== undefined)
      expect(last.heapMb).toBeLessThan(settled.heapMb * 1.25 + 2);
  },
  MINUTES * 60_000,
);
