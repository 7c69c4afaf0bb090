import type { Box, Detection } from '../../api/types.ts';

/** A detection fills at most this share of the zoomed picture, and the picture grows at most this many times. */
const FILL = 0.45;
const MOST = 5;

/** The box around all violations of a frame, or around everything that was detected; undefined: nothing was. */
function around(detections: readonly Detection[]): Box | undefined {
  const violations = detections.filter(({ verdict }) => verdict === 'yes');
  const boxes = (violations.length > 0 ? violations : detections).map(({ box }) => box);
  if (boxes.length === 0) return undefined;
  return [
    Math.min(...boxes.map((box) => box[0])),
    Math.min(...boxes.map((box) => box[1])),
    Math.max(...boxes.map((box) => box[2])),
    Math.max(...boxes.map((box) => box[3])),
  ];
}

/** CSS transform (origin top left) that brings the detections into the middle without showing what lies outside the picture. */
export function zoomOf(detections: readonly Detection[], aspect: number): string {
  const box = around(detections);
  if (box === undefined) return 'none';
  const size = Math.max(box[2] - box[0], (box[3] - box[1]) / Math.min(aspect, 1), 0.02);
  const scale = Math.min(MOST, Math.max(1, FILL / size));
  const shift = (from: number, to: number): number =>
    Math.min(0, Math.max(1 - scale, 0.5 - ((from + to) / 2) * scale)) * 100;
  return `translate(${shift(box[0], box[2])}%, ${shift(box[1], box[3])}%) scale(${scale})`;
}
