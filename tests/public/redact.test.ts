/** No redaction, no picture: real photographs, our own detector, and detectors that miss somebody on purpose. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hidden } from '../../services/domain/public-view.ts';
import type { RawFrame } from '../../services/domain/raw-frame.ts';
import type { Box } from '../../services/domain/words.ts';
import { decodeJpeg } from '../../services/media/jpeg.ts';
import { cropped, mirrored, redact } from '../../services/media/redact.ts';
import { openRedactor } from '../../workers/redaction/context.ts';
import { type Redactor, redactPicture } from '../../workers/redaction/redact-picture.ts';

const MODELS = join(import.meta.dirname, '../../models');
const require = createRequire(import.meta.url);
const PHOTOGRAPHS = join(dirname(require.resolve('@vladmandic/face-api/package.json')), 'demo');

let redactor: Awaited<ReturnType<typeof openRedactor>>;
let photograph: RawFrame;
beforeAll(async () => {
  redactor = await openRedactor(MODELS);
  photograph = await decodeJpeg(await readFile(join(PHOTOGRAPHS, 'sample5.jpg')));
});
afterAll(async () => await redactor.close());

test('people are made unrecognisable, the picture is small and says nothing of its camera', async () => {
  const jpeg = await redactPicture(photograph, [], redactor);
  expect(jpeg).toBeDefined();
  const shown = await decodeJpeg(jpeg ?? Buffer.alloc(0));
  expect(Math.max(shown.width, shown.height)).toBeLessThanOrEqual(480);
  const faces = await redactor.check(photograph);
  expect(faces.length).toBeGreaterThan(2);
  for (const face of faces) expect(coloursIn(shown, face)).toBeLessThan(0.5 * coloursIn(photograph, face));
  expect(jpeg?.includes(Buffer.from('Exif'))).toBe(false);
});

describe('a face that the first look misses on purpose', () => {
  test('all of them', async () => {
    const blind: Redactor = { ...redactor, find: async () => [] };
    expect(await redactPicture(photograph, [], blind)).toBeUndefined();
  });

  test('one of several', async () => {
    const [planted] = await redactor.check(photograph);
    const away = (box: Box): boolean => {
      const area = hidden(planted ?? [0, 0, 0, 0]);
      return box[2] < area[0] || box[0] > area[2] || box[3] < area[1] || box[1] > area[3];
    };
    const misses: Redactor = {
      ...redactor,
      // Whatever lies at the planted face is not seen, as it is and mirrored.
      find: async (frame) =>
        (await redactor.find(frame)).filter(
          (box) => away(box) && away([1 - box[2], box[1], 1 - box[0], box[3]]),
        ),
    };
    expect(await redactPicture(photograph, [], misses)).toBeUndefined();
  });

  test('under a privacy mask nothing is left to miss', async () => {
    const blind: Redactor = { ...redactor, find: async () => [] };
    const jpeg = await redactPicture(photograph, [[0, 0, 1, 1]], blind);
    const { data } = await decodeJpeg(jpeg ?? Buffer.alloc(0));
    expect(data.every((value) => value < 8)).toBe(true);
  });
});

test('a picture without people stays as it is', async () => {
  const grey: RawFrame = {
    data: new Uint8Array(640 * 360 * 3).fill(120),
    width: 640,
    height: 360,
    originalWidth: 640,
    originalHeight: 360,
  };
  expect(await redactPicture(grey, [], redactor)).toBeDefined();
});

test('hidden pixels are gone: no block keeps more than one colour', () => {
  const noise: RawFrame = {
    data: Uint8Array.from({ length: 80 * 80 * 3 }, (_, i) => (i * 7919) % 256),
    width: 80,
    height: 80,
    originalWidth: 80,
    originalHeight: 80,
  };
  const { data } = redact(noise, [[0.25, 0.25, 0.75, 0.75]], []);
  const inside = cropped({ ...noise, data }, [0.25, 0.25, 0.75, 0.75]);
  expect(new Set(pixelsOf(inside)).size).toBeLessThanOrEqual(16);
  expect(mirrored(mirrored(noise)).data).toEqual(noise.data);
});

function pixelsOf({ data }: RawFrame): number[] {
  return Array.from(
    { length: data.length / 3 },
    (_, i) => ((data[i * 3] ?? 0) << 16) + ((data[i * 3 + 1] ?? 0) << 8) + (data[i * 3 + 2] ?? 0),
  );
}

/** How much neighbouring pixels differ inside a box, mean of the green channel, at 64 × 64 samples. */
function coloursIn(frame: RawFrame, [x1, y1, x2, y2]: Box): number {
  let sum = 0;
  const at = (x: number, y: number): number =>
    frame.data[
      (Math.min(frame.height - 1, Math.floor(y * frame.height)) * frame.width +
        Math.min(frame.width - 1, Math.floor(x * frame.width))) *
        3 +
        1
    ] ?? 0;
  for (let i = 0; i < 64; i += 1) {
    for (let j = 0; j < 63; j += 1) {
      const y = y1 + ((y2 - y1) * i) / 64;
      sum += Math.abs(at(x1 + ((x2 - x1) * j) / 64, y) - at(x1 + ((x2 - x1) * (j + 1)) / 64, y));
    }
  }
  return sum / (64 * 63);
}
