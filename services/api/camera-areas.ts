import type { FieldError } from './problem.ts';

/** A shorter line says nothing about the scale. In 0..1 of the picture. */
const SHORTEST_LINE = 0.02;

export interface Areas {
  timestampAreas?: number[][];
  regionsOfInterest?: number[][];
  ignoreAreas?: number[][];
  metreLine?: number[][] | null;
}

/** The first box without a size, or with its corners swapped; undefined when all are right. */
export function areaProblem(areas: Areas): FieldError | undefined {
  for (const name of ['timestampAreas', 'regionsOfInterest', 'ignoreAreas'] as const) {
    for (const [index, box] of (areas[name] ?? []).entries()) {
      const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = box;
      if (x1 < x2 && y1 < y2) continue;
      const message = `${JSON.stringify(box)} is not right: should be [x1, y1, x2, y2] with x1 < x2 and y1 < y2`;
      return { field: `${name}.${index}`, message };
    }
  }
  const [[x1 = 0, y1 = 0] = [], [x2 = 0, y2 = 0] = []] = areas.metreLine ?? [];
  if (areas.metreLine && Math.hypot(x2 - x1, y2 - y1) < SHORTEST_LINE) {
    const message = `${JSON.stringify(areas.metreLine)} is too short: should be two points at least ${SHORTEST_LINE} apart`;
    return { field: 'metreLine', message };
  }
  return undefined;
}
