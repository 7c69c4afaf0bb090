import { GATE_HEIGHT, GATE_WIDTH } from '../domain/gate.ts';
import type { RawFrame } from '../domain/raw-frame.ts';
import { asPictureError, openJpeg } from './jpeg.ts';
import { eighthLumaOfJpeg } from './jpeg-dc.ts';
import { readJpegSize } from './jpeg-header.ts';
import { thumbnailOfBlocks } from './shrink-luma.ts';

/** The picture must have so many pixels for each of the thumbnail's, that block means are fine enough. */
const BLOCK_PX = 8;

/**
 * 64×36 luma thumbnail of a JPEG, one byte a pixel, rows from the top. What cameras send (baseline, 512×288 or larger) is not
 * decoded for it: the means of its blocks are read, 0.35 ms for 640×360; libjpeg gets the others, and whatever looks broken.
 * The whole entropy-coded data is read, so a truncated JPEG is found here already. Throws PictureError like decodeJpeg.
 */
export async function lumaOfJpeg(bytes: Uint8Array): Promise<Uint8Array> {
  const { width, height } = readJpegSize(bytes);
  const fine = width >= BLOCK_PX * GATE_WIDTH && height >= BLOCK_PX * GATE_HEIGHT;
  const blocks = fine ? eighthLumaOfJpeg(bytes) : undefined;
  return blocks === undefined ? await decodedThumbnail(bytes) : thumbnailOfBlocks(blocks);
}

async function decodedThumbnail(bytes: Uint8Array): Promise<Uint8Array> {
  try {
    const { data, info } = await openJpeg(bytes)
      .resize(GATE_WIDTH, GATE_HEIGHT, { fit: 'fill', kernel: 'linear' })
      .raw()
      .toBuffer({ resolveWithObject: true });
    if (info.channels === 1) return data;
    return Uint8Array.from(
      { length: GATE_WIDTH * GATE_HEIGHT },
      (_, i) => lumaSum(data, i * info.channels) / 256,
    );
  } catch (error) {
    throw asPictureError(error);
  }
}

/** BT.601 luma × 256 of the RGB pixel at byte `i`: the weights of JPEG and of video, so that all thumbnails compare. */
function lumaSum(rgb: Uint8Array, i: number): number {
  return 77 * (rgb[i] ?? 0) + 150 * (rgb[i + 1] ?? 0) + 29 * (rgb[i + 2] ?? 0);
}

/** Points sampled per side of a thumbnail pixel: 4×4 spread points average out sensor noise at a fixed small cost. */
const TAPS = 4;

/** The same of a decoded frame, BT.601 weights, 16 spread points a pixel: well under 1 ms for any frame size. */
export function lumaOfFrame(frame: RawFrame): Uint8Array {
  const { data, width, height } = frame;
  const luma = new Uint8Array(GATE_WIDTH * GATE_HEIGHT);
  const columns = samplePoints(GATE_WIDTH, width);
  const rows = samplePoints(GATE_HEIGHT, height);
  for (let y = 0; y < GATE_HEIGHT; y += 1) {
    for (let x = 0; x < GATE_WIDTH; x += 1) {
      let sum = 0;
      for (let ty = 0; ty < TAPS; ty += 1) {
        const row = (rows[y * TAPS + ty] ?? 0) * width;
        for (let tx = 0; tx < TAPS; tx += 1) {
          sum += lumaSum(data, (row + (columns[x * TAPS + tx] ?? 0)) * 3);
        }
      }
      luma[y * GATE_WIDTH + x] = sum / (TAPS * TAPS * 256);
    }
  }
  return luma;
}

/** Source positions of TAPS evenly spread points for each of `cells` cells over `length` pixels. */
function samplePoints(cells: number, length: number): Int32Array {
  return Int32Array.from({ length: cells * TAPS }, (_, i) =>
    Math.floor(((i + 0.5) * length) / (cells * TAPS)),
  );
}
