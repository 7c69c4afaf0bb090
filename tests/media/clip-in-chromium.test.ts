import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chromium } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { packMp4 } from '../../services/media/mp4.ts';
import { numberedPackets, WIDE } from '../support/media.ts';

const CHROMIUM = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking'];

/** Plays /clip.mp4 in the page, from an address or through Media Source Extensions; runs in the browser. */
const PLAY = `async (codecs) => {
  const video = document.createElement('video');
  video.muted = true;
  video.playbackRate = 8;
  const happens = (target, name) => new Promise((resolve, reject) => {
    target.addEventListener(name, resolve, { once: true });
    video.addEventListener('error', () => reject(new Error(video.error.message)), { once: true });
  });
  if (codecs === null) {
    video.src = '/clip.mp4';
  } else {
    const source = new MediaSource();
    video.src = URL.createObjectURL(source);
    await happens(source, 'sourceopen');
    const buffer = source.addSourceBuffer(codecs);
    buffer.appendBuffer(await (await fetch('/clip.mp4')).arrayBuffer());
    await happens(buffer, 'updateend');
    source.endOfStream();
  }
  const ended = happens(video, 'ended');
  await video.play();
  await ended;
  return { durationS: video.duration, fromS: video.buffered.start(0), width: video.videoWidth };
}`;

test('an H.264 clip plays in Chromium, by <video src> and by MSE', async () => {
  const clip = await packMp4(await numberedPackets(30, { size: WIDE }));
  const server = createServer((request, response) => {
    const isClip = request.url === '/clip.mp4';
    response
      .setHeader('content-type', isClip ? 'video/mp4' : 'text/html')
      .end(isClip ? clip.bytes : '<body>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  onTestFinished(async () => {
    await browser.close();
    server.close();
  });
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  const shown = { durationS: 3, fromS: 0, width: 640 };
  expect(await page.evaluate(`(${PLAY})(null)`)).toEqual(shown);
  const codecs = `video/mp4; codecs="${clip.codecString}"`;
  expect(await page.evaluate(`(${PLAY})(${JSON.stringify(codecs)})`)).toEqual(shown);
});
