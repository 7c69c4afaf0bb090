/** 免审派发: whether a finding may become a task without a person. Off until measured, never for some kinds. Pure. */
import { ALWAYS_BY_PEOPLE, type Policy } from './policy.ts';
import { wilson } from './precision.ts';
import { shareOf } from './sampling.ts';
import type { ViolationKind } from './words.ts';

/** What people said of findings of this kind by these very models, in the region and days of the terms. */
export interface MeasuredVerdicts {
  right: number;
  /** Dismissed as wrong, or taken back on appeal. */
  wrong: number;
}

export type DispatchVerdict =
  | { dispatch: true; low: number; verdicts: number }
  | { dispatch: false; why: 'always_by_people' | 'off' | 'too_few_verdicts' | 'not_precise' | 'for_review' };

/** @param key of the finding (its fingerprint): the same finding is always reviewed, or never */
export function mayDispatch(
  policy: Policy,
  kind: ViolationKind,
  measured: MeasuredVerdicts,
  key: string,
): DispatchVerdict {
  if (ALWAYS_BY_PEOPLE.includes(kind)) return { dispatch: false, why: 'always_by_people' };
  const terms = policy.dispatch[kind];
  if (terms === undefined || terms === null) return { dispatch: false, why: 'off' };
  const verdicts = measured.right + measured.wrong;
  if (verdicts < terms.minVerdicts) return { dispatch: false, why: 'too_few_verdicts' };
  const { low } = wilson(measured.right, verdicts);
  if (low < terms.minPrecision) return { dispatch: false, why: 'not_precise' };
  if (shareOf('review', key) < terms.reviewShare) return { dispatch: false, why: 'for_review' };
  return { dispatch: true, low, verdicts };
}
