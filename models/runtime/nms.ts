import { iou } from '../../services/domain/boxes.ts';
import type { Box } from '../../services/domain/words.ts';

/** A box with how sure the detector is of it, 0..1. */
export interface ScoredBox {
  box: Box;
  score: number;
}

/** Non-maximum suppression: keeps the best box of every heap that overlaps by more than `maxIou`, best first, `limit` at most. */
export function suppress<T extends ScoredBox>(candidates: readonly T[], maxIou: number, limit: number): T[] {
  const kept: T[] = [];
  for (const candidate of candidates.toSorted((a, b) => b.score - a.score)) {
    if (kept.length === limit) break;
    if (kept.every((better) => iou(better.box, candidate.box) <= maxIou)) kept.push(candidate);
  }
  return kept;
}
