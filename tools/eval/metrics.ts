/** One judged head: what it truly is, and what the model said. */
export interface Judgement {
  positive: boolean;
  /** Probability of "missing". */
  score: number;
  verdict: 'yes' | 'no' | 'uncertain';
}

/** One box the detector gave for a class, with what it turned out to be. */
export interface RankedBox {
  score: number;
  hit: boolean;
}

/** Area under the ROC curve by ranks, ties counted half; null when one of the classes is empty. */
export function auc(judgements: readonly { positive: boolean; score: number }[]): number | null {
  const sorted = judgements.toSorted((a, b) => a.score - b.score);
  const positives = sorted.filter((one) => one.positive).length;
  const negatives = sorted.length - positives;
  if (positives === 0 || negatives === 0) return null;
  let rankSum = 0;
  for (let start = 0; start < sorted.length; ) {
    let end = start;
    while (end < sorted.length && sorted[end]?.score === sorted[start]?.score) end += 1;
    const meanRank = (start + 1 + end) / 2;
    for (let i = start; i < end; i += 1) if (sorted[i]?.positive) rankSum += meanRank;
    start = end;
  }
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}

/** Average precision: area under the interpolated precision-recall curve (every point, as COCO and VOC 2010). */
export function averagePrecision(boxes: readonly RankedBox[], truths: number): number | null {
  if (truths === 0) return null;
  const precisions: number[] = [];
  let hits = 0;
  boxes
    .toSorted((a, b) => b.score - a.score)
    .forEach((box, i) => {
      if (!box.hit) return;
      hits += 1;
      precisions.push(hits / (i + 1));
    });
  let best = 0;
  let sum = 0;
  for (const precision of precisions.toReversed()) {
    best = Math.max(best, precision);
    sum += best;
  }
  return sum / truths;
}

/** Ten bins of the score: how many judgements fell in, their mean score, the true share of positives. */
export interface Bin {
  count: number;
  meanScore: number;
  positives: number;
}

export function reliability(judgements: readonly Judgement[], bins = 10): Bin[] {
  return Array.from({ length: bins }, (_, i) => {
    const inside = judgements.filter(({ score }) => Math.min(bins - 1, Math.floor(score * bins)) === i);
    const count = inside.length;
    return {
      count,
      meanScore: count === 0 ? 0 : inside.reduce((sum, { score }) => sum + score, 0) / count,
      positives: count === 0 ? 0 : inside.filter(({ positive }) => positive).length / count,
    };
  });
}

/** Expected calibration error over the bins, 0..1. */
export function calibrationError(bins: readonly Bin[]): number | null {
  const total = bins.reduce((sum, bin) => sum + bin.count, 0);
  if (total === 0) return null;
  return bins.reduce((sum, bin) => sum + bin.count * Math.abs(bin.meanScore - bin.positives), 0) / total;
}

/** part ÷ whole, null for nothing of nothing. */
export function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

export function f1(precision: number | null, recall: number | null): number | null {
  if (precision === null || recall === null) return null;
  return precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
}
