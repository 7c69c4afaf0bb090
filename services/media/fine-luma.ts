import { FINE_HEIGHT, FINE_WIDTH } from '../domain/picture-profile.ts';
import { asPictureError, openJpeg } from './jpeg.ts';
import { readJpegSize } from './jpeg-header.ts';

/**
 * 320×180 luma of a JPEG, one byte a pixel, rows from the top: what blur and movement are told by. Every pixel of the picture
 * has its say (no sampling: that would make a blurred picture look sharp). Throws PictureError like decodeJpeg.
 */
export async function fineLumaOfJpeg(bytes: Uint8Array): Promise<Uint8Array> {
  readJpegSize(bytes);
  try {
    return await openJpeg(bytes)
      .resize(FINE_WIDTH, FINE_HEIGHT, { fit: 'fill', kernel: 'linear' })
      .toColourspace('b-w')
      .raw()
      .toBuffer();
  } catch (error) {
    throw asPictureError(error);
  }
}
