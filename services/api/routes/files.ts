import { Type } from 'typebox';
import { recordLiveLook } from '../../db/live.ts';
import { said } from '../../domain/said.ts';
import { sha256 } from '../../evidence/keys.ts';
import { ObjectMissing } from '../../evidence/object-store.ts';
import { THUMBNAIL_WIDTHS } from '../../media/thumbnail.ts';
import type { App } from '../app-type.ts';
import { parseRange } from '../byte-range.ts';
import type { ApiContext } from '../context.ts';
import { COMMON_FILE_KINDS } from '../file-address.ts';
import { invalid, notFound, Problem } from '../problem.ts';
import { Uuid } from '../schemas/common.ts';
import { findFile } from '../stored-file.ts';
import { createThumbnails } from '../thumbnails.ts';

const FileParams = Type.Object({ kind: Type.Enum([...COMMON_FILE_KINDS]), id: Uuid });
const FileQuery = Type.Object({
  version: Type.Optional(Type.String({ maxLength: 20 })),
  grant: Type.Optional(Type.String({ maxLength: 36 })),
  /** Of a picture: a small copy. Not signed: who may see the picture may see it small. */
  width: Type.Optional(Type.Union(THUMBNAIL_WIDTHS.map((width) => Type.Literal(width)))),
  expires: Type.Integer({ minimum: 0 }),
  signature: Type.String({ maxLength: 64 }),
});

/** Pictures and clips by their signed addresses (file-address.ts). */
export function fileRoutes(app: App, context: ApiContext): void {
  const { db, files, store, now } = context;
  const thumbnails = createThumbnails();

  const load = (key: string): Promise<Buffer> =>
    store.get(key).catch((error: unknown) => {
      throw error instanceof ObjectMissing ? notFound('file') : error;
    });
  app.get(
    '/files/:kind/:id',
    {
      exposeHeadRoute: true,
      schema: {
        tags: ['files'],
        summary: 'A picture or clip by its signed address, whole or in part (Range)',
        security: [],
        params: FileParams,
        querystring: FileQuery,
      },
    },
    async (request, reply) => {
      const { kind, id } = request.params;
      const { version = '', grant = '', width, expires, signature } = request.query;
      if (!files.check({ kind, id, version, grant, expires, signature })) {
        throw new Problem('not-allowed', said('address_over'));
      }
      // The look is kept before anything is shown; a browser that shows its own copy again does not look anew.
      if (kind === 'picture' && !(await recordLiveLook(db, grant, id, now())))
        throw new Problem('purpose-required', said('purpose_over'));
      const file = await findFile(db, kind, id);
      if (file === undefined) throw notFound('file');
      if (width !== undefined && file.contentType !== 'image/jpeg')
        throw invalid({ field: 'query.width', ...said('pictures_only') });
      // A camera's last picture is overwritten: what it is now shows only when it is read.
      const original = file.sha256 === null ? await load(file.key) : undefined;
      const hash = file.sha256 ?? sha256(original ?? Buffer.of());
      const whole = async (): Promise<Buffer> => original ?? (await load(file.key));
      const etag = width === undefined ? `"${hash}"` : `"${hash}-${width}"`;
      const same = request.headers['if-none-match'] === etag;
      const bytes = same
        ? undefined
        : await (width === undefined ? whole() : thumbnails.get(hash, width, whole));
      const left = Math.max(0, Math.floor(expires - now().getTime() / 1000));
      reply.headers({
        etag,
        'accept-ranges': 'bytes',
        'cache-control': `private, max-age=${left}`,
        'content-disposition': 'inline',
        'x-content-type-options': 'nosniff',
      });
      if (bytes === undefined) return await reply.code(304).send();
      reply.type(file.contentType);
      const ifRange = request.headers['if-range'];
      const range =
        ifRange === undefined || ifRange === etag
          ? parseRange(request.headers.range, bytes.length)
          : undefined;
      if (range === undefined) return await reply.send(bytes);
      if (range === 'unsatisfiable') {
        reply.header('content-range', `bytes */${bytes.length}`);
        throw new Problem('range-not-satisfiable', said('file_has_bytes', { bytes: bytes.length }));
      }
      reply.header('content-range', `bytes ${range.from}-${range.to}/${bytes.length}`);
      return await reply.code(206).send(bytes.subarray(range.from, range.to + 1));
    },
  );
}
