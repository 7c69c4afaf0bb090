import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, onTestFinished, test } from 'vitest';
import { encodeVideo } from '../../services/media/encode.ts';
import { rotated, turnOfDisplayMatrix } from '../../services/media/rotate.ts';
import { openVideo, type VideoSource } from '../../services/media/video-file.ts';
import { numberedPicture, numberedPictures, numberOf, SMALL, testFolder } from '../support/media.ts';
import { testRtspServer } from '../support/rtsp-server.ts';
import { withSound } from './with-sound.ts';

async function opened(path: string): Promise<VideoSource> {
  const video = await openVideo(path);
  onTestFinished(() => video.close());
  return video;
}

async function picturesOf(video: VideoSource, everyMs?: number): Promise<[number, number][]> {
  const seen: [number, number][] = [];
  for await (const { atMs, frame } of video.frames(everyMs === undefined ? {} : { everyMs })) {
    seen.push([atMs, numberOf(frame)]);
  }
  return seen;
}

test.each(['h264', 'h265'] as const)(
  '%s in MP4: size, duration and every picture at its time',
  async (codec) => {
    const path = join(testFolder(), 'kitchen.mp4');
    await encodeVideo(path, numberedPictures(30, SMALL), { framesPerS: 10, codec });
    const video = await opened(path);
    expect(video).toMatchObject({
      durationS: 3,
      width: 320,
      height: 180,
      codec: codec === 'h265' ? 'hevc' : 'h264',
    });
    expect(video.readS).toBe(0);
    expect(await picturesOf(video)).toEqual(Array.from({ length: 30 }, (_, i) => [i * 100, i]));
    expect(video.readS).toBe(3);
    expect(await picturesOf(video, 1000)).toEqual([
      [0, 0],
      [1000, 10],
      [2000, 20],
    ]);
  },
);

test('a GIF animation is a video', async () => {
  const path = join(testFolder(), 'kitchen.gif');
  const { width, height } = SMALL;
  const pages = numberedPictures(5, SMALL).map(({ data }) => data);
  await sharp(Buffer.concat(pages), { raw: { width, height: height * 5, channels: 3, pageHeight: height } })
    .gif({ delay: [200, 200, 200, 200, 200] })
    .toFile(path);
  const video = await opened(path);
  expect(video).toMatchObject({ width, height, codec: 'gif' });
  expect((await picturesOf(video)).map(([atMs]) => atMs)).toEqual([0, 200, 400, 600, 800]);
  expect(video.readS).toBe(1);
});

test('a leftover iteration frees the file: the loop may be left early', async () => {
  const path = join(testFolder(), 'kitchen.mp4');
  await encodeVideo(path, numberedPictures(30, SMALL), { framesPerS: 10 });
  const video = await opened(path);
  for await (const { frame } of video.frames()) {
    expect(numberOf(frame)).toBe(0);
    break;
  }
  expect(await picturesOf(video, 1000)).toHaveLength(3);
});

test('what cannot be watched says why', async () => {
  const folder = testFolder();
  const text = join(folder, 'notes.mp4');
  writeFileSync(text, 'no video, just words\n'.repeat(100));
  const whole = join(folder, 'whole.mp4');
  await encodeVideo(whole, numberedPictures(10, SMALL), { framesPerS: 10 });
  const headless = join(folder, 'headless.mp4');
  writeFileSync(headless, readFileSync(whole).subarray(2000));
  const picture = join(folder, 'picture.jpg');
  await sharp(Buffer.from(numberedPicture(0, SMALL).data), { raw: { ...SMALL, channels: 3 } }).toFile(
    picture,
  );
  await expect(openVideo(join(folder, 'gone.mp4'))).rejects.toMatchObject({ fault: 'missing' });
  await expect(openVideo(folder)).rejects.toMatchObject({ fault: 'not_video' });
  await expect(openVideo(text)).rejects.toMatchObject({
    fault: 'not_video',
    message: `not a video: ${text}`,
  });
  await expect(openVideo(headless)).rejects.toMatchObject({ fault: 'not_video' });
  await expect(openVideo(picture)).rejects.toMatchObject({ fault: 'not_video' });
  await expect(openVideo('rtsp://127.0.0.1:1/x')).rejects.toMatchObject({ kind: 'refused' });
});

