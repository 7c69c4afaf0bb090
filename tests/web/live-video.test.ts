/** Live video of an RTSP camera in a real Chromium: through a real RTSP server, a gateway process and the API. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodeVideo } from '../../services/media/encode.ts';
import { rawFrame } from '../../services/media/raw-frame.ts';
import { isOnline, makeRtsp, startGatewayProcess } from '../live/support.ts';
import { testRtspServer } from '../support/rtsp-server.ts';
import { axeFaults } from './support/axe.ts';
import { FRAME, sceneView } from './support/scenes.ts';
import { type SeededCamera, seedMerchant, seedRegion } from './support/seed.ts';
import { complaintsOf, picture, signIn, useStack } from './support/stack.ts';

const FRAMES_PER_S = 10;
let cameras: SeededCamera[] = [];
let folder = '';
const stack = useStack(async (world) => {
  const region = await seedRegion(world);
  ({ cameras } = await seedMerchant(world, region, 'm1', '第一初级中学食堂', [
    ['cooking', '热加工间'],
    ['special_room', '凉菜专间'],
  ]));
});
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mingzao-live-'));
  const pictures = [];
  for (let i = 0; i < 4 * FRAMES_PER_S; i += 1)
    pictures.push(rawFrame(await sceneView(3, i / FRAMES_PER_S), FRAME));
  for (const codec of ['h264', 'h265'] as const)
    await encodeVideo(join(folder, `${codec}.mp4`), pictures, {
      codec,
      framesPerS: FRAMES_PER_S,
      gopS: 1,
      seconds: 150,
    });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const camera = (at: number): SeededCamera => {
  const found = cameras[at];
  if (found === undefined) throw new Error('seed more cameras');
  return found;
};
async function open(at: number): Promise<Page> {
  const page = await stack().open({ path: `/live?size=4&camera=${camera(at).code}` });
  await signIn(page);
  // The purpose of the test before still holds.
  const begin = page.getByRole('button', { name: '开始查看' });
  await begin.or(page.getByText('查看用途：')).waitFor();
  if (await begin.isVisible()) await begin.click();
  return page;
}
const timeOf = (page: Page): Promise<number> =>
  page.locator('.live-video video').evaluate((video: { currentTime: number }) => video.currentTime);
/** Mean brightness of the picture that the video shows, 0 to 255. */
const brightness = (page: Page): Promise<number> =>
  page.evaluate<number>(`(() => {
    const canvas = document.createElement('canvas');
    canvas.width = 64;
    canvas.height = 36;
    const context = canvas.getContext('2d');
    context.drawImage(document.querySelector('.live-video video'), 0, 0, 64, 36);
    const { data } = context.getImageData(0, 0, 64, 36);
    let sum = 0;
    for (let i = 0; i < data.length; i += 4) sum += (data[i] + data[i + 1] + data[i + 2]) / 3;
    return sum / (64 * 36);
  })()`);

