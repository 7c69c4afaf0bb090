import sharp from 'sharp';
import type { RawFrame } from '../../services/domain/raw-frame.ts';

/** An animated GIF of the frames, `delayMs` each. */
export async function gifOf(frames: readonly RawFrame[], delayMs: number): Promise<Uint8Array> {
  const { width = 1, height = 1 } = frames[0] ?? {};
  const data = Buffer.concat(frames.map((frame) => frame.data));
  return sharp(data, {
    raw: { width, height: height * frames.length, channels: 3, pageHeight: height },
  })
    .gif({ delay: frames.map(() => delayMs), loop: 0, dither: 0 })
    .toBuffer();
}
