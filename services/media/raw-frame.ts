import type { RawFrame } from '../domain/raw-frame.ts';

export type { RawFrame } from '../domain/raw-frame.ts';

/**
 * Wraps decoded RGB bytes. `original` is the size as received; left out, nothing was shrunk.
 * Throws RangeError when the byte count does not fit the size: a wrong stride must not become a skewed picture.
 */
export function rawFrame(
  data: Uint8Array,
  size: { width: number; height: number },
  original: { width: number; height: number } = size,
): RawFrame {
  const { width, height } = size;
  if (width < 1 || height < 1 || data.length !== width * height * 3) {
    throw new RangeError(`raw frame: ${data.length} bytes cannot be ${width}x${height} RGB`);
  }
  return { data, width, height, originalWidth: original.width, originalHeight: original.height };
}

/** The same pixels of a picture that was larger when it was sent; left out, it was not. Sizes are counted in pixels as sent. */
export function sentAs(frame: RawFrame, sent?: { width: number; height: number }): RawFrame {
  return sent === undefined ? frame : { ...frame, originalWidth: sent.width, originalHeight: sent.height };
}
