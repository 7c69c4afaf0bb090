import { clip } from '../../services/domain/boxes.ts';
import type { Letterbox } from './letterbox.ts';
import type { ScoredBox } from './nms.ts';

/** Size of the network's input and the strides of its grids, both in pixels. */
export interface YoloxGrid {
  width: number;
  height: number;
  strides: readonly number[];
}

/** Predictions of one picture: cells of all grids, strides in order, row by row. */
export function cellCount({ width, height, strides }: YoloxGrid): number {
  return strides.reduce((sum, stride) => sum + (width / stride) * (height / stride), 0);
}

/**
 * Boxes of one class out of raw YOLOX predictions, before suppression. A row is cx, cy (offset from the cell, in cells), log w,
 * log h (cells), objectness, then the classes (sigmoids applied); score = objectness × class.
 *
 * @param predictions cellCount(grid) rows of `5 + classes` floats
 * @param column index of the class among the classes
 * @param picture where the picture lies in the input: boxes come back in 0..1 of it, clipped; slivers outside are left out
 */
export function decodeYolox(
  predictions: Float32Array,
  classes: number,
  column: number,
  minScore: number,
  grid: YoloxGrid,
  picture: Letterbox,
): ScoredBox[] {
  const found: ScoredBox[] = [];
  const rowLength = 5 + classes;
  let row = 0;
  for (const stride of grid.strides) {
    const columns = grid.width / stride;
    const cells = columns * (grid.height / stride);
    for (let cell = 0; cell < cells; cell += 1, row += rowLength) {
      const score = (predictions[row + 4] ?? 0) * (predictions[row + 5 + column] ?? 0);
      if (!(score >= minScore)) continue; // also leaves out NaN
      const cx = ((predictions[row] ?? 0) + (cell % columns)) * stride;
      const cy = ((predictions[row + 1] ?? 0) + Math.floor(cell / columns)) * stride;
      const halfWidth = (Math.exp(predictions[row + 2] ?? 0) * stride) / 2;
      const halfHeight = (Math.exp(predictions[row + 3] ?? 0) * stride) / 2;
      const box = clip([
        (cx - halfWidth) / picture.width,
        (cy - halfHeight) / picture.height,
        (cx + halfWidth) / picture.width,
        (cy + halfHeight) / picture.height,
      ]);
      if (box[2] > box[0] && box[3] > box[1]) found.push({ box, score });
    }
  }
  return found;
}
