import { removeBoundary, writeBoundaries } from '../../db/region-boundaries.ts';
import { said } from '../../domain/said.ts';
import type { App } from '../app-type.ts';
import { actorOf } from '../auth.ts';
import { authorOf } from '../author.ts';
import type { ApiContext } from '../context.ts';
import { DEFAULT_LIMIT, decodeCursor, pageOf } from '../cursor.ts';
import { planBoundaries } from '../import/boundaries.ts';
import { invalid, Problem } from '../problem.ts';
import { boundaryFacts, loadRegionMap, selectBoundaries } from '../queries/boundaries.ts';
import { isIdOrCode } from '../queries/by-id.ts';
import {
  BoundaryImport,
  BoundaryQuery,
  BoundaryResult,
  RegionBoundary,
  RegionMap,
  RegionMapQuery,
} from '../schemas/boundary.ts';
import { ByIdOrCode, Nothing, Page } from '../schemas/common.ts';
import { seen } from '../scope.ts';

const tags = ['registry'];
const PATH_PART = /^[a-z0-9.-]{1,400}$/;
/** Bytes: 200,000 positions as offices write them, with fifteen digits each, indented. */
const BODY_LIMIT = 24 * 1_048_576;

/** 辖区边界: outlines of regions for maps. None is shipped; the operator brings them. */
export function regionBoundaryRoutes(api: App, context: ApiContext): void {
  const { db } = context;
  const find = async (idOrCode: string) => {
    const row = await db
      .selectFrom('region')
      .select(['id', 'path'])
      .where(isIdOrCode('region', idOrCode))
      .executeTakeFirst();
    return row && { ...row, regionPath: row.path, merchantId: null };
  };

  api.get(
    '/region-boundaries',
    {
      config: { access: 'registry.read' },
      schema: {
        tags,
        summary: 'Regions, each behind the one that it lies in, with where its boundary is from',
        querystring: BoundaryQuery,
        response: { 200: Page(RegionBoundary) },
      },
    },
    async (request) => {
      const { limit = DEFAULT_LIMIT, cursor, there } = request.query;
      const after = decodeCursor(cursor, [PATH_PART]);
      let query = selectBoundaries(db, actorOf(request)).limit(limit + 1);
      if (after) query = query.where('region.path', '>', after[0]);
      if (there !== undefined) query = query.where('boundary.region_id', there ? 'is not' : 'is', null);
      return pageOf(
        await query.execute(),
        limit,
        (row) => [row.path],
        (row) => ({
          region: { id: row.id, code: row.code, path: row.path, name: row.name },
          boundary: boundaryFacts(row),
        }),
      );
    },
  );

  api.get(
    '/region-boundaries/map',
    {
      config: { access: 'registry.read' },
      schema: {
        tags,
        summary: 'The outline of a region and of those directly below it; the account’s own unless told',
        querystring: RegionMapQuery,
        response: { 200: RegionMap },
      },
    },
    async (request) => {
      const actor = actorOf(request);
      const asked = request.query.region ?? actor.regionPath?.split('.').at(-1);
      const at = asked === undefined ? null : seen(actor, 'registry.read', await find(asked), 'region');
      return await loadRegionMap(db, actor, at);
    },
  );

  api.post(
    '/region-boundaries/import',
    {
      bodyLimit: BODY_LIMIT,
      config: { access: 'registry.write' },
      schema: {
        tags,
        summary: 'Import boundaries from GeoJSON: features are matched with regions by code, else by name',
        description:
          'A FeatureCollection of Polygon or MultiPolygon features whose properties hold adcode, code, XZQDM, gb, name or XZQMC. ' +
          'With `dryRun` it says which feature is which region and which is none. What a region had before is replaced; features ' +
          'that match no region are left out. Positions are thinned out together, so that neighbours keep their common border.',
        body: BoundaryImport,
        response: { 200: BoundaryResult },
      },
    },
    async (request) => {
      const { dryRun, system, source, licence } = request.body;
      const { given, told } = await planBoundaries(db, actorOf(request), request.body);
      if (!dryRun) {
        if (given.length === 0) throw invalid({ field: 'collection', ...said('no_feature_matches') });
        const origin = { system, source: source.trim(), licence: licence.trim() };
        await writeBoundaries(db, given, origin, authorOf(request, context));
      }
      return { dryRun, ...told };
    },
  );

  api.delete(
    '/regions/:id/boundary',
    {
      config: { access: 'registry.write' },
      schema: {
        tags,
        summary: 'Remove the boundary of a region',
        params: ByIdOrCode,
        response: { 204: Nothing },
      },
    },
    async (request, reply) => {
      const region = seen(actorOf(request), 'registry.write', await find(request.params.id), 'region');
      if (!(await removeBoundary(db, region, authorOf(request, context))))
        throw new Problem('conflict', said('no_boundary'));
      return await reply.code(204).send(null);
    },
  );
}
