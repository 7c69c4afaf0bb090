import { createHash } from 'node:crypto';
import { addPart, closeUpload } from '../../db/photo-uploads.ts';
import { said } from '../../domain/said.ts';
import type { App } from '../app-type.ts';
import type { ApiContext } from '../context.ts';
import { invalid, notFound, Problem } from '../problem.ts';

/** Bytes of one part at most. */
export const MOST_PART_BYTES = 1024 * 1024;

/** Lets the routes of a scope take parts of photos as their body. */
export function takesParts(scope: App): void {
  const asBuffer = { parseAs: 'buffer', bodyLimit: MOST_PART_BYTES } as const;
  scope.addContentTypeParser(['application/octet-stream', 'image/jpeg'], asBuffer, (_request, body, done) =>
    done(null, body),
  );
}

/**
 * Takes one part; the last one makes the photo, by `keep`.
 * @returns where to go on, or the photo
 * @throws Problem with the offset, when the part is not the next one
 */
export async function takePart<P>(
  { db }: ApiContext,
  upload: { id: string; taskId: string | null; accountId: string },
  position: number,
  body: unknown,
  keep: (data: Buffer) => Promise<P>,
): Promise<{ id: string | null; offset: number; photo: P | null }> {
  if (!Buffer.isBuffer(body) || body.length === 0) throw invalid({ field: 'body', ...said('part_is_empty') });
  const part = await addPart(db, upload, position, body);
  switch (part.kind) {
    case 'unknown':
      throw notFound('upload');
    case 'refused':
      throw new Problem(
        'conflict',
        part.why === 'position' ? said('upload_stands_elsewhere') : said('more_than_the_photo'),
        { extra: { offset: part.offset, why: part.why } },
      );
    case 'more':
      return { id: upload.id, offset: part.offset, photo: null };
    case 'whole': {
      const { data, sha256, offset } = part;
      if (createHash('sha256').update(data).digest('hex') !== sha256) {
        await closeUpload(db, upload.id);
        throw invalid({ field: 'sha256', ...said('photo_arrived_altered') });
      }
      const photo = await keep(data).catch(async (error: unknown) => {
        if (error instanceof Problem) await closeUpload(db, upload.id);
        throw error;
      });
      await closeUpload(db, upload.id);
      return { id: null, offset, photo };
    }
  }
}
