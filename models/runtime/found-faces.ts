import { iou } from '../../services/domain/boxes.ts';
import type { Fields } from './fields.ts';
import type { Attribute } from './head-attributes.ts';
import type { Letterbox } from './letterbox.ts';
import { type ScoredBox, suppress } from './nms.ts';
import { decodeYoloxPair, type YoloxGrid } from './yolox.ts';

const CLASSES = ['masked', 'bare'] as const;

/** A face that the head detector sees by itself. */
export interface FoundFace extends ScoredBox {
  /** Score of a face with a mask, 0..1; the higher of the two is `score`. */
  masked: number;
  /** Score of a face without a mask, 0..1. */
  bare: number;
}

/** Reads the detector's output of faces, as model.yml describes it. */
export interface FaceReader {
  /** Name of the output. */
  readonly output: string;
  readonly classes: number;
  /** Lowest score that model.yml ships. */
  readonly minScore: number;
  /** Faces out of the raw rows, surest first. */
  facesOf(rows: Float32Array, grid: YoloxGrid, picture: Letterbox, limit: number): FoundFace[];
  /**
   * What the face alone says of the mask: a verdict where its kind is clear, `uncertain` where the face itself is in doubt;
   * undefined: a face is seen, its kind wants a closer look.
   */
  maskOf(face: FoundFace): Attribute | undefined;
}

/**
 * Reads `output.faces` and `thresholds.faces` of a model.yml. Throws ModelFileError.
 * @param lowest score of a face that is returned, instead of model.yml's
 */
export function faceReader(output: Fields, thresholds: Fields, lowest?: number): FaceReader {
  const name = output.text('name');
  const classes = output.permutation('classes', CLASSES);
  const [masked, bare] = [classes.indexOf('masked'), classes.indexOf('bare')];
  const minScore = thresholds.number('least', 0, 1);
  const maxIou = thresholds.number('nms', 0, 1);
  const seen = thresholds.number('seen', 0, 1);
  const wornYes = thresholds.number('mask_yes', 0.5, 1);
  const missingYes = thresholds.number('no_mask_yes', 0.5, 1);
  const bareTop = output.has('bareTop') ? output.number('bareTop', 0, 0.5) : 0;
  return {
    output: name,
    classes: classes.length,
    minScore,
    facesOf(rows, grid, picture, limit) {
      const cells = decodeYoloxPair(rows, lowest ?? minScore, grid, picture);
      const all = cells.map(({ box, score, scores }) => ({
        box,
        score,
        masked: scores[masked] ?? 0,
        bare: scores[bare] ?? 0,
      }));
      return suppress(all, maxIou, limit).map((face) => lowered(voted(face, all), bareTop));
    },
    maskOf(face) {
      const both = face.masked + face.bare;
      const [worn, missing] = [face.masked / both, face.bare / both];
      if (face.score < seen) return { verdict: 'uncertain', worn, missing };
      if (missing >= missingYes) return { verdict: 'yes', worn, missing };
      return worn >= wornYes ? { verdict: 'no', worn, missing } : undefined;
    },
  };
}

/** A bare face begins lower than the network says, by this share of its height: people draw it without the hair. */
function lowered(face: FoundFace, bareTop: number): FoundFace {
  const [x1, y1, x2, y2] = face.box;
  const share = (bareTop * face.bare) / (face.masked + face.bare);
  return { ...face, box: [x1, y1 + share * (y2 - y1), x2, y2] };
}

/** Cells whose box overlaps by so much speak of the same face. */
const SAME_FACE_IOU = 0.5;

/**
 * Place and kind of a face as the mean of all cells that speak of it, each by its score; the score stays that of the surest. The
 * surest cell alone is not the best placed: on the validation part of masks/ this is worth 0.02 to 0.04 of AP50.
 */
function voted(face: FoundFace, cells: readonly FoundFace[]): FoundFace {
  const [box, sum] = [[0, 0, 0, 0] as [number, number, number, number], { score: 0, masked: 0, bare: 0 }];
  for (const cell of cells) {
    if (iou(cell.box, face.box) < SAME_FACE_IOU) continue;
    sum.score += cell.score;
    sum.masked += cell.score * cell.masked;
    sum.bare += cell.score * cell.bare;
    for (const side of [0, 1, 2, 3] as const) box[side] += cell.score * cell.box[side];
  }
  const scale = face.score / Math.max(sum.masked, sum.bare);
  const mean = box.map((value) => value / sum.score) as typeof box;
  return { box: mean, score: face.score, masked: sum.masked * scale, bare: sum.bare * scale };
}
