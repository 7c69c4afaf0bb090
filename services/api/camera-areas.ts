import { areaFault } from '../domain/areas.ts';
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
  corners: 'should be [x1, y1, x2, y2] with x1 < x2 and y1 < y2, or three or more corners',
  small: 'covers next to nothing',
  crosses: 'crosses itself',
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
      return { field: `${name}.${index}`, message: `${JSON.stringify(area)} is not right: ${RIGHT[fault]}` };
    }
  }
  const [[x1 = 0, y1 = 0] = [], [x2 = 0, y2 = 0] = []] = areas.metreLine ?? [];
  if (areas.metreLine && Math.hypot(x2 - x1, y2 - y1) < SHORTEST_LINE) {
    const message = `${JSON.stringify(areas.metreLine)} is too short: should be two points at least ${SHORTEST_LINE} apart`;
    return { field: 'metreLine', message };
  }
  return undefined;
}
