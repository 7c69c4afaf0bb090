import type { MetreLine } from '../../../services/domain/words.ts';
import type { Track } from './track.ts';

/** Pixels (of the picture that motion is looked for in) a metre: from .. to. Equal where an operator drew a one-metre line. */
export interface Scale {
  from: number;
  to: number;
}

/** Metres that a picture is wide when nobody has drawn a line: from a camera before a cupboard to one over a hall. */
const WIDTH_M = { narrowest: 0.25, widest: 8 } as const;
/** A line is drawn by hand and the floor is seen aslant: near things are larger than it says, far ones smaller. */
const PERSPECTIVE = 2;

/** Longer side of what moves, in metres: a mouse seen from the front .. a rat with its tail stretched out and smeared. */
const LENGTH_M = { min: 0.03, max: 0.6 } as const;
/** Metres a second; rats sprint at 3 to 4. */
const MAX_SPEED = 6;
/** Nothing larger than this share of the picture's width is one animal, whatever the scale. */
const MAX_SHARE = 0.85;
/** Shortest longer side that a classifier can say anything of, in pixels of the picture. */
const MIN_PX = 5;
/** Farthest that a track got from its own places, in body lengths: less is trembling, flicker or a curtain. */
const MIN_REACH = 0.6;
/** … where a body counts as no longer than this share of the picture's width: what fills the picture has nowhere to go. */
const REACH_SHARE = 0.3;
/** Reach ÷ path. Leaves and reflections go to and fro and get nowhere. */
const MIN_STRAIGHTNESS = 0.08;

/** What may be a rodent, in pixels of the picture. Speed in pixels a second. */
export interface MotionLimits {
  minSide: number;
  maxSide: number;
  /** No body is asked to get farther than MIN_REACH of this. */
  reachSide: number;
  maxSpeed: number;
}

/** Scale of a picture; without a line a wide range, so that no limit is narrower than what can be known. */
export function scaleOf(line: MetreLine | null | undefined, width: number, height: number): Scale {
  if (line) {
    const px = Math.hypot((line[1][0] - line[0][0]) * width, (line[1][1] - line[0][1]) * height);
    if (px >= 1) return { from: px / PERSPECTIVE, to: px * PERSPECTIVE };
  }
  return { from: width / WIDTH_M.widest, to: width / WIDTH_M.narrowest };
}

export function limitsFor(scale: Scale, width: number): MotionLimits {
  return {
    minSide: Math.max(MIN_PX, LENGTH_M.min * scale.from),
    maxSide: Math.min(width * MAX_SHARE, LENGTH_M.max * scale.to),
    reachSide: width * REACH_SHARE,
    maxSpeed: MAX_SPEED * scale.to,
  };
}

/** Frames a track needs in a look of so many: five, fewer only where the look itself is short. */
function minFrames(framesInLook: number): number {
  return Math.min(5, Math.max(3, Math.ceil(framesInLook * 0.6)));
}

/** Whether the track moved as an animal does: long enough, not too fast, and away from where it was. */
export function movesLikeAnAnimal(track: Track, limits: MotionLimits, framesInLook: number): boolean {
  const { points } = track;
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || points.length < minFrames(framesInLook)) return false;
  const seconds = (last.atMs - first.atMs) / 1000;
  let path = 0;
  points.forEach((point, i) => {
    const before = points[i - 1];
    if (before !== undefined) path += Math.hypot(point.x - before.x, point.y - before.y);
  });
  const xs = points.map((point) => point.x);
  const ys = points.map((point) => point.y);
  const reach = Math.hypot(Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys));
  const sides = points.map((point) => point.side).sort((a, b) => a - b);
  const body = sides[sides.length >> 1] ?? 0;
  if (seconds <= 0 || path / seconds > limits.maxSpeed) return false;
  return reach >= MIN_REACH * Math.min(body, limits.reachSide) && reach >= MIN_STRAIGHTNESS * path;
}
