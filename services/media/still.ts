import sharp from 'sharp';
import { asPictureError, decodeJpeg } from './jpeg.ts';
import { MAX_SIDE_PX } from './jpeg-header.ts';
import { PictureError } from './picture-error.ts';
import { type RawFrame, rawFrame } from './raw-frame.ts';

/** Names that a folder of pictures is searched for. What a file really is, its bytes say. */
export const PICTURE_NAME = /\.(jpe?g|png|webp)$/i;

/**
 * Decodes a JPEG, PNG or WebP of a person's own folder; cameras and gateways may send only JPEG (decodeJpeg).
 * Transparency lies on black, an animation gives its first picture. Throws PictureError.
 */
export async function decodeStill(bytes: Uint8Array): Promise<RawFrame> {
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return decodeJpeg(bytes);
  const image = sharp(bytes, { failOn: 'truncated', limitInputPixels: MAX_SIDE_PX * MAX_SIDE_PX });
  const { format, width, height } = await image.metadata().catch(() => {
    throw new PictureError('not_jpeg', 'not a JPEG, PNG or WebP');
  });
  if (format !== 'png' && format !== 'webp') {
    throw new PictureError('not_jpeg', `not a JPEG, PNG or WebP but ${format}`);
  }
  if (width > MAX_SIDE_PX || height > MAX_SIDE_PX) {
    throw new PictureError('too_large', `picture too large: ${width}x${height}`);
  }
  try {
    const { data, info } = await image
      .flatten()
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return rawFrame(data, info);
  } catch (error) {
    throw asPictureError(error);
  }
}
