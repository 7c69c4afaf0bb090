/** A wall of sixteen cameras in a real Chromium: RTSP cameras move, MQTT cameras are pictures, what breaks off is grey and comes back. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ZoneKind } from '../../services/domain/words.ts';
import { encodeVideo } from '../../services/media/encode.ts';
import { rawFrame } from '../../services/media/raw-frame.ts';
import { isOnline, makeRtsp, startGatewayProcess } from '../live/support.ts';
import { testRtspServer } from '../support/rtsp-server.ts';
import { axeFaults } from './support/axe.ts';
import { FRAME, sceneView } from './support/scenes.ts';
import { type SeededCamera, seedMerchant, seedRegion, seedStatus } from './support/seed.ts';
import { complaintsOf, picture, signIn, useStack } from './support/stack.ts';

const FRAMES_PER_S = 10;
/** Seconds of a scene; it repeats. */
const SCENE_S = 3;
/** As sub-streams are. */
const SMALL = { width: 640, height: 360 };
const PHOTOGRAPHS = [1, 3, 4, 6];
const ZONES: [ZoneKind, string][] = [
  ['cooking', '热加工间'],
  ['special_room', '凉菜专间'],
  ['washing', '洗消间'],
  ['cutting', '切配间'],
];
const KITCHENS = ['第一初级中学食堂', '老王家常菜馆（同盟大道店）', '阳光幼儿园食堂', '县医院职工食堂'];
/** By place: the first six have a sub-stream beside H.265, one has H.265 alone, one breaks off; the last four send pictures. */
const WITH_SUB = 6;
const HEVC = 10;
const BREAKS = 11;
const VIDEOS = 11;
const RTSP = 12;

const cameras: SeededCamera[] = [];
let folder = '';
const stack = useStack(async (world) => {
  const region = await seedRegion(world);
  for (const [i, name] of KITCHENS.entries()) {
    const seeded = await seedMerchant(world, region, `kitchen-${i}`, name, ZONES);
    cameras.push(...seeded.cameras);
  }
  for (const [i, camera] of cameras.entries()) {
    const photograph = PHOTOGRAPHS[i % PHOTOGRAPHS.length] ?? 1;
    await seedStatus(world, camera, 'online', '', { photograph, ageS: 4 });
  }
});
const file = (name: string | number): string => join(folder, `${name}.mp4`);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mingzao-wall-'));
  for (const photograph of PHOTOGRAPHS) {
    const pictures = [];
    for (let i = 0; i < SCENE_S * FRAMES_PER_S; i += 1)
      pictures.push(rawFrame(await small(await sceneView(photograph, i / FRAMES_PER_S)), SMALL));
    const how = { framesPerS: FRAMES_PER_S, gopS: 2, seconds: 240 };
    await encodeVideo(file(photograph), pictures, { codec: 'h264', ...how });
    if (photograph === 1) await encodeVideo(file('h265'), pictures, { codec: 'h265', ...how });
  }
}, 120_000);
const small = async (view: Uint8Array): Promise<Uint8Array> =>
  new Uint8Array(
    await sharp(view, { raw: { ...FRAME, channels: 3 } })
      .resize(SMALL)
      .raw()
      .toBuffer(),
  );
afterAll(() => rm(folder, { recursive: true, force: true }));

const camera = (at: number): SeededCamera => {
  const found = cameras[at];
  if (found === undefined) throw new Error('seed more cameras');
  return found;
};
const mounts = () =>
  Object.fromEntries([
    ...PHOTOGRAPHS.map((photograph) => [`/${photograph}`, file(photograph)]),
    ['/h265', file('h265')],
  ]);

/** Sixteen cameras of which twelve are pulled. */
async function started() {
  const { api } = stack();
  const server = await testRtspServer({ mounts: mounts() });
  const other = await testRtspServer({ mounts: mounts() });
  for (let i = 0; i < RTSP; i += 1) {
    const scene = `/${PHOTOGRAPHS[i % PHOTOGRAPHS.length]}`;
    const isHevc = i < WITH_SUB || i === HEVC;
    const from = i === BREAKS ? other : server;
    await makeRtsp(api, camera(i).id, from.url(isHevc ? '/h265' : scene));
    if (i < WITH_SUB) {
      await api.context.db
        .updateTable('camera')
        .set({ rtsp_sub_url_sealed: api.context.sealer.seal(server.url(scene)) })
        .where('id', '=', camera(i).id)
        .execute();
    }
  }
  const gateway = startGatewayProcess(api, 64);
  for (let i = 0; i < RTSP; i += 1) await isOnline(api, camera(i).id, 60_000);
  return { other, gateway };
}

type System = Awaited<ReturnType<typeof started>>;

/** Signs in and says why. */
async function begin(page: Page): Promise<void> {
  await signIn(page);
  // The purpose of the test before still holds.
  const button = page.getByRole('button', { name: '开始查看' });
  await button.or(page.getByText('查看用途：')).waitFor();
  if (await button.isVisible()) await button.click();
}
/** Of each tile: where its video stands, in seconds; null: it shows none. */
const times = (page: Page): Promise<(number | null)[]> =>
  page.evaluate<(number | null)[]>(`[...document.querySelectorAll('.live-tile')].map((tile) => {
    const video = tile.querySelector('.live-video > .live-picture:not([hidden]) video');
    return video === null ? null : video.currentTime;
  })`);
const playing = async (page: Page): Promise<number> =>
  (await times(page)).filter((time) => time !== null).length;
const tile = (page: Page, at: number) => page.locator('.live-tile').nth(at);
const walls = (page: Page): URL[] => {
  const asked: URL[] = [];
  page.on('request', (request) => {
    if (request.url().includes('/live/wall-video')) asked.push(new URL(request.url()));
  });
  return asked;
};

