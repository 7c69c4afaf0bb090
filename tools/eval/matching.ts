import { area, intersection, iou } from '../../services/domain/boxes.ts';
import type { Box } from '../../services/domain/words.ts';

/** How well a found box fits a labelled one, 0..1, and from where on it counts as found. */
export interface Fit {
  of(found: Box, truth: Box): number;
  least: number;
}

/** The usual one: IoU ≥ 0.5. */
export const BY_IOU: Fit = { of: iou, least: 0.5 };

/** For labelled faces: the head holds at least half of the face, and is no crowd (IoU ≥ 0.1). */
export const BY_FACE_INSIDE: Fit = {
  of: (head, face) => (iou(head, face) < 0.1 ? 0 : area(intersection(head, face)) / area(face)),
  least: 0.5,
};

/** A labelled box in 0..1. Ignored ones swallow what is found on them. */
export interface TruthBox {
  box: Box;
  counts: boolean;
}

/** What became of each found box: index of the truth it found, `false_box`, or `ignored`. */
export type Fate = number | 'false_box' | 'ignored';

/**
 * Greedy matching of one picture, best rank first; every truth is found at most once.
 * @param found boxes in descending rank; `tooSmall` ones are ignored when they hit nothing
 */
export function matchBoxes(
  found: readonly { box: Box; tooSmall: boolean }[],
  truths: readonly TruthBox[],
  fit: Fit,
): Fate[] {
  const taken = new Set<number>();
  return found.map(({ box, tooSmall }) => {
    let best = -1;
    let bestFit = 0;
    let onIgnored = false;
    truths.forEach((truth, i) => {
      const value = fit.of(box, truth.box);
      if (value < fit.least) return;
      if (!truth.counts) onIgnored = true;
      else if (!taken.has(i) && value > bestFit) {
        best = i;
        bestFit = value;
      }
    });
    if (best >= 0) {
      taken.add(best);
      return best;
    }
    return onIgnored || tooSmall ? 'ignored' : 'false_box';
  });
}
