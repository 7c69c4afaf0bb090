import sharp from 'sharp';
import { openJpeg } from './jpeg.ts';
import { readJpegSize } from './jpeg-header.ts';
import { PictureError } from './picture-error.ts';

/** Pixels. Twice what a strip is shown at. */
const TILE_HEIGHT = 128;
/** A tile is at most this many times as wide as high, and as high as wide. */
const LONGEST_SIDE = 3;
/** Pixels: no JPEG is wider than 65,535, and nobody looks at so many frames. */
const MOST_WIDTH = 16_000;
const QUALITY = 76;
/** Where a frame cannot be read. */
const EMPTY = { r: 128, g: 128, b: 128 };

/**
 * Pictures of one camera side by side, all tiles of one size, without metadata: one file to fetch for all frames of a look. What cannot
 * be read is grey, so that the others keep their places.
 * @throws PictureError when not one of them can be read, or when there are too many
 */
export async function pictureStrip(pictures: readonly Uint8Array[]): Promise<Buffer> {
  const sizes = pictures.map(sizeOf);
  const size = sizes.find((one) => one !== undefined);
  if (size === undefined) throw new PictureError('corrupt', 'not one picture of the strip is readable');
  const aspect = Math.min(LONGEST_SIDE, Math.max(1 / LONGEST_SIDE, size.width / size.height));
  const width = Math.round(TILE_HEIGHT * aspect);
  if (width * pictures.length > MOST_WIDTH)
    throw new PictureError('too_large', `${pictures.length} pictures are too many for a strip`);
  const tiles = await Promise.all(
    // A size in the header is what says that it is safe to decode.
    pictures.map(async (bytes, i) => {
      const made = sizes[i] === undefined ? undefined : await tile(bytes, width);
      return made === undefined ? [] : [{ ...made, left: i * width, top: 0 }];
    }),
  );
  return await sharp({
    create: { width: width * pictures.length, height: TILE_HEIGHT, channels: 3, background: EMPTY },
  })
    .composite(tiles.flat())
    .jpeg({ quality: QUALITY })
    .toBuffer();
}

function sizeOf(bytes: Uint8Array): { width: number; height: number } | undefined {
  try {
    return readJpegSize(bytes);
  } catch {
    return undefined;
  }
}

async function tile(bytes: Uint8Array, width: number) {
  try {
    const { data, info } = await openJpeg(bytes)
      .resize({ width, height: TILE_HEIGHT, fit: 'fill' })
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true });
    return { input: data, raw: { width: info.width, height: info.height, channels: info.channels } };
  } catch {
    return undefined;
  }
}
