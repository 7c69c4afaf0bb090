import { Type } from 'typebox';
import { said } from '../../domain/said.ts';
import { sha256 } from '../../evidence/keys.ts';
import { ObjectMissing } from '../../evidence/object-store.ts';
import { PictureError } from '../../media/picture-error.ts';
import type { App } from '../app-type.ts';
import type { ApiContext } from '../context.ts';
import { notFound, Problem } from '../problem.ts';
import { ById } from '../schemas/common.ts';
import { createThumbnails } from '../thumbnails.ts';

const Query = Type.Object({
  expires: Type.Integer({ minimum: 0 }),
  signature: Type.String({ maxLength: 64 }),
});

/** The frames of a look side by side, small: one request where the desk would make one a frame. */
export function lookStripRoutes(app: App, { db, files, store, now }: ApiContext): void {
  const thumbnails = createThumbnails();
  const load = (key: string): Promise<Buffer> =>
    store.get(key).catch((error: unknown) => {
      throw error instanceof ObjectMissing ? notFound('file') : error;
    });

  app.get(
    '/files/strip/:id',
    {
      schema: {
        tags: ['files'],
        summary: 'All frames of a look side by side, by the signed address of its first frame',
        security: [],
        params: ById,
        querystring: Query,
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const { expires, signature } = request.query;
      if (!files.check({ kind: 'strip', id, version: '', grant: '', expires, signature })) {
        throw new Problem('not-allowed', said('address_over'));
      }
      const frames = await db
        .selectFrom('evidence as asked')
        .innerJoin('evidence', (join) =>
          join
            .onRef('evidence.finding_id', '=', 'asked.finding_id')
            .onRef('evidence.look_id', '=', 'asked.look_id'),
        )
        .select(['evidence.object_key', 'evidence.sha256', 'evidence.detail'])
        .where('asked.id', '=', id)
        .where('evidence.kind', '=', 'frame')
        .orderBy('evidence.captured_at')
        .orderBy('evidence.id')
        .execute();
      if (frames.length === 0) throw notFound('file');
      const shown = frames.map(({ detail, object_key, sha256: hash }) => ({
        key: detail.shown?.key ?? object_key,
        hash: detail.shown?.sha256 ?? hash,
      }));
      const hash = sha256(Buffer.from(shown.map((one) => one.hash).join()));
      const etag = `"${hash}-strip"`;
      const left = Math.max(0, Math.floor(expires - now().getTime() / 1000));
      reply.headers({
        etag,
        'cache-control': `private, max-age=${left}`,
        'x-content-type-options': 'nosniff',
      });
      if (request.headers['if-none-match'] === etag) return await reply.code(304).send();
      const bytes = await thumbnails
        .strip(hash, () => Promise.all(shown.map(({ key }) => load(key))))
        .catch((error: unknown) => {
          throw error instanceof PictureError ? notFound('file') : error;
        });
      return await reply.type('image/jpeg').send(bytes);
    },
  );
}
