import { counts, EVERYWHERE } from '../../services/domain/confirm.ts';
import type { Rule } from '../../services/domain/rules.ts';
import type { Box, Detection, ViolationKind } from '../../services/domain/words.ts';

/** What a picture shows, in words of the training data. */
export type Label =
  | 'no_hat'
  | 'hat'
  | 'without_mask'
  | 'with_mask'
  | 'rodent'
  | 'none'
  /** The verdict does not tell. */
  | 'unsure';

export interface Verdict {
  kind: ViolationKind;
  state: 'confirmed' | 'dismissed';
  reason: string;
  rule: Rule;
}

const SHOWN: Record<ViolationKind, { missing: Label; worn: Label }> = {
  no_hat: { missing: 'no_hat', worn: 'hat' },
  no_mask: { missing: 'without_mask', worn: 'with_mask' },
  rodent: { missing: 'rodent', worn: 'none' },
};

/** What the verdict says of a box that the finding rests on. */
export function labelOf({ kind, state, reason }: Verdict): Label {
  if (state === 'confirmed') return SHOWN[kind].missing;
  if (reason === 'wearing_it') return SHOWN[kind].worn;
  // 误检: neither a head nor an animal is there.
  if (reason === 'not_a_person') return 'none';
  // not_staff, not_working, unclear_picture, other, appeal_upheld: nothing was said of what is on the head.
  return 'unsure';
}

/**
 * Labels of the boxes in one frame that the finding rests on: those that count under its rule, as it was then. The camera's areas and
 * higher scores of then are not kept. A finding was dismissed as a whole, so each of its boxes was; one
 * that was confirmed says only that somebody breaks the rule: of several boxes in a frame the surest gets the label.
 */
export function labelsOf(verdict: Verdict, detections: readonly Detection[]): { box: Box; label: Label }[] {
  const label = labelOf(verdict);
  return detections
    .filter((one) => counts(one, verdict.rule, EVERYWHERE))
    .sort((a, b) => b.score - a.score)
    .map(({ box }, i) => ({ box, label: verdict.state === 'confirmed' && i > 0 ? 'unsure' : label }));
}
