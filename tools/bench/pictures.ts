import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';

const PHOTOS = join(import.meta.dirname, '../../node_modules/@vladmandic/face-api/demo');

/** The six sample photographs of @vladmandic/face-api (MIT: people, bare heads) as a camera would send them: JPEG, quality 80. */
export async function cameraJpegs(width: number, height: number): Promise<Uint8Array[]> {
  return Promise.all(
    [1, 2, 3, 4, 5, 6].map(async (i) =>
      sharp(await readFile(join(PHOTOS, `sample${i}.jpg`)))
        .resize(width, height, { fit: 'cover', position: 'top' })
        .jpeg({ quality: 80 })
        .toBuffer(),
    ),
  );
}
