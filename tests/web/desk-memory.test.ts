/**
 * What the desk keeps while cards are judged, beside a page that does nothing but show the same clips and pictures one after the other:
 * what both gain a card is the browser's own. `DESK_CARDS=1000 npx vitest run tests/web/desk-memory.test.ts --hookTimeout 600000` goes
 * through a thousand; without it the run is short, and its bounds are wide.
 */
import { appendFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PASSWORD } from '../api/support.ts';
import { type BarePage, type Memory, openBare } from './support/bare-browser.ts';
import { seedDesk } from './support/seed-desk.ts';
import { OUTPUT, useStack } from './support/stack.ts';

const CARDS = Number(process.env.DESK_CARDS ?? 45);
/** Cards between two looks at the memory. */
const LAP = CARDS >= 500 ? 50 : 15;
/** What a page gains while caches and pools fill up does not count. */
const SETTLED_AFTER = CARDS >= 500 ? 300 : 30;
/** A line a lap, so that a long run can be watched. */
const LAPS = join(OUTPUT, 'desk-memory.jsonl');
const PICTURES = 8;
/** Cards that stay: a desk without any would keep less. */
const SPARE = 60;

const stack = useStack((world) => seedDesk(world, CARDS + SPARE), { undoMs: 10_000 });

type Laps = (Memory & { cards: number })[];

/** Least squares: what a figure gains a card, over the settled laps. */
function slope(laps: Laps, of: (lap: Memory) => number): number {
  const settled = laps.filter(({ cards }) => cards >= SETTLED_AFTER);
  const mean = (values: number[]): number => values.reduce((all, one) => all + one, 0) / values.length;
  const x = mean(settled.map(({ cards }) => cards));
  const y = mean(settled.map(of));
  const over = settled.reduce((all, lap) => all + (lap.cards - x) * (of(lap) - y), 0);
  return over / settled.reduce((all, lap) => all + (lap.cards - x) ** 2, 0);
}

async function signedIn(): Promise<BarePage> {
  const page = await openBare();
  await page.goto(`${stack().url}/icon.svg`);
  const body = JSON.stringify({ username: 'inspector', password: PASSWORD });
  const status = await page.run<number>(
    `fetch('/api/v1/session', { method: 'POST', headers: { 'content-type': 'application/json' }, body: ${JSON.stringify(body)} }).then((answer) => answer.status)`,
  );
  expect(status).toBe(201);
  return page;
}

async function inLaps(name: string, page: BarePage, card: (index: number) => Promise<void>): Promise<Laps> {
  const laps: Laps = [];
  for (let index = 0; index < CARDS; index += 1) {
    await card(index);
    if ((index + 1) % LAP !== 0) continue;
    const lap = { cards: index + 1, ...(await page.memory()) };
    laps.push(lap);
    await appendFile(LAPS, `${JSON.stringify({ name, ...lap })}\n`);
  }
  return laps;
}

/** Every card of the desk by key presses. */
async function judgeAll(): Promise<Laps> {
  const page = await signedIn();
  try {
    await page.goto(`${stack().url}/findings`);
    return await inLaps('desk', page, async (index) => {
      await page.until(`document.querySelector('.verdict-confirm:enabled') !== null`);
      const path = await page.run<string>('location.pathname');
      if (index % 5 === 3) {
        await page.press('n');
        await page.until(`document.querySelector('.reason') !== null`);
        await page.press(String(1 + (index % 6)));
      } else {
        await page.press('y');
      }
      await page.until(`location.pathname !== ${JSON.stringify(path)}`);
    });
  } finally {
    await page.close();
  }
}

/** The same clips and pictures, one after the other, and nothing else. */
async function showAll(): Promise<Laps> {
  const page = await signedIn();
  try {
    await page.goto(`${stack().url}/api/v1/nowhere`);
    await page.run(`(() => {
      document.body.innerHTML = '<main></main>';
      window.ids = [];
      window.next = async () => {
        if (window.ids.length === 0) {
          const answer = await fetch('/api/v1/findings?limit=50' + (window.cursor ? '&cursor=' + encodeURIComponent(window.cursor) : ''));
          const { items, nextCursor } = await answer.json();
          window.cursor = nextCursor;
          window.ids = items.map(({ id }) => id);
        }
        return (await fetch('/api/v1/findings/' + window.ids.shift())).json();
      };
      window.show = async () => {
        const { clip, frame, strips } = await window.next();
        const before = document.querySelector('video');
        const video = document.createElement('video');
        Object.assign(video, { src: clip.url, muted: true, autoplay: true, loop: true, width: 800, height: 450 });
        const picture = (url) => Object.assign(new Image(), { src: url, width: 300 });
        const pictures = [picture(frame.url), ...Array.from({ length: ${PICTURES} }, () => picture(strips[0].url))];
        before?.removeAttribute('src');
        before?.load();
        document.querySelector('main').replaceChildren(video, ...pictures);
        await new Promise((done) => video.addEventListener('playing', done, { once: true }));
        await new Promise((done) => video.requestVideoFrameCallback(done));
      };
    })()`);
    return await inLaps('control', page, () => page.run('window.show()'));
  } finally {
    await page.close();
  }
}

test(
  `what ${CARDS} cards leave behind`,
  async () => {
    await rm(LAPS, { force: true });
    const desk = await judgeAll();
    const control = await showAll();
    const told = (name: string, unit: string, scale: number, of: (lap: Memory) => number): string => {
      const [first, last] = [desk.find(({ cards }) => cards >= SETTLED_AFTER), desk.at(-1)];
      const [a, b] = [slope(desk, of) * scale, slope(control, of) * scale];
      const from =
        first === undefined || last === undefined ? '' : `${of(first).toFixed(1)} → ${of(last).toFixed(1)}`;
      return `${name}: ${from}; ${a.toFixed(2)} ${unit} a card, control ${b.toFixed(2)}`;
    };
    console.log(
      [
        `over the cards from ${SETTLED_AFTER} to ${CARDS}:`,
        told('heap (MB)', 'kB', 1000, ({ heapMb }) => heapMb),
        told('nodes', 'nodes', 1, ({ nodes }) => nodes),
        told('listeners', 'listeners', 1, ({ listeners }) => listeners),
        told('renderer PSS (MB)', 'kB', 1000, ({ pssMb }) => pssMb),
      ].join('\n'),
    );
    const settled = desk.find(({ cards }) => cards >= SETTLED_AFTER);
    const last = desk.at(-1);
    if (settled === undefined || last === undefined) throw new Error('too few cards for two laps');
    expect(last.heapMb).toBeLessThan(settled.heapMb * 1.25 + 2);
    expect(last.nodes).toBeLessThan(settled.nodes * 1.1);
    // Pools of pictures and video still fill up in a short run, and the list loads its further pages.
    if (CARDS < 500) return;
    expect(last.pssMb).toBeLessThan(settled.pssMb * 1.25);
    expect(slope(desk, ({ heapMb }) => heapMb) * 1000).toBeLessThan(2);
    expect(slope(desk, ({ nodes }) => nodes)).toBeLessThan(0.5);
    expect(slope(desk, ({ listeners }) => listeners)).toBeLessThan(0.2);
  },
  CARDS * 3000 + 60_000,
);
