import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { kitchenForeground, kitchenWall, type SceneSize } from './kitchen.ts';

/** What the demo's cameras send. 16:9, as cheap network cameras do. */
export const SIZE: SceneSize = { width: 960, height: 540 };

/** Photographs of people that come with the npm package @vladmandic/face-api (MIT): bare heads. */
export function photograph(n: 1 | 2 | 3 | 4 | 5 | 6): string {
  const require = createRequire(import.meta.url);
  return join(dirname(require.resolve('@vladmandic/face-api/package.json')), 'demo', `sample${n}.jpg`);
}

/** Part of a photograph that is shown: left, top and width as shares of its width and height; the height follows 16:9. */
export interface View {
  left: number;
  top: number;
  width: number;
}

async function foreground(): Promise<Buffer> {
  return await sharp(Buffer.from(kitchenForeground(SIZE)))
    .png()
    .toBuffer();
}

/**
 * People at work behind the worktop: the camera moves slowly from one view of the photograph to another and back.
 * @returns one JPEG a second
 */
export async function peopleScene(photo: string, from: View, to: View, seconds: number): Promise<Buffer[]> {
  const front = await foreground();
  const { width = 0, height = 0 } = await sharp(photo).metadata();
  const frames: Buffer[] = [];
  for (let i = 0; i < seconds; i += 1) {
    const share = (1 - Math.cos((2 * Math.PI * i) / seconds)) / 2;
    const at = (key: keyof View): number => from[key] + (to[key] - from[key]) * share;
    const cut = { width: Math.round(width * at('width')), height: 0 };
    cut.height = Math.min(height, Math.round((cut.width * SIZE.height) / SIZE.width));
    const left = Math.min(width - cut.width, Math.round(width * at('left')));
    const top = Math.min(height - cut.height, Math.round(height * at('top')));
    frames.push(
      await sharp(photo)
        .extract({ left, top, width: cut.width, height: cut.height })
        .resize(SIZE.width, SIZE.height)
        .composite([{ input: front }])
        .jpeg({ quality: 82 })
        .toBuffer(),
    );
  }
  return frames;
}

/** An empty kitchen as a living sensor sees it: the same picture with noise. @returns one JPEG a second */
export async function emptyScene(seconds: number): Promise<Buffer[]> {
  const scene = await sharp(Buffer.from(kitchenWall(SIZE)))
    .composite([{ input: await foreground() }])
    .removeAlpha()
    .raw()
    .toBuffer();
  const frames: Buffer[] = [];
  for (let i = 0; i < seconds; i += 1) {
    const noisy = Buffer.from(scene);
    // A fixed pattern a frame (linear congruential), so that every run of the demo sends the same bytes.
    let state = 12_345 + i;
    for (let at = 0; at < noisy.length; at += 1) {
      state = (state * 1_103_515_245 + 12_345) & 0x7fffffff;
      noisy[at] = Math.max(0, Math.min(255, (noisy[at] ?? 0) + ((state >> 16) % 9) - 4));
    }
    frames.push(
      await sharp(noisy, { raw: { ...SIZE, channels: 3 } })
        .jpeg({ quality: 82 })
        .toBuffer(),
    );
  }
  return frames;
}
