import type { Static } from 'typebox';
import { auditedAdd, auditedChange } from '../../db/registry-audit.ts';
import { said } from '../../domain/said.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import { authorOf } from '../author.ts';
import type { ApiContext } from '../context.ts';
import { CODE_PART, DEFAULT_LIMIT, decodeCursor, pageOf } from '../cursor.ts';
import { notFound, Problem } from '../problem.ts';
import { isIdOrCode } from '../queries/by-id.ts';
import { regionByCode } from '../queries/refs.ts';
import { ByIdOrCode, Nothing, Page } from '../schemas/common.ts';
import { NewRegion, Region, RegionChange, RegionQuery } from '../schemas/registry.ts';
import { inScope, mayEverywhere, seen } from '../scope.ts';
import { checkTimeZone } from '../time-zone.ts';

const tags = ['registry'];
const PLACE = { regionPath: 'region.path', merchantId: null };

interface Row {
  id: string;
  code: string;
  path: string;
  level: Static<typeof Region>['level'];
  name: string;
  time_zone: string;
  created_at: Date;
}

const item = (row: Row): Static<typeof Region> => ({
  id: row.id,
  code: row.code,
  path: row.path,
  level: row.level,
  name: row.name,
  timeZone: row.time_zone,
  createdAt: row.created_at.toISOString(),
});

export function regionRoutes(api: App, context: ApiContext): void {
  const { db } = context;
  const find = async (idOrCode: string) => {
    const row = await db
      .selectFrom('region')
      .selectAll()
      .where(isIdOrCode('region', idOrCode))
      .executeTakeFirst();
    return row && { ...row, regionPath: row.path, merchantId: null };
  };

  api.get(
    '/regions',
    {
      config: { access: 'registry.read' },
      schema: { tags, summary: 'Regions', querystring: RegionQuery, response: { 200: Page(Region) } },
    },
    async (request) => {
      const { limit = DEFAULT_LIMIT, parent } = request.query;
      const after = decodeCursor(request.query.cursor, [CODE_PART]);
      let query = db
        .selectFrom('region')
        .selectAll('region')
        .where(inScope(actorOf(request), PLACE))
        .orderBy('region.code')
        .limit(limit + 1);
      if (after) query = query.where('region.code', '>', after[0]);
      if (parent !== undefined) {
        query = query
          .innerJoin('region as parent', 'parent.id', 'region.parent_id')
          .where('parent.code', '=', parent);
      }
      return pageOf(await query.execute(), limit, (row) => [row.code], item);
    },
  );

  api.get(
    '/regions/:id',
    {
      config: { access: 'registry.read' },
      schema: { tags, summary: 'One region', params: ByIdOrCode, response: { 200: Region } },
    },
    async (request) => item(seen(actorOf(request), 'registry.read', await find(request.params.id), 'region')),
  );

  api.post(
    '/regions',
    {
      config: { access: 'registry.write' },
      schema: { tags, summary: 'Add a region', body: NewRegion, response: { 201: Region } },
    },
    async (request, reply) => {
      const { code, parent, level, name, timeZone } = request.body;
      const actor = actorOf(request);
      checkTimeZone(timeZone);
      if ((parent === undefined || parent === null) && !mayEverywhere(actor)) {
        throw new Problem('not-allowed', said('region_without_parent'));
      }
      const above =
        parent === undefined || parent === null ? undefined : await regionByCode(db, actor, parent, 'parent');
      const row = await auditedAdd(db, 'region', authorOf(request, context), (tx) =>
        tx
          .insertInto('region')
          .values({
            code,
            parent_id: above?.id ?? null,
            path: above === undefined ? code : `${above.path}.${code}`,
            level,
            name,
            ...(timeZone === undefined ? {} : { time_zone: timeZone }),
          })
          .returningAll()
          .executeTakeFirstOrThrow(),
      );
      return await reply.code(201).send(item(row));
    },
  );

  api.patch(
    '/regions/:id',
    {
      config: { access: 'registry.write' },
      schema: {
        tags,
        summary: 'Change a region; its code and its place in the tree stay',
        params: ByIdOrCode,
        body: RegionChange,
        response: { 200: Region },
      },
    },
    async (request) => {
      const { id } = seen(actorOf(request), 'registry.write', await find(request.params.id), 'region');
      const { level, name, timeZone } = request.body;
      checkTimeZone(timeZone);
      const row = await auditedChange(db, 'region', id, authorOf(request, context), (tx) =>
        tx
          .updateTable('region')
          .set({
            id,
            ...(level && { level }),
            ...(name && { name }),
            ...(timeZone && { time_zone: timeZone }),
          })
          .where('id', '=', id)
          .returningAll()
          .executeTakeFirst(),
      );
      if (row === undefined) throw notFound('region');
      return item(row);
    },
  );

  api.delete(
    '/regions/:id',
    {
      config: { access: 'registry.write' },
      schema: { tags, summary: 'Remove an empty region', params: ByIdOrCode, response: { 204: Nothing } },
    },
    async (request, reply) => {
      const { id } = seen(actorOf(request), 'registry.write', await find(request.params.id), 'region');
      await auditedChange(db, 'region', id, authorOf(request, context), (tx) =>
        tx.deleteFrom('region').where('id', '=', id).execute(),
      );
      return await reply.code(204).send(null);
    },
  );
}