test('one camera is watched live; its server stops: grey with its age; it comes back; who leaves ends the video', async () => {
  const { api } = stack();
  const file = join(folder, 'h264.mp4');
  const server = await testRtspServer({ mounts: { '/kitchen': file } });
  await makeRtsp(api, camera(0).id, server.url('/kitchen'));
  const gateway = startGatewayProcess(api);
  await isOnline(api, camera(0).id);
  const page = await open(0);
  await page.getByText(/^实时视频 \d秒前$/).waitFor({ timeout: 20_000 });
  const from = await timeOf(page);
  await expect.poll(() => timeOf(page), { timeout: 10_000 }).toBeGreaterThan(from + 2);
  // A kitchen, not a black or grey area.
  const light = await brightness(page);
  expect(light).toBeGreaterThan(40);
  expect(light).toBeLessThan(220);
  expect(await page.locator('.live-picture-stale').count()).toBe(0);
  await picture(page, 'live-video-1440');
  expect(await axeFaults(page)).toEqual([]);
  await page.setViewportSize({ width: 390, height: 844 });
  await picture(page, 'live-video-390');
  expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(390);
  await page.setViewportSize({ width: 1440, height: 900 });
  // At the live edge, and what is past goes.
  await expect.poll(() => timeOf(page), { timeout: 30_000 }).toBeGreaterThan(from + 16);
  const held = await page.locator('.live-video video').evaluate((video: HTMLVideoLike) => ({
    from: video.buffered.start(0),
    to: video.buffered.end(video.buffered.length - 1),
    at: video.currentTime,
  }));
  expect(held.to - held.at).toBeLessThan(3.5);
  expect(held.at - held.from).toBeLessThan(13);

  await server.stop();
  const grey = page.locator('.live-picture-stale').getByText(/^不是实时画面 · \d+秒前$/);
  // A picture that the gateway kept after the last frame on the screen takes its place, and says how old it is.
  const outdone = page.getByText('视频中断，正在重新接通；先显示画面');
  await grey.or(outdone).first().waitFor({ timeout: 20_000 });
  if (await grey.isVisible()) {
    const ageOf = async (): Promise<number> =>
      Number(/(\d+)秒前/.exec((await page.locator('.live-video .live-age').textContent()) ?? '')?.[1]);
    const old = await ageOf();
    expect(old).toBeGreaterThan(5);
    await expect.poll(ageOf, { timeout: 10_000 }).toBeGreaterThan(old + 1);
    expect(await brightness(page)).toBeGreaterThan(40);
  } else {
    await page
      .getByText(/^画面 \d+秒前$/)
      .first()
      .waitFor();
    expect(await page.getByText(/^实时视频/).count()).toBe(0);
  }
  await picture(page, 'live-video-stale-1440');

  await testRtspServer({ mounts: { '/kitchen': file }, port: server.port });
  await page.getByText(/^实时视频 \d秒前$/).waitFor({ timeout: 60_000 });
  expect(await page.locator('.live-picture-stale').count()).toBe(0);

  const before = gateway.lines.length;
  await page.keyboard.press('Escape');
  await page.locator('.live-tile').first().waitFor();
  await gateway.line(/"live video ends"/, before);
  expect(complaintsOf(page)).toEqual([]);
}, 180_000);

interface HTMLVideoLike {
  buffered: { start(i: number): number; end(i: number): number; length: number };
  currentTime: number;
}

test('H.265 in a browser that cannot play it: pictures, and why; with a sub-stream, that one', async () => {
  const { api } = stack();
  const mounts = { '/kitchen': join(folder, 'h265.mp4'), '/sub': join(folder, 'h264.mp4') };
  const server = await testRtspServer({ mounts });
  await makeRtsp(api, camera(1).id, server.url('/kitchen'));
  const gateway = startGatewayProcess(api);
  await isOnline(api, camera(1).id);
  const page = await open(1);
  await page.getByText('视频为 H.265 编码，此浏览器不能播放，改为显示画面').waitFor({ timeout: 20_000 });
  await page.locator('.live-single .live-picture img').waitFor();
  await page.getByText(/^画面 /).waitFor();
  await gateway.line(/"live video ends"/);
  await picture(page, 'live-video-h265-1440');
  expect(await axeFaults(page)).toEqual([]);

  const before = gateway.lines.length;
  await stack()
    .db.updateTable('camera')
    .set({ rtsp_sub_url_sealed: api.context.sealer.seal(server.url('/sub')) })
    .where('id', '=', camera(1).id)
    .execute();
  await page.reload();
  await page.getByText(/^实时视频（主码流为 H.265，显示子码流）\d秒前$/).waitFor({ timeout: 20_000 });
  const from = await timeOf(page);
  await expect.poll(() => timeOf(page), { timeout: 10_000 }).toBeGreaterThan(from + 1);
  expect(await brightness(page)).toBeGreaterThan(40);
  await picture(page, 'live-video-sub-1440');
  await page.keyboard.press('Escape');
  // Nobody watches: the sub-stream is not pulled any more.
  await gateway.line(/"stream":"sub".*"live video ends"/, before);
  expect(complaintsOf(page)).toEqual([]);
}, 120_000);
