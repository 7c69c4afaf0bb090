/** Reading outlines of regions: the list for the operator, and one level for a map. */
import type { Static } from 'typebox';
import type { Database } from '../../db/database.ts';
import type { Actor } from '../../domain/access.ts';
import type { BoundaryFacts, RegionMap } from '../schemas/boundary.ts';
import { inScope } from '../scope.ts';

const PLACE = { regionPath: 'region.path', merchantId: null };

export const selectBoundaries = (db: Database, actor: Actor) =>
  db
    .selectFrom('region')
    .leftJoin('region_boundary as boundary', 'boundary.region_id', 'region.id')
    .leftJoin('account', 'account.id', 'boundary.imported_by')
    .where(inScope(actor, PLACE))
    .orderBy('region.path')
    .select([
      'region.id',
      'region.code',
      'region.path',
      'region.name',
      'boundary.source',
      'boundary.licence',
      'boundary.system',
      'boundary.points',
      'boundary.points_given',
      'boundary.imported_at',
      'account.username',
    ]);

type Row = Awaited<ReturnType<ReturnType<typeof selectBoundaries>['executeTakeFirstOrThrow']>>;

export function boundaryFacts(row: Row): Static<typeof BoundaryFacts> | null {
  const { source, licence, system, points, points_given: pointsGiven, imported_at: importedAt } = row;
  if (source === null || licence === null || system === null || importedAt === null) return null;
  return {
    source,
    licence,
    system,
    points: points ?? 0,
    pointsGiven: pointsGiven ?? 0,
    importedBy: row.username,
    importedAt: importedAt.toISOString(),
  };
}

/** @param at the region whose outline and children are shown; null: the roots */
export async function loadRegionMap(
  db: Database,
  actor: Actor,
  at: { id: string } | null,
): Promise<Static<typeof RegionMap>> {
  const rows = await db
    .selectFrom('region')
    .leftJoin('region_boundary as boundary', 'boundary.region_id', 'region.id')
    .where(inScope(actor, PLACE))
    .where((eb) =>
      at === null
        ? eb('region.parent_id', 'is', null)
        : eb.or([eb('region.id', '=', at.id), eb('region.parent_id', '=', at.id)]),
    )
    .orderBy('region.code')
    .select([
      'region.id',
      'region.code',
      'region.path',
      'region.name',
      'boundary.polygons',
      'boundary.source',
    ])
    .execute();
  const shown = rows.map(({ polygons, source, ...region }) => ({ region, outline: polygons, source }));
  return {
    region: shown.find(({ region }) => region.id === at?.id) ?? null,
    below: shown.filter(({ region }) => region.id !== at?.id),
  };
}
