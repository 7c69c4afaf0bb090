import { asPictureError, openJpeg } from './jpeg.ts';
import { readJpegSize } from './jpeg-header.ts';

/** Longest side of a copy that is shown, in pixels. */
export const SHOWN_LONG_SIDE_PX = 1920;
const QUALITY = 82;

/**
 * A copy of a photograph for showing: turned upright by its EXIF orientation, at most SHOWN_LONG_SIDE_PX, and without any
 * metadata (place, device, thumbnail). The whole picture is decoded, so that a broken one is refused here.
 * @returns the copy, and the size of the original as stored
 * @throws PictureError
 */
export async function shownCopy(
  bytes: Uint8Array,
): Promise<{ jpeg: Buffer; original: { width: number; height: number } }> {
  const original = readJpegSize(bytes);
  try {
    const jpeg = await openJpeg(bytes)
      .autoOrient()
      .resize({
        width: SHOWN_LONG_SIDE_PX,
        height: SHOWN_LONG_SIDE_PX,
        fit: 'inside',
        withoutEnlargement: true,
      })
      .toColourspace('srgb')
      .jpeg({ quality: QUALITY })
      .toBuffer();
    return { jpeg, original };
  } catch (error) {
    throw asPictureError(error);
  }
}
