import type { Box } from '../domain/words.ts';
import type { EdgeBox } from './reading.ts';

/**
 * A box as we keep it: [x1, y1, x2, y2] in 0..1. Corners may come in any order and lie outside the picture.
 * @param size pixels of the picture that pixel boxes speak of; undefined: not known
 * @returns undefined when it cannot be told, or nothing of it lies in the picture
 */
export function normalisedBox(
  box: EdgeBox,
  size: { width: number; height: number } | undefined,
): Box | undefined {
  if (box.unit === 'pixel' && (size === undefined || size.width <= 0 || size.height <= 0)) return undefined;
  const [w, h] = box.unit === 'pixel' ? [size?.width ?? 1, size?.height ?? 1] : [1, 1];
  const [ax, ay, bx, by] = box.corners;
  const into = (value: number): number => Math.min(1, Math.max(0, value));
  const x1 = into(Math.min(ax, bx) / w);
  const x2 = into(Math.max(ax, bx) / w);
  const y1 = into(Math.min(ay, by) / h);
  const y2 = into(Math.max(ay, by) / h);
  return x2 > x1 && y2 > y1 ? [x1, y1, x2, y2] : undefined;
}

/** The boxes of an event as we keep them, the surest first; those whose place cannot be told are left out. */
export function normalisedBoxes(
  boxes: readonly EdgeBox[],
  size: { width: number; height: number } | undefined,
): Box[] {
  const surest = boxes.toSorted((a, b) => (b.score ?? 0) - (a.score ?? 0));
  return surest.map((one) => normalisedBox(one, size)).filter((box) => box !== undefined);
}
