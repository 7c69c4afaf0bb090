/** What cameras see, made of real photographs: the same view in other light, with people, and with all that can go wrong. */
import { join } from 'node:path';
import sharp, { type OverlayOptions, type Sharp } from 'sharp';
import { profileOf } from '../../../services/domain/picture-profile.ts';
import { fineLumaOfJpeg } from '../../../services/media/fine-luma.ts';
import { lumaOfJpeg } from '../../../services/media/luma.ts';

const FOLDER = join(import.meta.dirname, '../../../node_modules/@vladmandic/face-api/demo');
export const WIDTH = 1280;
export const HEIGHT = 720;
export const PHOTOGRAPHS = [1, 2, 3, 4, 5, 6] as const;

const views = new Map<number, Promise<Buffer>>();

/** The view of a camera: photograph 1 to 6, 1280 × 720, as PNG. */
export function view(photograph: number): Promise<Buffer> {
  let known = views.get(photograph);
  known ??= sharp(join(FOLDER, `sample${photograph}.jpg`))
    .resize(WIDTH, HEIGHT, { fit: 'cover' })
    .png()
    .toBuffer();
  views.set(photograph, known);
  return known;
}

/** Bytes as a camera sends them. */
export async function jpeg(picture: Sharp | Buffer): Promise<Buffer> {
  return await (Buffer.isBuffer(picture) ? sharp(picture) : picture).jpeg({ quality: 82 }).toBuffer();
}

/** Adds the noise of a sensor: ± `strength` of 255. */
export async function noisy(picture: Sharp | Buffer, strength: number, seed: number): Promise<Sharp> {
  const source = Buffer.isBuffer(picture) ? sharp(picture) : sharp(await picture.png().toBuffer());
  const { data, info } = await source.removeAlpha().raw().toBuffer({ resolveWithObject: true });
  let state = seed;
  for (let i = 0; i < data.length; i += 1) {
    state = (state * 1103515245 + 12345) % 2147483648;
    const value = (data[i] ?? 0) + ((state >> 16) % (2 * strength + 1)) - strength;
    data[i] = Math.max(0, Math.min(255, value));
  }
  return sharp(data, { raw: { width: info.width, height: info.height, channels: 3 } });
}

const svg = (body: string): Buffer => Buffer.from(`<svg width="${WIDTH}" height="${HEIGHT}">${body}</svg>`);

async function softly(body: string, sigma: number): Promise<OverlayOptions> {
  return { input: await sharp(svg(body)).blur(sigma).png().toBuffer() };
}

/** Somebody who stands in the picture, `share` of its width wide. */
export async function somebody(share: number, left: number): Promise<OverlayOptions> {
  const input = await sharp(join(FOLDER, 'sample1.jpg'))
    .extract({ left: 600, top: 100, width: 500, height: 1100 })
    .resize(Math.round(WIDTH * share), HEIGHT, { fit: 'fill' })
    .toBuffer();
  return { input, left: Math.round(WIDTH * left), top: 0 };
}

/** Pictures without a fault, by what happens in them. */
export const WELL: Record<string, (view: Buffer) => Promise<Buffer>> = {
  'nothing but sensor noise': async (one) => await jpeg(await noisy(one, 6, 1)),
  'a bad sensor': async (one) => await jpeg(await noisy(one, 25, 2)),
  'half of the light': async (one) => await jpeg(sharp(one).linear(0.45, 0)),
  'more light': async (one) => await jpeg(sharp(one).linear(1.4, 15)),
  'other exposure': async (one) => await jpeg(sharp(one).gamma(2.2, 1.2)),
  'the lamp over one half goes out': async (one) => {
    const half = { input: svg(`<rect width="${WIDTH / 2}" height="${HEIGHT}" fill="#000" opacity="0.8"/>`) };
    return await jpeg(sharp(one).composite([half]));
  },
  'infrared, without colour': async (one) => await jpeg(sharp(one).greyscale().linear(0.8, 20)),
  'somebody walks by': async (one) => await jpeg(sharp(one).composite([await somebody(0.33, 0.3)])),
  'somebody close to the camera': async (one) =>
    await jpeg(sharp(one).composite([await somebody(0.5, 0.25)])),
  'half a per cent of vibration': async (one) =>
    await jpeg(
      sharp(one)
        .extract({ left: 12, top: 6, width: WIDTH - 12, height: HEIGHT - 6 })
        .extend({ right: 12, bottom: 6, extendWith: 'copy' }),
    ),
};

const turned = async (one: Buffer, degrees: number): Promise<Buffer> =>
  await jpeg(
    sharp(await sharp(one).rotate(degrees, { background: '#555' }).toBuffer()).resize(WIDTH, HEIGHT, {
      fit: 'cover',
    }),
  );
const shifted = async (one: Buffer, right: number): Promise<Buffer> =>
  await jpeg(
    sharp(one)
      .extract({ left: right, top: 0, width: WIDTH - right, height: HEIGHT })
      .extend({ right, extendWith: 'mirror' }),
  );

/** Pictures with a fault. */
export const FAULTY: Record<string, { fault: string; make: (view: Buffer) => Promise<Buffer> }> = {
  'no light at all': { fault: 'black', make: async (one) => await jpeg(sharp(one).linear(0.05, 0)) },
  'a dark sensor with noise': {
    fault: 'black',
    make: async (one) => await jpeg(await noisy(sharp(one).linear(0.02, 4), 6, 3)),
  },
  'a hand over the lens': {
    fault: 'covered',
    make: async (one) =>
      await jpeg(
        sharp(one).composite([
          await softly(
            `<ellipse cx="${WIDTH * 0.45}" cy="${HEIGHT / 2}" rx="${WIDTH * 0.5}" ry="${HEIGHT * 0.7}" fill="#6b4a38"/>`,
            20,
          ),
        ]),
      ),
  },
  'a cloth over the lens': {
    fault: 'covered',
    make: async () =>
      await jpeg(
        await noisy(
          sharp({ create: { width: WIDTH, height: HEIGHT, channels: 3, background: '#8a8a92' } }),
          6,
          5,
        ),
      ),
  },
  'a tray over most of the lens': {
    fault: 'covered',
    make: async (one) =>
      await jpeg(
        sharp(one).composite([
          { input: svg(`<rect width="${WIDTH * 0.85}" height="${HEIGHT}" fill="#4a3428"/>`) },
        ]),
      ),
  },
  'out of focus': { fault: 'blurred', make: async (one) => await jpeg(sharp(one).blur(6)) },
  'far out of focus': { fault: 'blurred', make: async (one) => await jpeg(sharp(one).blur(12)) },
  'out of focus, with noise': {
    fault: 'blurred',
    make: async (one) => await jpeg(await noisy(sharp(one).blur(6), 10, 4)),
  },
  'turned away by a tenth': { fault: 'moved', make: (one) => shifted(one, 128) },
  'turned away by a third': { fault: 'moved', make: (one) => shifted(one, 384) },
  'tilted by eight degrees': { fault: 'moved', make: (one) => turned(one, 8) },
  'upside down': { fault: 'moved', make: async (one) => await jpeg(sharp(one).rotate(180)) },
};

export async function profileOfJpeg(bytes: Buffer) {
  return profileOf(await lumaOfJpeg(bytes), await fineLumaOfJpeg(bytes));
}
