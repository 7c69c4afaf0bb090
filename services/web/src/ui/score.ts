import type { Detection } from '../api/finding-types.ts';

/**
 * How sure the model is of the verdict it gave, in whole percent. The API's score is the probability that `yes` is right, so
 * a clear `no` has a low one.
 */
export function surePercent({ verdict, score }: Pick<Detection, 'verdict' | 'score'>): number {
  return Math.round((verdict === 'no' ? 1 - score : score) * 100);
}

/** A share of 0..1 in whole percent. */
export function percent(share: number): number {
  return Math.round(share * 100);
}
