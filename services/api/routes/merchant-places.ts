import { Type } from 'typebox';
import { auditedChange } from '../../db/registry-audit.ts';
import { PLACE_HOWS } from '../../domain/geo.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import { authorOf } from '../author.ts';
import type { ApiContext } from '../context.ts';
import { isIdOrCode } from '../queries/by-id.ts';
import { placeColumns, placeOf } from '../queries/geo.ts';
import { ByIdOrCode, Closed, Nullable } from '../schemas/common.ts';
import { GeoPlace } from '../schemas/registry.ts';
import { seen } from '../scope.ts';

const PlaceBody = Type.Object(
  {
    /** null: it is not known any more. */
    place: Nullable(GeoPlace),
    /** Picked on the map, typed, or where the device of somebody on the spot believed itself. */
    how: Type.Enum([...PLACE_HOWS]),
    /** Metres, as the device states it. */
    accuracyM: Type.Optional(Type.Number({ minimum: 0, maximum: 100_000, right: 'metres, 0 to 100000' })),
  },
  { ...Closed, title: 'MerchantPlaceChange' },
);

/** Where a merchant is, set by those who go there: for the map and for the way. */
export function merchantPlaceRoutes(api: App, context: ApiContext): void {
  const { db } = context;
  api.put(
    '/merchants/:id/place',
    {
      config: { access: 'merchant.place' },
      schema: {
        tags: ['registry'],
        summary: 'Set where a merchant is; the audit keeps how it was found out',
        params: ByIdOrCode,
        body: PlaceBody,
        response: { 200: Type.Object({ place: Nullable(GeoPlace) }) },
      },
    },
    async (request) => {
      const { place, how, accuracyM } = request.body;
      const row = await db
        .selectFrom('merchant')
        .innerJoin('region', 'region.id', 'merchant.region_id')
        .select(['merchant.id', 'merchant.id as merchantId', 'region.path as regionPath'])
        .where(isIdOrCode('merchant', request.params.id))
        .executeTakeFirst();
      const { id } = seen(actorOf(request), 'merchant.place', row, 'merchant');
      const author = {
        ...authorOf(request, context),
        reason: how,
        ...(accuracyM !== undefined && { note: `± ${Math.round(accuracyM)} m` }),
      };
      const set = placeColumns({ place, address: undefined, phone: undefined });
      const written = await auditedChange(db, 'merchant', id, author, (tx) =>
        tx
          .updateTable('merchant')
          .set(set)
          .where('id', '=', id)
          .returning(['lat', 'lon'])
          .executeTakeFirstOrThrow(),
      );
      return { place: placeOf(written) };
    },
  );
}
