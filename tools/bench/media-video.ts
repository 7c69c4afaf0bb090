import { resolve } from 'node:path';
import sharp from 'sharp';
import { encodeVideo } from '../../services/media/encode.ts';
import type { RawFrame } from '../../services/media/raw-frame.ts';

export const FRAMES_PER_S = 25;
/** Different pictures; they repeat. */
const SCENE_S = 4;
const DEMO = resolve(import.meta.dirname, '../../node_modules/@vladmandic/face-api/demo');

/** Most a pixel differs from picture to picture without anything moving, of 255: what a camera's sensor does indoors. */
const NOISE = 8;

/** A camera's video: a photograph of people that slowly moves, with noise, 25 pictures and half a keyframe a second, H.264. */
export async function cameraVideo(
  path: string,
  width: number,
  height: number,
  seconds: number,
): Promise<void> {
  const photo = sharp(resolve(DEMO, 'sample1.jpg'));
  const margin = SCENE_S * FRAMES_PER_S * 2;
  const wide = await photo
    .resize(width + margin, height, { fit: 'cover' })
    .raw()
    .toBuffer();
  await encodeVideo(path, windows(wide, width, height, margin), {
    framesPerS: FRAMES_PER_S,
    gopS: 2,
    seconds,
  });
}

/** Windows of a wide picture, two pixels further each time. */
function* windows(wide: Buffer, width: number, height: number, margin: number): Generator<RawFrame> {
  const stride = (width + margin) * 3;
  for (let shift = 0; shift < margin; shift += 2) {
    const data = new Uint8Array(width * height * 3);
    for (let y = 0; y < height; y += 1) {
      const from = y * stride + shift * 3;
      data.set(wide.subarray(from, from + width * 3), y * width * 3);
    }
    for (let i = 0, state = shift + 1; i < data.length; i += 1) {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
      data[i] = Math.max(0, Math.min(255, (data[i] ?? 0) + ((state >> 16) % (2 * NOISE + 1)) - NOISE));
    }
    yield { data, width, height, originalWidth: width, originalHeight: height };
  }
}
