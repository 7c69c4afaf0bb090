import type { Static } from 'typebox';
import { auditedAdd, auditedChange } from '../../db/registry-audit.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import { authorOf } from '../author.ts';
import type { ApiContext } from '../context.ts';
import { CODE_PART, DEFAULT_LIMIT, decodeCursor, pageOf } from '../cursor.ts';
import { merchantByCode } from '../queries/refs.ts';
import { ById, Nothing, Page } from '../schemas/common.ts';
import { NewZone, Zone, ZoneChange, ZoneQuery } from '../schemas/registry.ts';
import { inScope, seen } from '../scope.ts';

const tags = ['registry'];
const PLACE = { regionPath: 'region.path', merchantId: 'merchant.id' };

export function zoneRoutes(api: App, context: ApiContext): void {
  const { db } = context;
  const select = () =>
    db
      .selectFrom('zone')
      .innerJoin('merchant', 'merchant.id', 'zone.merchant_id')
      .innerJoin('region', 'region.id', 'merchant.region_id')
      .selectAll('zone')
      .select([
        'merchant.id as merchantId',
        'merchant.code as merchant_code',
        'merchant.name as merchant_name',
        'region.path as regionPath',
      ]);
  type Row = Awaited<ReturnType<ReturnType<typeof select>['executeTakeFirstOrThrow']>>;
  const item = (row: Row): Static<typeof Zone> => ({
    id: row.id,
    code: row.code,
    kind: row.kind,
    name: row.name,
    merchant: { id: row.merchantId, code: row.merchant_code, name: row.merchant_name },
  });
  const find = (id: string) => select().where('zone.id', '=', id).executeTakeFirst();
  const one = async (id: string) => item(await select().where('zone.id', '=', id).executeTakeFirstOrThrow());

  api.get(
    '/zones',
    {
      config: { access: 'registry.read' },
      schema: { tags, summary: 'Zones (功能区)', querystring: ZoneQuery, response: { 200: Page(Zone) } },
    },
    async (request) => {
      const { limit = DEFAULT_LIMIT, merchant } = request.query;
      const after = decodeCursor(request.query.cursor, [CODE_PART, CODE_PART]);
      let query = select()
        .where(inScope(actorOf(request), PLACE))
        .orderBy('merchant.code')
        .orderBy('zone.code')
        .limit(limit + 1);
      if (merchant !== undefined) query = query.where('merchant.code', '=', merchant);
      if (after) {
        query = query.where((eb) =>
          eb(eb.refTuple('merchant.code', 'zone.code'), '>', eb.tuple(after[0], after[1])),
        );
      }
      return pageOf(await query.execute(), limit, (row) => [row.merchant_code, row.code], item);
    },
  );

  api.get(
    '/zones/:id',
    {
      config: { access: 'registry.read' },
      schema: { tags, summary: 'One zone', params: ById, response: { 200: Zone } },
    },
    async (request) => item(seen(actorOf(request), 'registry.read', await find(request.params.id), 'zone')),
  );

  api.post(
    '/zones',
    {
      config: { access: 'registry.write' },
      schema: { tags, summary: 'Add a zone', body: NewZone, response: { 201: Zone } },
    },
    async (request, reply) => {
      const { merchant, code, kind, name } = request.body;
      const owner = await merchantByCode(db, actorOf(request), merchant);
      const { id } = await auditedAdd(db, 'zone', authorOf(request, context), (tx) =>
        tx
          .insertInto('zone')
          .values({ merchant_id: owner.id, code, kind, name })
          .returning('id')
          .executeTakeFirstOrThrow(),
      );
      return await reply.code(201).send(await one(id));
    },
  );

  api.patch(
    '/zones/:id',
    {
      config: { access: 'registry.write' },
      schema: { tags, summary: 'Change a zone', params: ById, body: ZoneChange, response: { 200: Zone } },
    },
    async (request) => {
      const { id } = seen(actorOf(request), 'registry.write', await find(request.params.id), 'zone');
      await auditedChange(db, 'zone', id, authorOf(request, context), (tx) =>
        tx
          .updateTable('zone')
          .set({ id, ...request.body })
          .where('id', '=', id)
          .execute(),
      );
      return await one(id);
    },
  );

  api.delete(
    '/zones/:id',
    {
      config: { access: 'registry.write' },
      schema: { tags, summary: 'Remove a zone without cameras', params: ById, response: { 204: Nothing } },
    },
    async (request, reply) => {
      const { id } = seen(actorOf(request), 'registry.write', await find(request.params.id), 'zone');
      await auditedChange(db, 'zone', id, authorOf(request, context), (tx) =>
        tx.deleteFrom('zone').where('id', '=', id).execute(),
      );
      return await reply.code(204).send(null);
    },
  );
}
