/** A GeoJSON file of outlines to what is written: read, matched with the regions of the account, converted, thinned out. */

import type { Static } from 'typebox';
import type { Database } from '../../db/database.ts';
import type { BoundaryGiven } from '../../db/region-boundaries.ts';
import type { Actor } from '../../domain/access.ts';
import { may } from '../../domain/access.ts';
import { type Polygons, readFeatures } from '../../domain/boundary.ts';
import { type Match, matchFeatures } from '../../domain/boundary-match.ts';
import { wgs84OfGcj02 } from '../../domain/gcj02.ts';
import type { GeoSystem } from '../../domain/geo.ts';
import { said } from '../../domain/said.ts';
import { pointsOf, simplify } from '../../domain/simplify.ts';
import { invalid } from '../problem.ts';
import type { BoundaryImport, BoundaryResult } from '../schemas/boundary.ts';

type Asked = Static<typeof BoundaryImport>;
type Told = Omit<Static<typeof BoundaryResult>, 'dryRun'>;

interface Known {
  id: string;
  code: string;
  name: string;
  path: string;
  parentId: string | null;
  hasBoundary: boolean;
}

/** Regions without a feature that are named at most. */
const MOST_MISSING = 100;

/** @throws Problem that names the feature */
export async function planBoundaries(
  db: Database,
  actor: Actor,
  { collection, assign = {}, system }: Asked,
): Promise<{ given: BoundaryGiven[]; told: Told }> {
  const read = readFeatures(collection);
  if ('faults' in read)
    throw invalid(...read.faults.map(({ field, ...why }) => ({ field: `collection.${field}`, ...why })));
  const regions = await regionsOf(db, actor);
  const matches = matchFeatures(read.features, regions, saidOf(assign, regions, read.features.length));
  const matched = matches.flatMap((one) => (one.region === null ? [] : [one]));
  const outlines = simplify(matched.map(({ feature }) => converted(feature.polygons, system)));
  const given = matched.map(({ region, feature }, i): BoundaryGiven => {
    const polygons = outlines[i] ?? [];
    const { index, name, points } = feature;
    if (polygons.length === 0)
      throw invalid({
        field: `collection.features.${index}.geometry`,
        ...said('no_area_to_draw', { name: name === '' ? '' : ` (${name})` }),
      });
    return { region, polygons, points: pointsOf(polygons), pointsGiven: points };
  });
  return { given, told: toldOf(matches, given, regions) };
}

async function regionsOf(db: Database, actor: Actor): Promise<Known[]> {
  const rows = await db
    .selectFrom('region')
    .leftJoin('region_boundary as boundary', 'boundary.region_id', 'region.id')
    .select([
      'region.id',
      'region.code',
      'region.name',
      'region.path',
      'region.parent_id as parentId',
      'boundary.points',
    ])
    .orderBy('region.code')
    .execute();
  return rows
    .filter(({ path }) => may(actor, 'registry.write', { regionPath: path, merchantId: null }))
    .map(({ points, ...region }) => ({ ...region, hasBoundary: points !== null }));
}

function saidOf(assign: Record<string, string | null>, regions: readonly Known[], features: number) {
  const byCode = new Map(regions.map((region) => [region.code, region]));
  const assigned = new Map<number, Known | null>();
  const owner = new Map<string, string>();
  for (const [index, code] of Object.entries(assign)) {
    const field = `assign.${index}`;
    if (Number(index) >= features) throw invalid({ field, ...said('no_such_feature') });
    const region = code === null ? null : byCode.get(code);
    if (region === undefined)
      throw invalid({ field, ...said('no_region_with_code', { code: JSON.stringify(code) }) });
    const before = region && owner.get(region.id);
    if (region !== null && before !== undefined)
      throw invalid({
        field,
        ...said('region_given_twice', { code: JSON.stringify(code), feature: String(before) }),
      });
    if (region !== null) owner.set(region.id, index);
    assigned.set(Number(index), region);
  }
  return assigned;
}

function converted(polygons: Polygons, system: GeoSystem): Polygons {
  if (system === 'wgs84') return polygons;
  return polygons.map((rings) => rings.map((ring) => ring.map(wgs84OfGcj02)));
}

const refOf = ({ id, code, path, name }: Known) => ({ id, code, path, name });

function toldOf(
  matches: readonly Match<Known>[],
  given: readonly BoundaryGiven[],
  regions: readonly Known[],
): Told {
  const points = new Map(given.map((one) => [one.region.id, one.points]));
  const matched = matches.flatMap(({ region }) => region ?? []);
  const parents = new Set(matched.map(({ parentId }) => parentId));
  const missing = regions.filter(
    ({ id, parentId, hasBoundary }) => parents.has(parentId) && !points.has(id) && !hasBoundary,
  );
  return {
    written: given.length,
    features: matches.map(({ feature, region, by, why }) => ({
      index: feature.index,
      name: feature.name,
      codes: feature.codes,
      region: region && refOf(region),
      by,
      why,
      pointsGiven: feature.points,
      points: region === null ? 0 : (points.get(region.id) ?? 0),
      replaces: region?.hasBoundary ?? false,
    })),
    missing: missing.slice(0, MOST_MISSING).map(refOf),
  };
}
