import type { Static } from 'typebox';
import { photosOfVisits } from '../../db/visit-photos.ts';
import type { ApiContext } from '../context.ts';
import type { FileSigner } from '../file-address.ts';
import type { VisitPhoto } from '../schemas/supervision.ts';

export type VisitPhotoItem = Static<typeof VisitPhoto>;
type Row = Awaited<ReturnType<typeof photosOfVisits>>[number];

export const visitPhotoItem = (
  files: FileSigner,
  row: Omit<Row, 'visit_id' | 'position'>,
): VisitPhotoItem => ({
  id: row.id,
  url: row.removed_at === null ? files.address('visit', row.id) : null,
  sha256: row.sha256,
  bytes: row.bytes,
  width: row.width,
  height: row.height,
  uploadedAt: row.uploaded_at.toISOString(),
  removedAt: row.removed_at?.toISOString() ?? null,
});

/** Photos of each of the visits. */
export async function visitPhotos(
  { db, files }: Pick<ApiContext, 'db' | 'files'>,
  visitIds: readonly string[],
): Promise<Map<string, VisitPhotoItem[]>> {
  const photos = new Map<string, VisitPhotoItem[]>();
  for (const row of await photosOfVisits(db, visitIds)) {
    const of = row.visit_id ?? '';
    photos.set(of, [...(photos.get(of) ?? []), visitPhotoItem(files, row)]);
  }
  return photos;
}
