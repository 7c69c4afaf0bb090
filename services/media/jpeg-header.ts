import { PictureError } from './picture-error.ts';

/** What is decoded at all, in pixels. */
export interface SizeLimit {
  side: number;
  area: number;
}

/** Longest side of a camera's picture: a 4K camera fits, a decompression bomb does not. */
export const MAX_SIDE_PX = 4096;
export const CAMERA_LIMIT: SizeLimit = { side: MAX_SIDE_PX, area: MAX_SIDE_PX * MAX_SIDE_PX };

/** Markers that stand alone, without a length (ITU-T T.81 table B.1): TEM and RST0..RST7. */
function standsAlone(marker: number): boolean {
  return marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7);
}

/** SOF0..SOF15 carry the frame size; C4 (DHT), C8 (JPG) and CC (DAC) only look like them. */
function isStartOfFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

/**
 * Reads width and height (pixels) from a JPEG's frame header without decoding anything: a few microseconds.
 * Throws PictureError `not_jpeg`, `truncated` (the bytes end before the frame header), `corrupt` or `too_large`.
 */
export function readJpegSize(bytes: Uint8Array, limit = CAMERA_LIMIT): { width: number; height: number } {
  if (bytes.length < 3 || bytes[0] !== 0xff || bytes[1] !== 0xd8 || bytes[2] !== 0xff) {
    throw new PictureError('not_jpeg', 'not a JPEG');
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let offset = 2;
  while (offset + 4 <= bytes.length) {
    if (view.getUint8(offset) !== 0xff) throw new PictureError('corrupt', 'corrupt JPEG: marker expected');
    const marker = view.getUint8(offset + 1);
    if (marker === 0xff) {
      offset += 1; // fill byte (T.81 B.1.1.2)
    } else if (standsAlone(marker)) {
      offset += 2;
    } else if (isStartOfFrame(marker)) {
      if (offset + 9 > bytes.length) break;
      return checkedSize(view.getUint16(offset + 7), view.getUint16(offset + 5), limit);
    } else if (marker === 0xda || marker === 0xd9) {
      throw new PictureError('corrupt', 'corrupt JPEG: no frame header before the picture data');
    } else {
      offset += 2 + view.getUint16(offset + 2);
    }
  }
  throw new PictureError('truncated', 'truncated JPEG: ends before its frame header');
}

function checkedSize(width: number, height: number, limit: SizeLimit): { width: number; height: number } {
  if (width === 0 || height === 0) throw new PictureError('corrupt', `corrupt JPEG: size ${width}x${height}`);
  if (width > limit.side || height > limit.side || width * height > limit.area) {
    throw new PictureError('too_large', `picture too large: ${width}x${height}`);
  }
  return { width, height };
}
