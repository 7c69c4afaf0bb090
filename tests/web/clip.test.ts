/** Clips as the ring cuts them, in the browser: H.264 plays, H.265 is offered for download with plain words. */
import { expect, test } from 'vitest';
import { packMp4 } from '../../services/media/mp4.ts';
import { numberedPackets } from '../support/media.ts';
import { type SeededCamera, seedFinding, seedMerchant, seedRegion } from './support/seed.ts';
import { signIn, useStack } from './support/stack.ts';

let cameras: SeededCamera[] = [];
const stack = useStack(async (world) => {
  const region = await seedRegion(world);
  const zones: ['cooking', string][] = [
    ['cooking', '灶台'],
    ['cooking', '热加工间'],
  ];
  cameras = (await seedMerchant(world, region, 'school', '第一小学食堂', zones)).cameras;
});

async function openClip(codec: 'h264' | 'h265', camera: SeededCamera | undefined) {
  if (camera === undefined) throw new Error('seed more cameras');
  const { bytes, codecString } = await packMp4(await numberedPackets(100, { codec, gopFrames: 10 }));
  const clip = { bytes: Buffer.from(bytes), codec: codecString };
  const id = await seedFinding(stack(), { camera, photograph: 6, ageS: 60, clip });
  const page = await stack().open({ path: `/findings/${id}` });
  await signIn(page);
  await page.getByTestId('boxes').waitFor();
  await page.getByText('视频', { exact: true }).click();
  return { page, bytes };
}

test('an H.264 clip plays', async () => {
  const { page } = await openClip('h264', cameras[0]);
  await page.locator('video').waitFor();
  const playedS = await page.evaluate<number>(`new Promise((done) => {
    const video = document.querySelector('video');
    video.addEventListener('timeupdate', () => video.currentTime > 0.3 && done(video.currentTime));
  })`);
  expect(playedS).toBeGreaterThan(0.3);
  expect(await page.evaluate('document.querySelector("video").videoWidth')).toBe(320);
  await page.keyboard.press('ArrowRight');
  await page.locator('.thumb').first().click();
  await page.getByTestId('boxes').waitFor();
});

test('an H.265 clip says why it does not play and can be downloaded whole', async () => {
  const { page, bytes } = await openClip('h265', cameras[1]);
  await page.getByText('视频为 H.265 编码，浏览器无法直接播放').waitFor();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: '下载视频' }).click(),
  ]);
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
  expect(Buffer.concat(chunks).equals(Buffer.from(bytes))).toBe(true);
});
