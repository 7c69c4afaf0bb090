/** Geometry of boxes in 0..1 of a picture. Pure; every function accepts boxes of no size. */
import type { Box } from './words.ts';

/** Share of the picture that the box covers, 0..1. */
export function area(box: Box): number {
  return Math.max(0, box[2] - box[0]) * Math.max(0, box[3] - box[1]);
}

/** Common part of two boxes; a box of no size where they do not meet. */
export function intersection(a: Box, b: Box): Box {
  const x1 = Math.max(a[0], b[0]);
  const y1 = Math.max(a[1], b[1]);
  return [x1, y1, Math.max(x1, Math.min(a[2], b[2])), Math.max(y1, Math.min(a[3], b[3]))];
}

/** Intersection over union, 0..1; 0 for boxes of no size. Makes no boxes by the way: detectors ask it ten thousand times a frame. */
export function iou(a: Box, b: Box): number {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  if (width <= 0 || height <= 0) return 0;
  const common = width * height;
  const union = area(a) + area(b) - common;
  return union > 0 ? common / union : 0;
}

/** The part of the box that lies in the picture. A box wholly outside collapses onto the nearest edge. */
export function clip(box: Box): Box {
  const inside = (value: number) => Math.min(1, Math.max(0, value));
  return [inside(box[0]), inside(box[1]), inside(box[2]), inside(box[3])];
}

/** Middle of the box as [x, y]. */
export function centre(box: Box): readonly [number, number] {
  return [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
}

/** Whether the point [x, y] lies in the box, edges included. */
export function containsPoint(box: Box, point: readonly [number, number]): boolean {
  return point[0] >= box[0] && point[0] <= box[2] && point[1] >= box[1] && point[1] <= box[3];
}

/** Whether `inner` lies wholly in `outer`, edges included. */
export function contains(outer: Box, inner: Box): boolean {
  return containsPoint(outer, [inner[0], inner[1]]) && containsPoint(outer, [inner[2], inner[3]]);
}
