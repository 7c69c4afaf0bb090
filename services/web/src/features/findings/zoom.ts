import type { Detection } from '../../api/finding-types.ts';
import type { Box } from '../../api/types.ts';

/** A detection fills this share of the zoomed picture's shorter side; the picture grows at most this many times. */
const FILL = 0.55;
const MOST = 6;

/** A point (x, y) of the picture lies at (x × scale + left, y × scale + top) of the stage; all in 0..1. */
export interface Zoom {
  scale: number;
  left: number;
  top: number;
}

export const WHOLE: Zoom = { scale: 1, left: 0, top: 0 };

/** What one can zoom onto: violations, surest first; all detections when there is no violation. */
export function zoomTargets(detections: readonly Detection[]): Box[] {
  const violations = detections.filter(({ verdict }) => verdict === 'yes');
  const targets = violations.length > 0 ? violations : [...detections];
  return targets.toSorted((a, b) => b.score - a.score).map(({ box }) => box);
}

/** Brings a box into the middle without showing what lies outside the picture. */
export function zoomOnto([x1, y1, x2, y2]: Box): Zoom {
  const scale = Math.min(MOST, Math.max(1, FILL / Math.max(x2 - x1, y2 - y1, 0.01)));
  const shift = (from: number, to: number): number =>
    Math.min(0, Math.max(1 - scale, 0.5 - ((from + to) / 2) * scale));
  return { scale, left: shift(x1, x2), top: shift(y1, y2) };
}

/** The detections as they lie on the zoomed stage; those outside of it are left out. */
export function zoomed(detections: readonly Detection[], { scale, left, top }: Zoom): Detection[] {
  const clamp = (value: number): number => Math.min(1, Math.max(0, value));
  return detections
    .map((detection): Detection => {
      const [x1, y1, x2, y2] = detection.box;
      const box: Box = [x1 * scale + left, y1 * scale + top, x2 * scale + left, y2 * scale + top].map(
        clamp,
      ) as [number, number, number, number];
      return { ...detection, box };
    })
    .filter(({ box: [x1, y1, x2, y2] }) => x2 > x1 && y2 > y1);
}
