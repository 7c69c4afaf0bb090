import { readJpegSize } from '../../media/jpeg-header.ts';
import { lumaOfJpeg } from '../../media/luma.ts';
import { PictureError, type PictureFault } from '../../media/picture-error.ts';
import { Refusal, type RefusalReason } from '../refusals/reasons.ts';

/** Bytes of one picture. */
export const MOST_BYTES = 1024 * 1024;

const REASON: Record<PictureFault, RefusalReason> = {
  not_jpeg: 'not_jpeg',
  corrupt: 'not_jpeg',
  truncated: 'truncated',
  too_large: 'picture_too_large',
};

function refusal(error: unknown, of: string): unknown {
  return error instanceof PictureError ? new Refusal(REASON[error.fault], `${of}: ${error.message}`) : error;
}

/** Width and height in pixels, from the header alone. @throws Refusal */
export function sizeOf(jpeg: Buffer, of: string): { width: number; height: number } {
  if (jpeg.length > MOST_BYTES) {
    throw new Refusal('too_large', `${of}: ${jpeg.length} bytes, ${MOST_BYTES} are allowed`);
  }
  try {
    return readJpegSize(jpeg);
  } catch (error) {
    throw refusal(error, of);
  }
}

/** The luma thumbnail; reads the whole picture, so a broken one is found. @throws Refusal */
export async function thumbnailOf(jpeg: Buffer, of: string): Promise<Uint8Array> {
  try {
    return await lumaOfJpeg(jpeg);
  } catch (error) {
    throw refusal(error, of);
  }
}
