import type { Evidence } from '../../api/finding-types.ts';

/** Seconds around a judged frame in which its boxes are shown over the clip: looks take a frame every second or two. */
const NEAR_S = 0.75;
/** Seconds before the first frame that shows it at which a clip begins to play: the inspector need not wait for it. */
const BEFORE_S = 1.5;

/** Seconds from the start of the clip to the moment of a frame. */
export const offsetOf = (clip: Evidence, frame: Evidence): number =>
  (Date.parse(frame.capturedAt) - Date.parse(clip.capturedAt)) / 1000;

/** The judged frame nearest to a moment of the clip. */
export function nearestFrame(clip: Evidence, frames: readonly Evidence[], atS: number): number | undefined {
  let best: { index: number; away: number } | undefined;
  for (const [index, frame] of frames.entries()) {
    const away = Math.abs(offsetOf(clip, frame) - atS);
    if (away <= NEAR_S && (best === undefined || away < best.away)) best = { index, away };
  }
  return best?.index;
}

/** Where a clip begins to play. */
export function startOf(clip: Evidence, frames: readonly Evidence[]): number {
  const shows = frames.find(({ detections }) => detections.some(({ verdict }) => verdict === 'yes'));
  return shows === undefined ? 0 : Math.max(0, offsetOf(clip, shows) - BEFORE_S);
}
