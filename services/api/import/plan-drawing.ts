/** What is drawn into a camera's picture, and its own limits, as an import says them. */
import type { Selectable, Updateable } from 'kysely';
import type { CameraTable } from '../../db/schema-registry.ts';
import { said } from '../../domain/said.ts';
import type { Checked } from './check.ts';
import type { DrawnCamera, Planning } from './plan.ts';
import { sameJson, zoneKey } from './world.ts';

type CameraItem = Checked['cameras'][number];
type Known = Selectable<CameraTable> | undefined;

const AREAS = {
  timestampAreas: 'timestamp_areas',
  regionsOfInterest: 'regions_of_interest',
  ignoreAreas: 'ignore_areas',
  privacyMasks: 'privacy_masks',
} as const;

type DrawnColumns = Pick<
  Updateable<CameraTable>,
  (typeof AREAS)[keyof typeof AREAS] | 'zone_areas' | 'min_scores' | 'min_sizes' | 'metre_line'
>;

/** Cameras that the answer tells of at most. */
const MOST_TOLD = 500;

/** Columns that differ from what is there; they are told in the plan. Errors name the zone that is none. */
export function drawnColumns(
  planning: Planning,
  item: CameraItem,
  merchantId: string,
  known: Known,
): DrawnColumns {
  const { value } = item;
  const drawn: DrawnCamera = {
    camera: value.code,
    row: item.row ?? null,
    timestampAreas: null,
    regionsOfInterest: null,
    ignoreAreas: null,
    privacyMasks: null,
    zoneAreas: null,
    minScores: null,
    minSizes: null,
  };
  const set: DrawnColumns = {};
  for (const [field, column] of Object.entries(AREAS) as [
    keyof typeof AREAS,
    (typeof AREAS)[keyof typeof AREAS],
  ][]) {
    const wanted = value[field];
    if (wanted === undefined || sameJson(wanted, known?.[column] ?? [])) continue;
    set[column] = JSON.stringify(wanted);
    drawn[field] = wanted.length;
  }
  const zones = value.zoneAreas && zoneAreas(planning, item, merchantId);
  if (zones !== undefined && !sameJson(zones, known?.zone_areas ?? [])) {
    set.zone_areas = JSON.stringify(zones);
    drawn.zoneAreas = zones.length;
  }
  const scores = { ...known?.min_scores, ...value.minScores };
  if (!sameJson(scores, known?.min_scores ?? {})) {
    set.min_scores = JSON.stringify(scores);
    drawn.minScores = value.minScores ?? {};
  }
  const sizes = { ...known?.min_sizes, ...value.minSizes };
  if (!sameJson(sizes, known?.min_sizes ?? {})) {
    set.min_sizes = JSON.stringify(sizes);
    drawn.minSizes = value.minSizes ?? {};
  }
  if (Object.keys(set).length > 0) {
    planning.plan.drawnCount += 1;
    if (planning.plan.drawn.length < MOST_TOLD) planning.plan.drawn.push(drawn);
  }
  const line = value.metreLine;
  if (line !== undefined && !sameJson(line, known?.metre_line ?? null))
    set.metre_line = line === null ? null : JSON.stringify(line);
  return set;
}

/** As they are kept: by the zone's id. */
function zoneAreas({ world, errors }: Planning, item: CameraItem, merchantId: string) {
  return (item.value.zoneAreas ?? []).flatMap(({ zone, area }, i) => {
    const found = world.zones.get(zoneKey(merchantId, zone));
    if (found !== undefined) return [{ zone: found.id, area }];
    errors.add(item, `zoneAreas.${i}.zone`, said('merchant_has_no_zone', { zone: JSON.stringify(zone) }));
    return [];
  });
}
