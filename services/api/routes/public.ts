import { createHmac, hkdfSync, randomInt } from 'node:crypto';
import { type Static, Type } from 'typebox';
import { takeAttempt } from '../../db/attempt-window.ts';
import { loadOpenKitchens, type OpenKitchen, redactedPicture, shownNow } from '../../db/public-kitchens.ts';
import { wantPictures } from '../../db/public-pictures.ts';
import { receiveTip } from '../../db/tips.ts';
import { isOpen } from '../../domain/hours.ts';
import { publicState, withheldBecause } from '../../domain/public-view.ts';
import { said } from '../../domain/said.ts';
import { ObjectMissing } from '../../evidence/object-store.ts';
import type { App } from '../app-type.ts';
import type { ApiContext } from '../context.ts';
import { CODE_PART, decodeCursor, encodeCursor } from '../cursor.ts';
import { notFound, Problem } from '../problem.ts';
import { createPublicCache } from '../public-cache.ts';
import { Closed, Code, Page, Uuid } from '../schemas/common.ts';
import { NewTip, PublicKitchen, PublicKitchenQuery, TipCode, TipReceipt } from '../schemas/public.ts';

const tags = ['public'];
const PAGE = 24;
/** Milliseconds that an answer is the same for everybody. */
const SAME_MS = 10_000;
/** Pictures in memory: some 20 kB each. */
const MOST_PICTURES = 500;
/** Tips of one address in an hour, and of one address about one kitchen in a day. */
const TIPS = { max: 5, windowS: 3600 };
const TIPS_OF_KITCHEN = { max: 3, windowS: 86_400 };
/** Letters and figures that nobody mistakes for each other. */
const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';

const PictureParams = Type.Object({ id: Uuid }, Closed);
const PictureQuery = Type.Object(
  {
    version: Type.String({ maxLength: 30 }),
    expires: Type.Integer({ minimum: 0 }),
    signature: Type.String({ maxLength: 64 }),
  },
  Closed,
);

