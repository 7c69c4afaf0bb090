import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { beforeAll, expect, test } from 'vitest';
import { decodeJpeg } from '../../services/media/jpeg.ts';
import { lumaOfFrame, lumaOfJpeg } from '../../services/media/luma.ts';
import { decodePicture } from '../../services/media/picture.ts';

const PHOTO = 'node_modules/@vladmandic/face-api/demo/sample1.jpg'; // 1920×1280
let photo: Uint8Array;

beforeAll(async () => {
  photo = await readFile(PHOTO);
});

function plain(width: number, height: number) {
  return sharp({ create: { width, height, channels: 3, background: '#c80000' } });
}

test('a photograph is decoded whole up to 1080p', async () => {
  const frame = await decodeJpeg(photo);
  expect([frame.width, frame.height, frame.originalWidth, frame.data.length]).toEqual([
    1920,
    1280,
    1920,
    1920 * 1280 * 3,
  ]);
});

test('a 4K frame is shrunk and remembers its size', async () => {
  const frame = await decodeJpeg(await plain(3840, 2160).jpeg().toBuffer());
  expect([frame.width, frame.height, frame.originalWidth, frame.originalHeight]).toEqual([
    1920, 1080, 3840, 2160,
  ]);
});

test('a grey JPEG comes out as RGB', async () => {
  const frame = await decodeJpeg(await plain(32, 16).greyscale().jpeg().toBuffer());
  expect(frame.data.length).toBe(32 * 16 * 3);
  expect(frame.data[0]).toBe(frame.data[2]);
});

test.each([
  ['in the header', 100],
  ['in the tables', 400],
  ['in the middle of the picture', 50_000],
  ['just before the end', -200],
])('a JPEG cut %s is truncated', async (_, at) => {
  await expect(decodeJpeg(photo.subarray(0, at))).rejects.toThrow(/^truncated JPEG/);
  await expect(lumaOfJpeg(photo.subarray(0, at))).rejects.toThrow(/^truncated JPEG/);
});

test.each([
  ['text', Buffer.from('hello')],
  ['nothing', Buffer.alloc(0)],
  ['a PNG', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a])],
])('%s is not a JPEG', async (_, bytes) => {
  await expect(decodeJpeg(bytes)).rejects.toMatchObject({ fault: 'not_jpeg', message: 'not a JPEG' });
});

test('a decompression bomb is refused by its header, before it is decoded', async () => {
  const small = Buffer.from(await plain(64, 64).jpeg().toBuffer());
  const frameHeader = small.indexOf(Buffer.from([0xff, 0xc0]));
  small.writeUInt16BE(60_000, frameHeader + 5);
  small.writeUInt16BE(65_000, frameHeader + 7);
  await expect(decodeJpeg(small)).rejects.toMatchObject({
    fault: 'too_large',
    message: 'picture too large: 65000x60000',
  });
});

test('a JPEG that says nothing of its size is corrupt', async () => {
  await expect(decodeJpeg(Buffer.from([0xff, 0xd8, 0xff, 0xd9, 0, 0]))).rejects.toMatchObject({
    fault: 'corrupt',
  });
});

test('both luma thumbnails agree on what is bright', async () => {
  const left = Buffer.from(
    await plain(640, 360)
      .composite([{ input: await plain(320, 360).negate().png().toBuffer(), left: 320, top: 0 }])
      .jpeg()
      .toBuffer(),
  );
  const fromJpeg = await lumaOfJpeg(left);
  const fromFrame = lumaOfFrame(await decodeJpeg(left));
  expect(fromJpeg.length).toBe(64 * 36);
  for (const x of [5, 20, 45, 60]) {
    expect(Math.abs((fromJpeg[18 * 64 + x] ?? 0) - (fromFrame[18 * 64 + x] ?? 0))).toBeLessThan(12);
  }
  expect(fromFrame[18 * 64 + 50]).toBeGreaterThan((fromFrame[18 * 64 + 10] ?? 0) + 60);
});

test("a telephone's picture that a person hands in is reduced, a camera's of that size refused", async () => {
  const large = plain(8000, 6000);
  const jpeg = await large.jpeg().toBuffer();
  const size = { width: 1920, height: 1440, originalWidth: 8000, originalHeight: 6000 };
  expect(await decodePicture(jpeg)).toMatchObject(size);
  expect(await decodePicture(await large.png({ compressionLevel: 1 }).toBuffer())).toMatchObject(size);
  await expect(decodeJpeg(jpeg)).rejects.toMatchObject({ fault: 'too_large' });
});

test('a PNG of a folder is read, text is refused', async () => {
  expect((await decodePicture(await plain(20, 10).png().toBuffer())).width).toBe(20);
  await expect(decodePicture(Buffer.from('hello'))).rejects.toMatchObject({ fault: 'corrupt' });
});
