import sharp from 'sharp';
import { DECODE_LONG_SIDE_PX, decodeJpeg } from './jpeg.ts';
import type { SizeLimit } from './jpeg-header.ts';
import { PictureError } from './picture-error.ts';
import { type RawFrame, rawFrame } from './raw-frame.ts';

/** File names that are read as single pictures. GIF is not among them: it is a video. */
export const PICTURE_NAME = /\.(jpe?g|png|webp)$/i;

/** Larger than any camera's: a telephone's 50 or 108 million pixels. They are reduced as a camera's are, while they are decoded. */
const PERSON_LIMIT: SizeLimit = { side: 16_384, area: 120_000_000 };

/**
 * Decodes a JPEG, PNG or WebP picture that a person handed in; cameras send JPEG only (decodeJpeg). Transparency is laid
 * on black. Throws PictureError.
 */
export async function decodePicture(bytes: Uint8Array): Promise<RawFrame> {
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return decodeJpeg(bytes, { sizeLimit: PERSON_LIMIT });
  try {
    const image = sharp(bytes, { failOn: 'truncated', limitInputPixels: PERSON_LIMIT.area });
    const original = await image.metadata();
    const { data, info } = await image
      .resize({
        width: DECODE_LONG_SIDE_PX,
        height: DECODE_LONG_SIDE_PX,
        fit: 'inside',
        withoutEnlargement: true,
      })
      .flatten({ background: '#000' })
      .toColourspace('srgb')
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    return rawFrame(data, info, { width: original.width, height: original.height });
  } catch (error) {
    const message = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new PictureError('corrupt', `not a readable picture: ${message}`);
  }
}
