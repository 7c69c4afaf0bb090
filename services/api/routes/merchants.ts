import type { Static } from 'typebox';
import { auditedAdd, auditedChange } from '../../db/registry-audit.ts';
import type { OpeningHours } from '../../domain/hours.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import { authorOf } from '../author.ts';
import type { ApiContext } from '../context.ts';
import { CODE_PART, DEFAULT_LIMIT, decodeCursor, pageOf } from '../cursor.ts';
import { containing, isIdOrCode } from '../queries/by-id.ts';
import { placeColumns, placeOf } from '../queries/geo.ts';
import { regionByCode } from '../queries/refs.ts';
import { ByIdOrCode, Nothing, Page } from '../schemas/common.ts';
import { Merchant, MerchantChange, MerchantQuery, NewMerchant } from '../schemas/registry.ts';
import { inRegion, inScope, seen } from '../scope.ts';

const tags = ['registry'];
const PLACE = { regionPath: 'region.path', merchantId: 'merchant.id' };

export function merchantRoutes(api: App, context: ApiContext): void {
  const { db } = context;
  const select = () =>
    db
      .selectFrom('merchant')
      .innerJoin('region', 'region.id', 'merchant.region_id')
      .selectAll('merchant')
      .select([
        'merchant.id as merchantId',
        'region.path as regionPath',
        'region.code as region_code',
        'region.name as region_name',
      ]);
  type Row = Awaited<ReturnType<ReturnType<typeof select>['executeTakeFirstOrThrow']>>;
  const item = (row: Row): Static<typeof Merchant> => ({
    id: row.id,
    code: row.code,
    name: row.name,
    type: row.type,
    level: row.level,
    licenceNo: row.licence_no,
    openingHours: row.opening_hours,
    place: placeOf(row),
    address: row.address,
    phone: row.phone,
    region: { id: row.region_id, code: row.region_code, path: row.regionPath, name: row.region_name },
    createdAt: row.created_at.toISOString(),
  });
  const find = (idOrCode: string) => select().where(isIdOrCode('merchant', idOrCode)).executeTakeFirst();
  const one = async (id: string) =>
    item(await select().where('merchant.id', '=', id).executeTakeFirstOrThrow());
  const hours = (value: OpeningHours | null | undefined) =>
    value === undefined ? {} : { opening_hours: value === null ? null : JSON.stringify(value) };

  api.get(
    '/merchants',
    {
      config: { access: 'registry.read' },
      schema: { tags, summary: 'Merchants', querystring: MerchantQuery, response: { 200: Page(Merchant) } },
    },
    async (request) => {
      const { limit = DEFAULT_LIMIT, region, search, placed } = request.query;
      const after = decodeCursor(request.query.cursor, [CODE_PART]);
      let query = select()
        .where(inScope(actorOf(request), PLACE))
        .orderBy('merchant.code')
        .limit(limit + 1);
      if (after) query = query.where('merchant.code', '>', after[0]);
      if (search !== undefined) {
        query = query.where((eb) =>
          eb.or([
            eb('merchant.name', 'ilike', containing(search)),
            eb('merchant.code', 'ilike', containing(search)),
          ]),
        );
      }
      if (region !== undefined) query = query.where(inRegion('region.path', region));
      if (placed !== undefined) query = query.where('merchant.lat', placed ? 'is not' : 'is', null);
      return pageOf(await query.execute(), limit, (row) => [row.code], item);
    },
  );

  api.get(
    '/merchants/:id',
    {
      config: { access: 'registry.read' },
      schema: { tags, summary: 'One merchant', params: ByIdOrCode, response: { 200: Merchant } },
    },
    async (request) =>
      item(seen(actorOf(request), 'registry.read', await find(request.params.id), 'merchant')),
  );

  api.post(
    '/merchants',
    {
      config: { access: 'registry.write' },
      schema: { tags, summary: 'Add a merchant', body: NewMerchant, response: { 201: Merchant } },
    },
    async (request, reply) => {
      const {
        code,
        region,
        name,
        type,
        level,
        licenceNo,
        openingHours,
        place: at,
        address,
        phone,
      } = request.body;
      const place = await regionByCode(db, actorOf(request), region);
      const { id } = await auditedAdd(db, 'merchant', authorOf(request, context), (tx) =>
        tx
          .insertInto('merchant')
          .values({
            code,
            region_id: place.id,
            name,
            type,
            licence_no: licenceNo ?? null,
            opening_hours: null,
            ...(level && { level }),
            ...hours(openingHours),
            ...placeColumns({ place: at, address, phone }),
          })
          .returning('id')
          .executeTakeFirstOrThrow(),
      );
      return await reply.code(201).send(await one(id));
    },
  );

  api.patch(
    '/merchants/:id',
    {
      config: { access: 'registry.write' },
      schema: {
        tags,
        summary: 'Change a merchant; its code stays',
        params: ByIdOrCode,
        body: MerchantChange,
        response: { 200: Merchant },
      },
    },
    async (request) => {
      const actor = actorOf(request);
      const { id } = seen(actor, 'registry.write', await find(request.params.id), 'merchant');
      const { region, name, type, level, licenceNo, openingHours, place: at, address, phone } = request.body;
      const place = region === undefined ? undefined : await regionByCode(db, actor, region);
      await auditedChange(db, 'merchant', id, authorOf(request, context), (tx) =>
        tx
          .updateTable('merchant')
          .set({
            id,
            ...(place && { region_id: place.id }),
            ...(name && { name }),
            ...(type && { type }),
            ...(level && { level }),
            ...(licenceNo !== undefined && { licence_no: licenceNo }),
            ...hours(openingHours),
            ...placeColumns({ place: at, address, phone }),
          })
          .where('id', '=', id)
          .execute(),
      );
      return await one(id);
    },
  );

  api.delete(
    '/merchants/:id',
    {
      config: { access: 'registry.write' },
      schema: {
        tags,
        summary: 'Remove a merchant that has no zones, cameras or tasks',
        params: ByIdOrCode,
        response: { 204: Nothing },
      },
    },
    async (request, reply) => {
      const { id } = seen(actorOf(request), 'registry.write', await find(request.params.id), 'merchant');
      await auditedChange(db, 'merchant', id, authorOf(request, context), (tx) =>
        tx.deleteFrom('merchant').where('id', '=', id).execute(),
      );
      return await reply.code(204).send(null);
    },
  );
}
