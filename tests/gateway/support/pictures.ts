/** Small JPEGs whose gate verdicts are known: a square at another place is a change, noise is not. */
import sharp from 'sharp';

const WIDTH = 320;
const HEIGHT = 180;

/** A grey kitchen with a white square `place` (0..9) and, on request, noise of a living sensor. */
export async function kitchenJpeg(place: number, noiseSeed = 0): Promise<Buffer> {
  const pixels = Buffer.alloc(WIDTH * HEIGHT * 3, 90);
  const left = 10 + place * 30;
  for (let y = 60; y < 120; y += 1) {
    for (let x = left; x < left + 28; x += 1) pixels.fill(240, (y * WIDTH + x) * 3, (y * WIDTH + x) * 3 + 3);
  }
  let state = noiseSeed;
  for (let i = 0; noiseSeed > 0 && i < pixels.length; i += 1) {
    state = (state * 1103515245 + 12345) % 2147483648;
    pixels[i] = Math.max(0, Math.min(255, (pixels[i] ?? 0) + ((state >> 16) % 7) - 3));
  }
  return await sharp(pixels, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
    .jpeg({ quality: 90 })
    .toBuffer();
}