/** What anybody may see without an account: kitchens that are open, redacted and late; and tips. */
export function publicRoutes(api: App, context: ApiContext): void {
  const { db, files, store, now } = context;
  const pages = createPublicCache<Static<ReturnType<typeof Page<typeof PublicKitchen>>>>({
    lifeMs: SAME_MS,
    most: 1000,
    now,
  });
  const pictures = createPublicCache<Buffer>({ lifeMs: 60_000, most: MOST_PICTURES, now });
  const hashKey = Buffer.from(
    hkdfSync('sha256', context.config.secretKey, '', 'mingzao tip addresses v1', 32),
  );

  const item = (kitchen: OpenKitchen): Static<typeof PublicKitchen> => {
    const { merchantId: _, openingHours, timeZone, cameras, ...rest } = kitchen;
    const at = now();
    const open = isOpen(openingHours, timeZone, at);
    return {
      ...rest,
      cameras: cameras.map((camera) => {
        const picture = shownNow(camera, at);
        const takenAt = picture && new Date(picture.takenAt);
        const because = withheldBecause(camera.withheld);
        const state = publicState(
          { state: camera.state, open },
          takenAt && { takenAt },
          because !== null,
          at,
        );
        const address = takenAt && files.address('public', camera.id, String(takenAt.getTime()));
        const shown = state === 'shown' ? address : null;
        return {
          id: camera.id,
          zoneKind: camera.zoneKind,
          state,
          withheldBecause: state === 'withheld' ? because : null,
          since: state === 'offline' && camera.stateSince ? new Date(camera.stateSince).toISOString() : null,
          picture: shown ?? null,
          takenAt: shown && takenAt ? takenAt.toISOString() : null,
        };
      }),
    };
  };
  const ask = async (query: Parameters<typeof loadOpenKitchens>[1]) => {
    const kitchens = await loadOpenKitchens(db, query);
    const cameras = kitchens.slice(0, PAGE).flatMap((kitchen) => kitchen.cameras.map(({ id }) => id));
    await wantPictures(db, cameras, now());
    return kitchens;
  };

  api.get(
    '/public/kitchens',
    {
      config: { access: 'open' },
      schema: {
        tags,
        security: [],
        summary:
          'Kitchens that are open to the public: redacted pictures at least a minute old, and their honest state',
        querystring: PublicKitchenQuery,
        response: { 200: Page(PublicKitchen) },
      },
    },
    async (request, reply) => {
      const { cursor, region, search } = request.query;
      const [after] = decodeCursor(cursor, [CODE_PART]) ?? [];
      reply.header('cache-control', 'public, max-age=10');
      return await pages.get(JSON.stringify([after, region, search]), async () => {
        const rows = await ask({
          limit: PAGE + 1,
          ...(after === undefined ? {} : { after }),
          ...(region === undefined ? {} : { region }),
          ...(search === undefined ? {} : { search }),
        });
        const shown = rows.slice(0, PAGE);
        const last = shown.at(-1);
        return {
          items: shown.map(item),
          nextCursor: rows.length > PAGE && last ? encodeCursor([last.code]) : null,
        };
      });
    },
  );

  api.get(
    '/public/kitchens/:code',
    {
      config: { access: 'open' },
      schema: {
        tags,
        security: [],
        summary: 'One open kitchen',
        params: Type.Object({ code: Code }, Closed),
        response: { 200: PublicKitchen },
      },
    },
    async (request, reply) => {
      const { code } = request.params;
      const page = await pages.get(`code ${code}`, async () => ({
        items: (await ask({ code, limit: 1 })).map(item),
        nextCursor: null,
      }));
      const kitchen = page.items[0];
      if (kitchen === undefined) throw notFound('open kitchen');
      reply.header('cache-control', 'public, max-age=10');
      return kitchen;
    },
  );

  api.get(
    '/public/pictures/:id',
    {
      config: { access: 'open' },
      schema: {
        tags,
        security: [],
        summary: 'A redacted picture by its short-lived address',
        produces: ['image/jpeg'],
        params: PictureParams,
        querystring: PictureQuery,
        response: { 200: Type.Unsafe<Buffer>(Type.String({ format: 'binary' })) },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const { version, expires, signature } = request.query;
      if (!files.check({ kind: 'public', id, version, grant: '', expires, signature }))
        throw new Problem('not-allowed', said('page_over'));
      const bytes = await pictures.get(`${id} ${version}`, async () => {
        const takenAt = new Date(Number(version)).toISOString();
        const picture = await redactedPicture(db, id, takenAt, now());
        if (picture === undefined) throw notFound('picture');
        return await store.get(picture.key).catch((error: unknown) => {
          throw error instanceof ObjectMissing ? notFound('picture') : error;
        });
      });
      return await reply
        .type('image/jpeg')
        .headers({ 'cache-control': 'public, max-age=60', 'x-content-type-options': 'nosniff' })
        .send(bytes);
    },
  );

  api.post(
    '/public/tips',
    {
      config: { access: 'open' },
      schema: {
        tags,
        security: [],
        summary: 'Tell the bureau what you saw; the receipt tells later what became of it',
        body: NewTip,
        response: { 201: TipReceipt },
      },
    },
    async (request, reply) => {
      const { kitchen, text, contact = '' } = request.body;
      const merchant = await db
        .selectFrom('merchant')
        .innerJoin('region', 'region.id', 'merchant.region_id')
        .select(['merchant.id', 'merchant.code', 'region.path as regionPath'])
        .where('merchant.code', '=', kitchen)
        .executeTakeFirst();
      if (merchant === undefined) throw notFound('kitchen');
      const address = createHmac('sha256', hashKey).update(request.ip).digest('base64url');
      const waits = [
        await takeAttempt(db, `tip|${address}`, TIPS, now()),
        await takeAttempt(db, `tip|${address}|${merchant.id}`, TIPS_OF_KITCHEN, now()),
      ].filter((wait) => wait !== undefined);
      if (waits.length > 0) {
        const retryAfterS = Math.max(...waits);
        throw new Problem('too-many-attempts', said('enough_tips'), { retryAfterS });
      }
      const code = Array.from({ length: 12 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
      const tip = { code, merchant, text: text.trim(), contact, addressHash: address };
      await db.transaction().execute((tx) => receiveTip(tx, tip, now()));
      return await reply.code(201).send({ code, state: 'new', answer: '', decidedAt: null });
    },
  );

  api.get(
    '/public/tips/:code',
    {
      config: { access: 'open' },
      schema: {
        tags,
        security: [],
        summary: 'What became of a tip',
        params: TipCode,
        response: { 200: TipReceipt },
      },
    },
    async (request) => {
      const row = await db
        .selectFrom('tip')
        .select(['code', 'state', 'answer', 'decided_at'])
        .where('code', '=', request.params.code)
        .executeTakeFirst();
      if (row === undefined) throw notFound('tip');
      const { decided_at, ...rest } = row;
      return { ...rest, decidedAt: decided_at?.toISOString() ?? null };
    },
  );
}