/** One connection; grey when one breaks off, and back; nothing is read while the page is hidden. */
async function onADesk({ other, gateway }: System): Promise<void> {
  const page = await stack().open({ width: 1920, height: 1080, dark: true, path: '/live?size=16' });
  const asked = walls(page);
  await begin(page);
  await expect.poll(() => playing(page), { timeout: 40_000 }).toBe(VIDEOS);
  expect(asked).toHaveLength(1);
  const before = await times(page);
  await expect
    .poll(async () => (await times(page)).filter((time, i) => (time ?? 0) > (before[i] ?? 0) + 2).length, {
      timeout: 20_000,
    })
    .toBe(VIDEOS);
  await tile(page, HEVC).getByText('浏览器不能播放 H.265').waitFor();
  await tile(page, HEVC)
    .getByText(/^画面 /)
    .waitFor();
  for (let i = RTSP; i < cameras.length; i += 1)
    await tile(page, i)
      .getByText(/^画面 /)
      .waitFor();
  await tile(page, 0)
    .getByText(/^实时视频 \d秒前$/)
    .waitFor();
  // What the sub-stream's cameras are watched by.
  const begun = gateway.lines.filter((line) => line.includes('live video begins'));
  expect(begun.filter((line) => line.includes('"stream":"sub"'))).toHaveLength(WITH_SUB);
  await picture(page, 'live-wall-1920-dark');
  expect(await axeFaults(page)).toEqual([]);

  await other.stop();
  await tile(page, BREAKS)
    .getByText(/^不是实时画面 · \d+秒前$/)
    .or(tile(page, BREAKS).getByText('视频中断，重连中'))
    .waitFor({ timeout: 30_000 });
  await picture(page, 'live-wall-broken-1920-dark');
  const standing = await times(page);
  await expect
    .poll(async () => (await times(page)).filter((time, i) => (time ?? 0) > (standing[i] ?? 0) + 2).length, {
      timeout: 20_000,
    })
    .toBe(VIDEOS - 1);
  await testRtspServer({ mounts: mounts(), port: other.port });
  await tile(page, BREAKS)
    .getByText(/^实时视频 \d秒前$/)
    .waitFor({ timeout: 60_000 });
  // The others were not begun anew for it.
  expect(asked).toHaveLength(1);

  const hide = (hidden: boolean) =>
    page.evaluate(`(() => {
      Object.defineProperty(document, 'hidden', { configurable: true, get: () => ${hidden} });
      document.dispatchEvent(new Event('visibilitychange'));
    })()`);
  const lines = gateway.lines.length;
  await hide(true);
  await expect
    .poll(() => gateway.lines.slice(lines).filter((line) => line.includes('live video ends')).length, {
      timeout: 15_000,
    })
    .toBe(VIDEOS);
  await hide(false);
  await expect.poll(() => playing(page), { timeout: 40_000 }).toBe(VIDEOS);
  expect(asked).toHaveLength(2);

  // The drawn wall moves as well.
  await page.getByRole('button', { name: '随机抽取 16 路' }).click();
  await page.getByText('从 16 路中抽取 16 路').waitFor();
  await expect.poll(() => playing(page), { timeout: 40_000 }).toBe(VIDEOS);
  await page.setViewportSize({ width: 1440, height: 900 });
  await picture(page, 'live-wall-drawn-1440');
  expect(complaintsOf(page)).toEqual([]);
}

/** Only what is in sight is streamed; what stays in sight goes on without a break. */
async function onAPhone(): Promise<void> {
  const page = await stack().open({ width: 390, height: 844, path: '/live?size=16' });
  const asked = walls(page);
  await begin(page);
  await expect.poll(() => playing(page), { timeout: 60_000 }).toBeGreaterThan(7);
  const last = (): string[] => asked.at(-1)?.searchParams.get('cameras')?.split(',') ?? [];
  expect(last().length).toBeLessThan(RTSP);
  await picture(page, 'live-wall-390');
  expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(390);
  const first = last();
  await tile(page, 4).evaluate((element: { scrollIntoView(how: object): void }) =>
    element.scrollIntoView({ block: 'start', behavior: 'instant' }),
  );
  await expect.poll(() => last().join(), { timeout: 20_000 }).not.toBe(first.join());
  const kept = cameras.findIndex(({ code }, i) => i > 3 && first.includes(code) && last().includes(code));
  expect(kept).toBeGreaterThan(3);
  const at = (await times(page))[kept] ?? 0;
  expect(at).toBeGreaterThan(0);
  await expect.poll(async () => (await times(page))[kept] ?? 0, { timeout: 20_000 }).toBeGreaterThan(at + 1);
  await picture(page, 'live-wall-scrolled-390');
  expect(complaintsOf(page)).toEqual([]);
}

/** Fewer cameras move, and the others say so. */
async function onASlowLine(): Promise<void> {
  const page = await stack().open({ width: 1440, height: 900, path: '/live?size=16' });
  const asked = walls(page);
  const network = await page.context().newCDPSession(page);
  await network.send('Network.enable');
  await network.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 20,
    downloadThroughput: 60_000,
    uploadThroughput: 60_000,
  });
  await begin(page);
  await expect.poll(() => asked.at(-1)?.searchParams.get('mbits') ?? '', { timeout: 60_000 }).not.toBe('');
  await page.getByText('线路较慢，显示画面').first().waitFor({ timeout: 30_000 });
  await picture(page, 'live-wall-slow-1440');
}

// One system for all three: a gateway that ended keeps its leases for a while.
test('sixteen cameras on a wall: on a desk, on a phone, on a slow line', async () => {
  const system = await started();
  await onADesk(system);
  await onAPhone();
  await onASlowLine();
}, 400_000);
