import { inArea } from './areas.ts';
import { centre } from './boxes.ts';
import type { CameraAreas, Rule } from './rules.ts';
import type { Detection, FrameDetections } from './words.ts';

/** What a rule says of one look. */
export interface Confirmation {
  confirmed: boolean;
  /** Frames with at least one counting detection, as indexes into the look's frames in time order. */
  frames: number[];
  /** Seconds between the first and last of them. */
  durationS: number;
  /** Mean over those frames of the best counting score; 0 when there is none. */
  score: number;
  /** Why not: for the desk and for tests. */
  reason: 'confirmed' | 'nothing' | 'too_few_frames' | 'too_short';
}

export const EVERYWHERE: CameraAreas = { regionsOfInterest: [], ignoreAreas: [] };

/** Whether one detection counts under a rule: its verdict is `yes` (`uncertain` never counts), large, sure and in place. */
export function counts(detection: Detection, rule: Rule, areas: CameraAreas): boolean {
  if (detection.kind !== rule.kind || detection.verdict !== 'yes') return false;
  const minScore = Math.max(rule.minScore, areas.minScores?.[rule.kind] ?? 0);
  const minSizePx = Math.max(rule.minSizePx, areas.minSizes?.[rule.kind] ?? 0);
  if (detection.score < minScore || detection.sizePx < minSizePx) return false;
  const middle = centre(detection.box);
  if (areas.ignoreAreas.some((area) => inArea(area, middle))) return false;
  const { regionsOfInterest } = areas;
  return regionsOfInterest.length === 0 || regionsOfInterest.some((area) => inArea(area, middle));
}

/** Whether the first frame of a look deserves the rest of its burst: any kind under any rule counts in it. */
export function isSuspicious(
  detections: readonly Detection[],
  rules: readonly Rule[],
  areas: CameraAreas = EVERYWHERE,
): boolean {
  return rules.some((rule) => detections.some((detection) => counts(detection, rule, areas)));
}

/**
 * k-of-n confirmation over one look (domain.md: "3 of 5 frames over ≥ 5 s, head ≥ 40 px").
 *
 * A look with more than `n` frames is confirmed when any `n` consecutive frames hold `k`; one with fewer than `n` can still
 * be confirmed when `k` of what is there show it: missing frames never count for the kitchen or against it.
 * `instant` drops the minimum duration and asks one frame of a one-frame look (for short clips and single pictures).
 */
export function confirmLook(
  frames: readonly FrameDetections[],
  rule: Rule,
  areas: CameraAreas = EVERYWHERE,
  instant = false,
): Confirmation {
  const hits: { index: number; atMs: number; score: number }[] = [];
  frames.forEach((frame, index) => {
    let best = -1;
    for (const detection of frame.detections) {
      if (counts(detection, rule, areas)) best = Math.max(best, detection.score);
    }
    if (best >= 0) hits.push({ index, atMs: frame.at.getTime(), score: best });
  });
  const first = hits[0];
  const last = hits.at(-1);
  if (first === undefined || last === undefined) {
    return { confirmed: false, frames: [], durationS: 0, score: 0, reason: 'nothing' };
  }
  const k = instant ? Math.min(rule.k, frames.length) : rule.k;
  const minDurationS = instant ? 0 : rule.minDurationS;
  const summary = {
    frames: hits.map((hit) => hit.index),
    durationS: (last.atMs - first.atMs) / 1000,
    score: hits.reduce((sum, hit) => sum + hit.score, 0) / hits.length,
  };
  const dense = hits.some((hit, i) => {
    const end = hits[i + k - 1];
    return end !== undefined && end.index - hit.index < rule.n;
  });
  if (!dense) return { ...summary, confirmed: false, reason: 'too_few_frames' };
  if (summary.durationS < minDurationS) return { ...summary, confirmed: false, reason: 'too_short' };
  return { ...summary, confirmed: true, reason: 'confirmed' };
}
