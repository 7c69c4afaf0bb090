import { asPictureError, openJpeg } from './jpeg.ts';
import { readJpegSize } from './jpeg-header.ts';

/**
 * Widths in pixels that pictures are shown small at, a closed set so that each is made once: 320 for lists and strips, 640 for
 * places of a wall.
 */
export const THUMBNAIL_WIDTHS = [320, 640] as const;
export type ThumbnailWidth = (typeof THUMBNAIL_WIDTHS)[number];

const QUALITY = 76;

/**
 * A picture made smaller for showing, without metadata; not turned by its orientation, as boxes are meant on the picture as stored.
 * One that is narrower keeps its size. Shrunk while it is decoded, so that a large one costs little more than a small one.
 * @throws PictureError
 */
export async function thumbnail(bytes: Uint8Array, width: ThumbnailWidth): Promise<Buffer> {
  readJpegSize(bytes);
  try {
    return await openJpeg(bytes)
      .resize({ width, withoutEnlargement: true })
      .toColourspace('srgb')
      .jpeg({ quality: QUALITY })
      .toBuffer();
  } catch (error) {
    throw asPictureError(error);
  }
}
