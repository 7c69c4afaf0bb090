import { type SqlBool, sql } from 'kysely';
import { Type } from 'typebox';
import { auditedChange } from '../../db/registry-audit.ts';
import { wgs84OfGcj02 } from '../../domain/gcj02.ts';
import { GEO_SYSTEMS, type GeoPoint, type GeoSystem, PLACE_HOWS } from '../../domain/geo.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import { authorOf } from '../author.ts';
import type { ApiContext } from '../context.ts';
import { isIdOrCode } from '../queries/by-id.ts';
import { placeColumns, placeOf } from '../queries/geo.ts';
import { ByIdOrCode, Closed, Nullable, ShortCode, Uuid } from '../schemas/common.ts';
import { GeoPlace } from '../schemas/registry.ts';
import { inRegion, inScope, seen } from '../scope.ts';

const PlaceBody = Type.Object(
  {
    /** null: it is not known any more. */
    place: Nullable(GeoPlace),
    /** Picked on the map, typed, or where the device of somebody on the spot believed itself. */
    how: Type.Enum([...PLACE_HOWS]),
    /** Which degrees `place` has; wgs84 unless told. Those of map sites are converted. */
    system: Type.Optional(Type.Enum([...GEO_SYSTEMS])),
    /** Metres, as the device states it. */
    accuracyM: Type.Optional(Type.Number({ minimum: 0, maximum: 100_000, right: 'metres, 0 to 100000' })),
  },
  { ...Closed, title: 'MerchantPlaceChange' },
);

/** Dots on a map at most: where there are more, a map shows the regions, and asks again for one of them. */
const MOST = 5000;
const PLACE = { regionPath: 'region.path', merchantId: 'merchant.id' };

const MerchantPlaces = Type.Object(
  {
    /** Merchants, and those of them that have a place. */
    total: Type.Integer(),
    placed: Type.Integer(),
    /** Empty when more than 5,000 have one. */
    items: Type.Array(
      Type.Object({
        id: Uuid,
        name: Type.String(),
        lat: Type.Number(),
        lon: Type.Number(),
      }),
    ),
  },
  { title: 'MerchantPlaces' },
);

/** Where merchants are, set by those who go there: for the map and for the way. */
export function merchantPlaceRoutes(api: App, context: ApiContext): void {
  const { db } = context;

  api.get(
    '/merchant-places',
    {
      config: { access: 'registry.read' },
      schema: {
        tags: ['registry'],
        summary: 'Where the merchants of a region are, in one answer: for a map',
        querystring: Type.Object({ region: Type.Optional(ShortCode) }, Closed),
        response: { 200: MerchantPlaces },
      },
    },
    async (request) => {
      const { region } = request.query;
      const inside = db
        .selectFrom('merchant')
        .innerJoin('region', 'region.id', 'merchant.region_id')
        .where(inScope(actorOf(request), PLACE))
        .where(region === undefined ? sql<SqlBool>`true` : inRegion('region.path', region));
      const { total, placed } = await inside
        .select([sql<number>`count(*)::int`.as('total'), sql<number>`count(merchant.lat)::int`.as('placed')])
        .executeTakeFirstOrThrow();
      if (placed > MOST) return { total, placed, items: [] };
      const rows = await inside
        .select(['merchant.id', 'merchant.name', 'merchant.lat', 'merchant.lon'])
        .where('merchant.lat', 'is not', null)
        .orderBy('merchant.code')
        .execute();
      const items = rows.flatMap(({ id, name, lat, lon }) =>
        lat === null || lon === null ? [] : [{ id, name, lat, lon }],
      );
      return { total, placed, items };
    },
  );

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
      const { place: given, how, accuracyM, system = 'wgs84' } = request.body;
      const place = given === null ? null : inWgs84(given, system);
      const row = await db
        .selectFrom('merchant')
        .innerJoin('region', 'region.id', 'merchant.region_id')
        .select(['merchant.id', 'merchant.id as merchantId', 'region.path as regionPath'])
        .where(isIdOrCode('merchant', request.params.id))
        .executeTakeFirst();
      const { id } = seen(actorOf(request), 'merchant.place', row, 'merchant');
      const note = [
        ...(accuracyM === undefined ? [] : [`± ${Math.round(accuracyM)} m`]),
        ...(system === 'gcj02' ? ['GCJ-02'] : []),
      ].join(', ');
      const author = { ...authorOf(request, context), reason: how, ...(note !== '' && { note }) };
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

function inWgs84({ lat, lon }: GeoPoint, system: GeoSystem): GeoPoint {
  if (system === 'wgs84') return { lat, lon };
  const [x, y] = wgs84OfGcj02([lon, lat]);
  // Seven decimals: a centimetre, more than any map knows.
  return { lat: Number(y.toFixed(7)), lon: Number(x.toFixed(7)) };
}
