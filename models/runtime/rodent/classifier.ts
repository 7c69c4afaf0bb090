import type { RawFrame } from '../../../services/domain/raw-frame.ts';
import type { Box, ModelRef } from '../../../services/domain/words.ts';
import { cropSquare, writeCrop } from '../crop.ts';
import { floatOutput } from '../engine.ts';
import { readModelFile } from '../model-file.ts';
import { ModelFileError } from '../model-file-error.ts';
import { type OpenEngine, openEngine } from '../open-engine.ts';
import { checkName, readPictureInput } from '../picture-input.ts';

/** Smallest square that is cut, in pixels of the frame: less holds nothing but noise. */
const MIN_SQUARE_PX = 16;

/** One crop to judge. */
interface RodentCrop {
  frame: RawFrame;
  box: Box;
}

export interface RodentClassifier {
  readonly model: ModelRef;
  /** Track means: at or above `yes` a rodent is suspected, at or above `uncertain` it cannot be told. */
  readonly thresholds: { yes: number; uncertain: number };
  /** Probability 0..1 that each crop shows a rodent, in the order of the crops. */
  classify(crops: readonly RodentCrop[]): Promise<number[]>;
  close(): Promise<void>;
}

/** Loads models/rodent. Throws ModelFileError when model.yml, the weights or their output are not what they should be. */
export async function openRodentClassifier(
  folder: string,
  open: OpenEngine = openEngine,
): Promise<RodentClassifier> {
  const file = await readModelFile(folder, 'rodent');
  const inputFields = file.fields.section('input');
  const input = readPictureInput(inputFields);
  const size = input.width;
  if (input.height !== size) inputFields.fail('height', `must equal width ${size}: crops are square`);
  const cropScale = inputFields.number('cropScale', 1, 4);
  const output = file.fields.section('output');
  const outputName = output.text('name');
  const thresholdFields = file.fields.section('thresholds');
  const thresholds = {
    yes: thresholdFields.number('yes', 0, 1),
    uncertain: thresholdFields.number('uncertain', 0, 1),
  };
  if (thresholds.uncertain > thresholds.yes) thresholdFields.fail('uncertain', 'must not be above yes');

  const engine = await open(file.runtime, file.bytes);
  checkName(engine.inputNames, input.name, inputFields, 'name');
  checkName(engine.outputNames, outputName, output, 'name');

  return {
    model: file.ref,
    thresholds,
    async classify(crops) {
      if (crops.length === 0) return [];
      const cropBytes = size * size * 3;
      const pixels = new Uint8Array(crops.length * cropBytes);
      crops.forEach(({ frame, box }, i) => {
        writeCrop(frame, atLeast(cropSquare(frame, box, cropScale)), size, input.pad, pixels, i * cropBytes);
      });
      const results = await engine.run({
        [input.name]: { data: pixels, dims: [crops.length, size, size, 3] },
      });
      const { data, dims } = floatOutput(results, outputName, 1);
      if (dims[0] !== crops.length) {
        throw new ModelFileError(folder, 'output', `should be [n], is [${dims.join(', ')}]`);
      }
      return Array.from(data);
    },
    close: () => engine.close(),
  };
}

function atLeast(square: { left: number; top: number; side: number }) {
  const more = MIN_SQUARE_PX - square.side;
  if (more <= 0) return square;
  const shift = Math.floor(more / 2);
  return { left: square.left - shift, top: square.top - shift, side: MIN_SQUARE_PX };
}
