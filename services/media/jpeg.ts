import sharp, { type Sharp } from 'sharp';
import { CAMERA_LIMIT, readJpegSize, type SizeLimit } from './jpeg-header.ts';
import { PictureError } from './picture-error.ts';
import { type RawFrame, rawFrame } from './raw-frame.ts';

// libvips would spread every picture over a thread a core, for 0.2 ms more CPU a picture; processes, not threads, share the cores.
sharp.concurrency(1);

/**
 * Longest side that is kept, in pixels. Up to 1080p nothing is shrunk, so that a head of 40 px is cropped from the pixels
 * the camera sent; a 4K frame is decoded at half size inside libjpeg (shrink on load), which is cheaper than whole.
 */
export const DECODE_LONG_SIDE_PX = 1920;

export interface DecodeOptions {
  /** Default DECODE_LONG_SIDE_PX. */
  maxLongSidePx?: number;
  /** Default CAMERA_LIMIT. */
  sizeLimit?: SizeLimit;
}

/**
 * Decodes a JPEG to RGB. Width and height are checked in the header before any pixel is decoded. EXIF orientation is
 * not applied: cameras do not rotate by tag, and boxes are meant on the picture as stored.
 * Throws PictureError: `not a JPEG`, `truncated …`, `picture too large: WxH`, `corrupt …`.
 */
export async function decodeJpeg(bytes: Uint8Array, options: DecodeOptions = {}): Promise<RawFrame> {
  const original = readJpegSize(bytes, options.sizeLimit);
  const limit = options.maxLongSidePx ?? DECODE_LONG_SIDE_PX;
  try {
    let image = openJpeg(bytes, options.sizeLimit);
    if (Math.max(original.width, original.height) > limit) {
      image = image.resize({ width: limit, height: limit, fit: 'inside', kernel: 'linear' });
    }
    const { data, info } = await image.toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
    const rgb = info.channels === 1 ? greyToRgb(data) : data;
    return rawFrame(rgb, info, original);
  } catch (error) {
    throw asPictureError(error);
  }
}

/** A sharp pipeline over one JPEG, the same limits for everybody who decodes. The header must have been checked. */
export function openJpeg(bytes: Uint8Array, { area } = CAMERA_LIMIT): Sharp {
  return sharp(bytes, {
    failOn: 'truncated',
    limitInputPixels: area,
    sequentialRead: true,
  });
}

/** libvips' words into our closed set of faults. */
export function asPictureError(error: unknown): PictureError {
  if (error instanceof PictureError) return error;
  const message = error instanceof Error ? error.message.split('\n')[0] : String(error);
  if (/premature end|truncated|out of order|end of (file|data|image)/i.test(message ?? '')) {
    return new PictureError('truncated', 'truncated JPEG: the picture data ends early');
  }
  return new PictureError('corrupt', `corrupt JPEG: ${message}`);
}

function greyToRgb(grey: Uint8Array): Uint8Array {
  const rgb = new Uint8Array(grey.length * 3);
  grey.forEach((value, i) => {
    rgb.fill(value, i * 3, i * 3 + 3);
  });
  return rgb;
}