test('a file that was cut off says how much was read, whatever it says of itself', async () => {
  const path = join(testFolder(), 'kitchen.mp4');
  await encodeVideo(path, numberedPictures(30, SMALL), { framesPerS: 10, gopS: 0.5 });
  const cut = join(testFolder(), 'cut.mp4');
  const bytes = readFileSync(path);
  writeFileSync(cut, bytes.subarray(0, bytes.indexOf('mdat') + (bytes.length - bytes.indexOf('mdat')) / 2));
  const video = await opened(cut);
  expect(video.durationS).toBe(3);
  const last = (await picturesOf(video)).at(-1)?.[0] ?? 0;
  expect(last).toBeGreaterThan(500);
  expect(last).toBeLessThan(2500);
  expect(video.readS).toBe((last + 100) / 1000);
});

test.each(['mov', 'mkv'])(
  'how long a file lasts is how long its pictures do, not its sound: %s',
  async (ending) => {
    const path = join(testFolder(), 'silent.mp4');
    await encodeVideo(path, numberedPictures(30, SMALL), { framesPerS: 10 });
    const loud = join(testFolder(), `loud.${ending}`);
    await withSound(path, loud, 20);
    const video = await opened(loud);
    expect(video.durationS).toBeCloseTo(3, 1);
    expect(await picturesOf(video)).toHaveLength(30);
    expect(video.readS).toBeCloseTo(3, 1);
  },
);

test('a damaged file gives the pictures that can be decoded', async () => {
  const path = join(testFolder(), 'kitchen.mp4');
  await encodeVideo(path, numberedPictures(30, SMALL), { framesPerS: 10, gopS: 0.5 });
  const damaged = join(testFolder(), 'damaged.mp4');
  copyFileSync(path, damaged);
  const bytes = readFileSync(damaged);
  const from = bytes.indexOf('mdat') + Math.floor((bytes.length - bytes.indexOf('mdat')) / 2);
  for (let i = from; i < bytes.length; i += 31) bytes[i] = (bytes[i] ?? 0) ^ 0x5a;
  writeFileSync(damaged, bytes);
  const seen = await picturesOf(await opened(damaged));
  expect(seen.length).toBeGreaterThan(10);
  expect(seen.slice(0, 10).map(([, number]) => number)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test('an rtsp:// stream is a video until it ends', async () => {
  const path = join(testFolder(), 'kitchen.mp4');
  await encodeVideo(path, numberedPictures(20, SMALL), { framesPerS: 10 });
  const server = await testRtspServer({ mounts: { '/kitchen': path } });
  const video = await opened(server.url('/kitchen'));
  expect(video).toMatchObject({ durationS: undefined, width: 320, height: 180, codec: 'h264' });
  const seen = await picturesOf(video, 500);
  expect(video.readS).toBeUndefined();
  expect(seen.map(([, number]) => number)).toEqual([0, 5, 10, 15]);
});

test('a phone’s rotation is read from its display matrix and applied clockwise', () => {
  const matrix = (a: number, b: number, c: number, d: number): Buffer => {
    const buffer = Buffer.alloc(36);
    [a, b, 0, c, d, 0, 0, 0, 1].forEach((value, i) => {
      buffer.writeInt32LE(value * (i % 3 === 2 ? 1 << 30 : 1 << 16), i * 4);
    });
    return buffer;
  };
  expect(turnOfDisplayMatrix(null)).toBe(0);
  expect(turnOfDisplayMatrix(matrix(1, 0, 0, 1))).toBe(0);
  expect(turnOfDisplayMatrix(matrix(0, 1, -1, 0))).toBe(90);
  expect(turnOfDisplayMatrix(matrix(-1, 0, 0, -1))).toBe(180);
  expect(turnOfDisplayMatrix(matrix(0, -1, 1, 0))).toBe(270);
  // Two pixels side by side, red left: turned clockwise, red is on top.
  const pair = {
    data: Uint8Array.of(255, 0, 0, 0, 0, 255),
    width: 2,
    height: 1,
    originalWidth: 2,
    originalHeight: 1,
  };
  expect(rotated(pair, 90)).toMatchObject({ width: 1, height: 2, data: Uint8Array.of(255, 0, 0, 0, 0, 255) });
  expect(rotated(pair, 270).data).toEqual(Uint8Array.of(0, 0, 255, 255, 0, 0));
  expect(rotated(pair, 180).data).toEqual(Uint8Array.of(0, 0, 255, 255, 0, 0));
});
