import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, expect, test } from 'vitest';
import { decodeJpeg } from '../../services/media/jpeg.ts';
import { eighthLumaOfJpeg } from '../../services/media/jpeg-dc.ts';
import { lumaOfJpeg } from '../../services/media/luma.ts';
import { PictureError } from '../../services/media/picture-error.ts';

const PHOTO = 'node_modules/@vladmandic/face-api/demo/sample1.jpg';
/** 512×288, a marker after every 7 MCUs, as many cameras send. */
const RESTARTS = join(import.meta.dirname, 'pictures/restart-markers.jpg');
let photo: Uint8Array;

beforeAll(async () => {
  photo = await readFile(PHOTO);
});

const sized = (width: number, height: number) => sharp(photo).resize(width, height, { fit: 'cover' });

/** Mean luma of the area behind every pixel of the thumbnail, out of the whole decoded picture. */
async function meansOfAreas(jpeg: Uint8Array): Promise<number[]> {
  const { data, width, height } = await decodeJpeg(jpeg);
  const sums = new Float64Array(64 * 36);
  const counts = new Float64Array(64 * 36);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const cell = Math.floor((y * 36) / height) * 64 + Math.floor((x * 64) / width);
      const i = (y * width + x) * 3;
      sums[cell] =
        (sums[cell] ?? 0) + 0.299 * (data[i] ?? 0) + 0.587 * (data[i + 1] ?? 0) + 0.114 * (data[i + 2] ?? 0);
      counts[cell] = (counts[cell] ?? 0) + 1;
    }
  }
  return [...sums].map((sum, cell) => sum / (counts[cell] ?? 1));
}

async function differences(jpeg: Uint8Array): Promise<{ mean: number; worst: number }> {
  const wanted = await meansOfAreas(jpeg);
  const wrong = [...(await lumaOfJpeg(jpeg))].map((level, cell) => Math.abs(level - (wanted[cell] ?? 0)));
  return { mean: wrong.reduce((sum, value) => sum + value, 0) / wrong.length, worst: Math.max(...wrong) };
}

test.each([
  ['4:2:0', async () => await sized(1024, 576).jpeg({ chromaSubsampling: '4:2:0' }).toBuffer()],
  ['4:4:4', async () => await sized(1024, 576).jpeg({ chromaSubsampling: '4:4:4' }).toBuffer()],
  ['grey', async () => await sized(1024, 576).greyscale().jpeg().toBuffer()],
  [
    'its own tables',
    async () => await sized(1024, 576).jpeg({ optimiseCoding: true, quality: 30 }).toBuffer(),
  ],
  ['restart markers', async () => await readFile(RESTARTS)],
])('the thumbnail read from block means is that of the picture: %s', async (_, make) => {
  const jpeg = await make();
  expect(eighthLumaOfJpeg(jpeg)).toBeDefined();
  const { mean, worst } = await differences(jpeg);
  // Rounding down costs half a level; colours that RGB cannot show a little more.
  expect(mean).toBeLessThan(1);
  expect(worst).toBeLessThan(6);
});

test('sizes that are no multiple of a block keep their place', async () => {
  const jpeg = await sized(1021, 579).jpeg().toBuffer();
  expect(eighthLumaOfJpeg(jpeg)).toMatchObject({ width: 128, height: 73 });
  expect((await differences(jpeg)).mean).toBeLessThan(3);
});

test.each([
  ['progressive', async () => await sized(1024, 576).jpeg({ progressive: true }).toBuffer()],
  ['RGB inside', async () => withAdobe(await sized(1024, 576).jpeg().toBuffer(), 0)],
  ['cut', async () => (await sized(1024, 576).jpeg().toBuffer()).subarray(0, -300)],
])('%s: left to a real decoder', async (_, make) => {
  expect(eighthLumaOfJpeg(await make())).toBeUndefined();
});

test('a progressive picture has the same thumbnail as a baseline one, nearly', async () => {
  const progressive = await lumaOfJpeg(await sized(1024, 576).jpeg({ progressive: true }).toBuffer());
  const baseline = await lumaOfJpeg(await sized(1024, 576).jpeg().toBuffer());
  const wrong = progressive.reduce((sum, level, i) => sum + Math.abs(level - (baseline[i] ?? 0)), 0);
  expect(wrong / progressive.length).toBeLessThan(4);
});

test('broken bytes give a thumbnail or a PictureError, nothing else', async () => {
  const jpeg = await sized(640, 360).jpeg({ quality: 50 }).toBuffer();
  let seed = 7;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return (seed >>> 8) % below;
  };
  let refused = 0;
  for (let round = 0; round < 300; round += 1) {
    const broken = Uint8Array.from(jpeg);
    for (let i = 0; i <= random(4); i += 1) broken[random(round % 2 ? 700 : broken.length)] = random(256);
    try {
      expect((await lumaOfJpeg(broken)).length).toBe(64 * 36);
    } catch (error) {
      expect(error).toBeInstanceOf(PictureError);
      refused += 1;
    }
  }
  expect(refused).toBeGreaterThan(20);
});

/** The picture with Adobe's marker in front, which says what its colours are. */
function withAdobe(jpeg: Uint8Array, transform: number): Uint8Array {
  const marker = [0xff, 0xee, 0, 14, ...Buffer.from('Adobe'), 0, 100, 0, 0, 0, 0, transform];
  return Buffer.concat([jpeg.subarray(0, 2), Buffer.from(marker), jpeg.subarray(2)]);
}
