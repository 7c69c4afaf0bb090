import type { FieldError } from './problem.ts';

export interface Areas {
  timestampAreas?: number[][];
  regionsOfInterest?: number[][];
  ignoreAreas?: number[][];
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
  return undefined;
}
