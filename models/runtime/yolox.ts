import { clip } from '../../services/domain/boxes.ts';
import type { Box } from '../../services/domain/words.ts';
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
  eachCell(grid, 5 + classes, (row, x, y, stride) => {
    const score = (predictions[row + 4] ?? 0) * (predictions[row + 5 + column] ?? 0);
    if (!(score >= minScore)) return; // also leaves out NaN
    const box = boxAt(predictions, row, x, y, stride, picture);
    if (box !== undefined) found.push({ box, score });
  });
  return found;
}

/** The same for two classes that share their boxes: one entry a cell whose better class reaches `minScore`, with both scores. */
export function decodeYoloxPair(
  predictions: Float32Array,
  minScore: number,
  grid: YoloxGrid,
  picture: Letterbox,
): (ScoredBox & { scores: readonly [number, number] })[] {
  const found: (ScoredBox & { scores: readonly [number, number] })[] = [];
  eachCell(grid, 7, (row, x, y, stride) => {
    const object = predictions[row + 4] ?? 0;
    if (!(object >= minScore)) return;
    const scores = [object * (predictions[row + 5] ?? 0), object * (predictions[row + 6] ?? 0)] as const;
    const score = Math.max(...scores);
    if (!(score >= minScore)) return;
    const box = boxAt(predictions, row, x, y, stride, picture);
    if (box !== undefined) found.push({ box, score, scores });
  });
  return found;
}

/** Visits every cell: where its row begins, its column and line in its grid, the grid's stride. */
function eachCell(
  grid: YoloxGrid,
  rowLength: number,
  visit: (row: number, x: number, y: number, stride: number) => void,
): void {
  let row = 0;
  for (const stride of grid.strides) {
    for (let y = 0; y < grid.height / stride; y += 1) {
      for (let x = 0; x < grid.width / stride; x += 1, row += rowLength) visit(row, x, y, stride);
    }
  }
}

/** The box of a row in 0..1 of the picture, clipped; undefined for a sliver outside of it. */
function boxAt(
  predictions: Float32Array,
  row: number,
  x: number,
  y: number,
  stride: number,
  picture: Letterbox,
): Box | undefined {
  const cx = ((predictions[row] ?? 0) + x) * stride;
  const cy = ((predictions[row + 1] ?? 0) + y) * stride;
  const halfWidth = (Math.exp(predictions[row + 2] ?? 0) * stride) / 2;
  const halfHeight = (Math.exp(predictions[row + 3] ?? 0) * stride) / 2;
  const box = clip([
    (cx - halfWidth) / picture.width,
    (cy - halfHeight) / picture.height,
    (cx + halfWidth) / picture.width,
    (cy + halfHeight) / picture.height,
  ]);
  return box[2] > box[0] && box[3] > box[1] ? box : undefined;
}
