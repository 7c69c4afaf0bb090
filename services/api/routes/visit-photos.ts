import { addWaitingPhoto } from '../../db/waiting-photos.ts';
import { said } from '../../domain/said.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import { keepPhoto, MOST_PHOTO_BYTES, takesJpeg } from '../commands/keep-photo.ts';
import type { ApiContext } from '../context.ts';
import { notFound, Problem } from '../problem.ts';
import { visitPhotoItem } from '../queries/visit-photos.ts';
import { VisitPhoto } from '../schemas/supervision.ts';

/** Photographs of a cadre's visit: sent one by one, then named by the visit. */
export function visitPhotoRoutes(api: App, context: ApiContext): void {
  const { db, store, files, now } = context;
  // A scope of its own: nowhere else are pictures read.
  api.register(async (scope: App) => {
    takesJpeg(scope);
    scope.post(
      '/supervision/photos',
      {
        bodyLimit: MOST_PHOTO_BYTES,
        config: { access: 'supervision.write' },
        schema: {
          tags: ['supervision'],
          summary:
            'A photo for a visit of mine: the JPEG itself (image/jpeg), at most 10 MB and 4096 pixels a side',
          description:
            'Kept as received, with its EXIF; shown is a copy without metadata. Without a visit it goes after a day.',
          consumes: ['image/jpeg'],
          response: { 201: VisitPhoto },
        },
      },
      async (request, reply) => {
        const { accountId } = actorOf(request);
        const photo = await keepPhoto(context, `visits/${accountId}`, request.body);
        const id = await addWaitingPhoto(db, 'visit_photo', { ...photo, accountId }, now());
        if (id === undefined) {
          await store.remove(photo.shownKey);
          throw new Problem('conflict', said('too_many_visit_photos'));
        }
        const row = await db.selectFrom('visit_photo').selectAll().where('id', '=', id).executeTakeFirst();
        if (row === undefined) throw notFound('photo');
        return await reply.code(201).send(visitPhotoItem(files, row));
      },
    );
  });
}
