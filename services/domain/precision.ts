import type { DismissReason } from './task.ts';

/** How often findings of one camera, kind or model were right, by people's verdicts. */
export interface Precision {
  confirmed: number;
  /** Dismissed, but for duplicates; or confirmed, and the appeal against it upheld. */
  dismissed: number;
  /** confirmed ÷ (confirmed + dismissed); null when there is no verdict. */
  share: number | null;
  /** 95 % interval of the share: [0, 1] when there is no verdict. */
  low: number;
  high: number;
}

/**
 * Whether a dismissal says that the finding was wrong. A duplicate was right, only told twice; with every other reason people
 * were called for nothing, whether the picture, the model or the rule was to blame.
 */
export function isWrong(reason: string | null): boolean {
  return reason !== ('duplicate' satisfies DismissReason);
}

/** 97.5 % point of the normal distribution: two-sided 95 %. */
const Z = 1.959964;

/**
 * Wilson's score interval of a share: right for few cases and for shares near 0 or 1, where the plain one fails.
 * E. B. Wilson, "Probable inference, the law of succession, and statistical inference", J. Am. Stat. Assoc. 22 (1927) 209–212.
 * @param hits 0 ≤ hits ≤ total
 */
export function wilson(hits: number, total: number): { low: number; high: number } {
  if (total === 0) return { low: 0, high: 1 };
  const share = hits / total;
  const scale = 1 + Z ** 2 / total;
  const middle = (share + Z ** 2 / (2 * total)) / scale;
  const half = (Z / scale) * Math.sqrt((share * (1 - share)) / total + Z ** 2 / (4 * total ** 2));
  // At the ends the formula is exact, its arithmetic is not.
  return {
    low: hits === 0 ? 0 : Math.max(0, middle - half),
    high: hits === total ? 1 : Math.min(1, middle + half),
  };
}

export function precisionOf(confirmed: number, dismissed: number): Precision {
  const total = confirmed + dismissed;
  return {
    confirmed,
    dismissed,
    share: total === 0 ? null : confirmed / total,
    ...wilson(confirmed, total),
  };
}
