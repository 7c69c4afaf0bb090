/** 辖区边界: writing and removing outlines of regions, each with its audit row. */
import { createHash } from 'node:crypto';
import type { Polygons } from '../domain/boundary.ts';
import type { GeoSystem } from '../domain/geo.ts';
import { recordChange } from './audit.ts';
import type { Database, Tx } from './database.ts';
import type { Author } from './registry-audit.ts';

export interface BoundaryGiven {
  region: { id: string; path: string };
  polygons: Polygons;
  points: number;
  pointsGiven: number;
}

export interface BoundaryOrigin {
  system: GeoSystem;
  source: string;
  licence: string;
}

/** All in one transaction; what a region had before is replaced. */
export async function writeBoundaries(
  db: Database,
  given: readonly BoundaryGiven[],
  origin: BoundaryOrigin,
  author: Author,
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    for (const { region, polygons, points, pointsGiven } of given) {
      const before = await factsOf(tx, region.id);
      const values = {
        polygons: JSON.stringify(polygons),
        points,
        points_given: pointsGiven,
        ...origin,
        imported_by: author.actorId,
        imported_at: author.at,
      };
      await tx
        .insertInto('region_boundary')
        .values({ region_id: region.id, ...values })
        .onConflict((conflict) => conflict.column('region_id').doUpdateSet(values))
        .execute();
      await note(tx, region, 'boundary_imported', author, before, await factsOf(tx, region.id));
    }
  });
}

/** @returns false when there was none */
export async function removeBoundary(
  db: Database,
  region: { id: string; path: string },
  author: Author,
): Promise<boolean> {
  return await db.transaction().execute(async (tx) => {
    const before = await factsOf(tx, region.id);
    if (before === null) return false;
    await tx.deleteFrom('region_boundary').where('region_id', '=', region.id).execute();
    await note(tx, region, 'boundary_removed', author, before, null);
    return true;
  });
}

type Facts = Record<string, unknown> | null;

/** What the audit keeps: where it is from and a hash, not the thousand positions. */
async function factsOf(tx: Tx, regionId: string): Promise<Facts> {
  const row = await tx
    .selectFrom('region_boundary')
    .selectAll()
    .where('region_id', '=', regionId)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) return null;
  const { source, licence, system, points, points_given, polygons } = row;
  const sha256 = createHash('sha256').update(JSON.stringify(polygons)).digest('hex');
  return { source, licence, system, points, points_given, sha256 };
}

async function note(
  tx: Tx,
  region: { id: string; path: string },
  to: string,
  author: Author,
  before: Facts,
  after: Facts,
): Promise<void> {
  await recordChange(tx, {
    entity: 'region',
    entityId: region.id,
    to,
    ...author,
    place: { regionPath: region.path, merchantId: null },
    detail: [{ entity: 'region_boundary', entityId: region.id, before, after }],
  });
}
