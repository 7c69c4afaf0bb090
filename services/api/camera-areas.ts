import { areaFault } from '../domain/areas.ts';
import { said } from '../domain/said.ts';
import type { Area } from '../domain/words.ts';
import type { FieldError } from './problem.ts';

/** A shorter line says nothing about the scale. In 0..1 of the picture. */
const SHORTEST_LINE = 0.02;

/** As the schemas read them; each area is a box or a polygon. */
type Drawn = number[] | number[][];

export interface Areas {
  timestampAreas?: Drawn[];
  regionsOfInterest?: Drawn[];
  ignoreAreas?: Drawn[];
  privacyMasks?: Drawn[];
  zoneAreas?: { zone: string; area: Drawn }[];
  metreLine?: number[][] | null;
}

const RIGHT = {
  corners: said('area_corners'),
  small: said('area_small'),
  crosses: said('area_crosses'),
} as const;

/** The first area without a size, with its corners swapped or crossing itself; undefined when all are right. */
export function areaProblem(areas: Areas): FieldError | undefined {
  const lists = {
    timestampAreas: areas.timestampAreas,
    regionsOfInterest: areas.regionsOfInterest,
    ignoreAreas: areas.ignoreAreas,
    privacyMasks: areas.privacyMasks,
    zoneAreas: areas.zoneAreas?.map(({ area }) => area),
  };
  for (const [name, list] of Object.entries(lists)) {
    for (const [index, area] of (list ?? []).entries()) {
      // The schema has counted its numbers.
      const fault = areaFault(area as unknown as Area);
      if (fault === undefined) continue;
      return {
        field: `${name}.${index}`,
        ...said('area_not_right', { area: JSON.stringify(area), why: RIGHT[fault] }),
      };
    }
  }
  const [[x1 = 0, y1 = 0] = [], [x2 = 0, y2 = 0] = []] = areas.metreLine ?? [];
  if (areas.metreLine && Math.hypot(x2 - x1, y2 - y1) < SHORTEST_LINE) {
    const line = JSON.stringify(areas.metreLine);
    return { field: 'metreLine', ...said('line_too_short', { line, least: SHORTEST_LINE }) };
  }
  return undefined;
}
