import { clip } from '../../services/domain/boxes.ts';
import type { RawFrame } from '../../services/domain/raw-frame.ts';
import type { Box, DetectionVerdict, ModelRef } from '../../services/domain/words.ts';
import { type CropSquare, cropSquare, writeCrop } from './crop.ts';
import { floatOutput } from './engine.ts';
import { readModelFile } from './model-file.ts';
import { ModelFileError } from './model-file-error.ts';
import { type OpenEngine, openEngine } from './open-engine.ts';
import { checkName, readPictureInput } from './picture-input.ts';

const HAT_CLASSES = ['hat', 'no_hat', 'unsure'] as const;
const MASK_CLASSES = ['mask', 'no_mask', 'not_visible'] as const;
/** Columns of the output `face`: corners in 0..1 of the crop, then the probabilities that a masked or a bare face is seen. */
const FACE_COLUMNS = ['x1', 'y1', 'x2', 'y2', 'masked', 'bare'] as const;

/** What the network says of one attribute of one head: probabilities 0..1, and the verdict at model.yml's thresholds. */
export interface Attribute {
  /** `yes` = it is missing, the rule is broken. The third class of the network always ends in `uncertain`. */
  verdict: DetectionVerdict;
  /** Probability that it is worn. */
  worn: number;
  /** Probability that it is missing. */
  missing: number;
}

/** The face in a head, seen or turned away. */
export interface Face {
  /** Most likely place, in 0..1 of the frame, clipped to it. */
  box: Box;
  /** Probability that a face with a mask is seen there, 0..1: a second opinion, verdicts come from `mask`. */
  masked: number;
  /** Probability that a face without a mask is seen there, 0..1. */
  bare: number;
}

export interface HeadAttributes {
  hat: Attribute;
  mask: Attribute;
  /** Absent where model.yml lists no output `face`. */
  face?: Face;
}

export interface HeadAttributeClassifier {
  readonly model: ModelRef;
  /** Judges heads of one frame (boxes in 0..1) in one batch; answers in the order of the boxes. */
  classify(frame: RawFrame, boxes: readonly Box[]): Promise<HeadAttributes[]>;
  close(): Promise<void>;
}

/** Loads models/head-attributes. Throws ModelFileError when model.yml, the weights or their outputs are not what they should be. */
export async function openHeadAttributes(
  folder: string,
  open: OpenEngine = openEngine,
): Promise<HeadAttributeClassifier> {
  const file = await readModelFile(folder, 'head-attributes');
  const inputFields = file.fields.section('input');
  const input = readPictureInput(inputFields);
  const size = input.width;
  if (input.height !== size) inputFields.fail('height', `must equal width ${size}: crops are square`);
  const cropScale = inputFields.number('cropScale', 1, 4);
  const outputs = file.fields.section('outputs');
  const hatClasses = outputs.permutation('hat', HAT_CLASSES);
  const maskClasses = outputs.permutation('mask', MASK_CLASSES);
  const thresholds = file.fields.section('thresholds');
  const hat = attributeReader(hatClasses.indexOf('hat'), hatClasses.indexOf('no_hat'), {
    missingYes: thresholds.section('hat').number('no_hat_yes', 0.5, 1),
    wornYes: thresholds.section('hat').number('hat_yes', 0.5, 1),
  });
  const mask = attributeReader(maskClasses.indexOf('mask'), maskClasses.indexOf('no_mask'), {
    missingYes: thresholds.section('mask').number('no_mask_yes', 0.5, 1),
    wornYes: thresholds.section('mask').number('mask_yes', 0.5, 1),
  });

  const engine = await open(file.runtime, file.bytes);
  checkName(engine.inputNames, input.name, inputFields, 'name');
  checkName(engine.outputNames, 'hat', outputs, 'hat');
  checkName(engine.outputNames, 'mask', outputs, 'mask');
  const faces = outputs.has('face');
  if (faces) {
    outputs.permutation('face', FACE_COLUMNS);
    checkName(engine.outputNames, 'face', outputs, 'face');
  }

  return {
    model: file.ref,
    async classify(frame, boxes) {
      if (boxes.length === 0) return [];
      const cropBytes = size * size * 3;
      const pixels = new Uint8Array(boxes.length * cropBytes);
      const squares = boxes.map((box) => cropSquare(frame, box, cropScale));
      squares.forEach((square, i) => {
        writeCrop(frame, square, size, input.pad, pixels, i * cropBytes);
      });
      const results = await engine.run({
        [input.name]: { data: pixels, dims: [boxes.length, size, size, 3] },
      });
      const rows = (name: string, columns: number) => {
        const { data, dims } = floatOutput(results, name, 2);
        if (dims[0] !== boxes.length || dims[1] !== columns) {
          const shape = `should be [n, ${columns}], is [${dims.join(', ')}]`;
          throw new ModelFileError(folder, `outputs.${name}`, shape);
        }
        return data;
      };
      const [hats, masks] = [rows('hat', 3), rows('mask', 3)];
      const places = faces ? rows('face', FACE_COLUMNS.length) : undefined;
      return squares.map((square, i) => ({
        hat: hat(hats, i),
        mask: mask(masks, i),
        ...(places === undefined ? {} : { face: readFace(places, i, square, frame) }),
      }));
    },
    close: () => engine.close(),
  };
}

/** Reads one head's row of the output `face`. */
function readFace(rows: Float32Array, head: number, square: CropSquare, frame: RawFrame): Face {
  const at = (column: number) => rows[head * FACE_COLUMNS.length + column] ?? 0;
  const x = (column: number) => (square.left + at(column) * square.side) / frame.width;
  const y = (column: number) => (square.top + at(column) * square.side) / frame.height;
  return { box: clip([x(0), y(1), x(2), y(3)]), masked: at(4), bare: at(5) };
}

/** Reads one head's attribute out of a [n, 3] output. `missing` is asked first: an unsafe threshold must not hide it. */
function attributeReader(
  wornColumn: number,
  missingColumn: number,
  thresholds: { missingYes: number; wornYes: number },
): (probabilities: Float32Array, head: number) => Attribute {
  return (probabilities, head) => {
    const worn = probabilities[head * 3 + wornColumn] ?? 0;
    const missing = probabilities[head * 3 + missingColumn] ?? 0;
    if (missing >= thresholds.missingYes) return { verdict: 'yes', worn, missing };
    return { verdict: worn >= thresholds.wornYes ? 'no' : 'uncertain', worn, missing };
  };
}
