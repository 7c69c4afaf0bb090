import { randomUUID } from 'node:crypto';
import { said } from '../../domain/said.ts';
import { sha256 } from '../../evidence/keys.ts';
import { PictureError } from '../../media/picture-error.ts';
import { shownCopy } from '../../media/shown-copy.ts';
import type { App } from '../app-type.ts';
import type { ApiContext } from '../context.ts';
import { Problem } from '../problem.ts';

/** Bytes of a photo: what phones send at their best quality. */
export const MOST_PHOTO_BYTES = 10 * 1024 * 1024;

/** A photograph that lies in the store: as received with its EXIF, and a copy for showing without any. */
export interface KeptPhoto {
  key: string;
  sha256: string;
  bytes: number;
  width: number;
  height: number;
  shownKey: string;
  shownSha256: string;
}

/** Lets the routes of a scope take a JPEG as their body; nowhere else are pictures read. */
export function takesJpeg(scope: App): void {
  scope.addContentTypeParser(
    'image/jpeg',
    { parseAs: 'buffer', bodyLimit: MOST_PHOTO_BYTES },
    (_request, body, done) => done(null, body),
  );
}

/**
 * Checks a photograph by decoding it whole and keeps it below `folder`.
 * @throws Problem for what is no JPEG, is broken, or has more pixels than are decoded
 */
export async function keepPhoto(context: ApiContext, folder: string, body: unknown): Promise<KeptPhoto> {
  if (!Buffer.isBuffer(body)) throw new Problem('wrong-media-type', said('send_a_jpeg'));
  const { jpeg, original } = await shownCopy(body).catch(refuse);
  const hash = sha256(body);
  const photo = {
    key: `${folder}/${hash}.jpg`,
    sha256: hash,
    bytes: body.length,
    ...original,
    // A name of its own: an encoder that changed would write other bytes for the same photo.
    shownKey: `${folder}/${randomUUID()}.jpg`,
    shownSha256: sha256(jpeg),
  };
  await context.store.put(photo.key, body, { contentType: 'image/jpeg' });
  await context.store.put(photo.shownKey, jpeg, { contentType: 'image/jpeg' });
  return photo;
}

function refuse(error: unknown): never {
  if (!(error instanceof PictureError)) throw error;
  throw new Problem(
    error.fault === 'too_large' ? 'too-large' : 'invalid-request',
    said('picture_not_readable', { why: error.message }),
  );
}
