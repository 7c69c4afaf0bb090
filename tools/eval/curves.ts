import type { Box } from '../../services/domain/words.ts';
import { type Fit, matchBoxes } from './matching.ts';
import { averagePrecision, type RankedBox } from './metrics.ts';

/** Smallest labelled boxes that count, longer side in pixels of the file as stored. */
export const SIZES_PX = [0, 24, 40] as const;

/** One picture for a curve: what is there and what was found for one class. Sizes in pixels of the file. */
export interface CurvePicture {
  truths: { box: Box; sizePx: number; ofClass: boolean; ignored: boolean }[];
  found: { box: Box; sizePx: number; rank: number }[];
}

/** Collects pictures of one class and gives its average precision for each of SIZES_PX. */
export class Curve {
  readonly #fit: Fit;
  readonly #ranked: RankedBox[][] = SIZES_PX.map(() => []);
  readonly #truths: number[] = SIZES_PX.map(() => 0);

  constructor(fit: Fit) {
    this.#fit = fit;
  }

  add(picture: CurvePicture): void {
    const found = picture.found.toSorted((a, b) => b.rank - a.rank);
    for (const [i, minPx] of SIZES_PX.entries()) {
      const relevant = picture.truths.filter((truth) => truth.ofClass || truth.ignored);
      const truths = relevant.map(({ box, sizePx, ignored }) => ({
        box,
        counts: !ignored && sizePx >= minPx,
      }));
      this.#truths[i] = (this.#truths[i] ?? 0) + truths.filter((truth) => truth.counts).length;
      const fates = matchBoxes(
        found.map(({ box, sizePx }) => ({ box, tooSmall: sizePx < minPx })),
        truths,
        this.#fit,
      );
      fates.forEach((fate, k) => {
        if (fate === 'ignored') return;
        this.#ranked[i]?.push({ score: found[k]?.rank ?? 0, hit: fate !== 'false_box' });
      });
    }
  }

  /** Average precision over all pictures for labelled boxes of at least `minPx`; null without any. */
  ap(minPx: (typeof SIZES_PX)[number]): number | null {
    const i = SIZES_PX.indexOf(minPx);
    return averagePrecision(this.#ranked[i] ?? [], this.#truths[i] ?? 0);
  }
}
