import type { ModelRef } from '../../../services/domain/words.ts';
import { floatOutput } from '../engine.ts';
import { readModelFile } from '../model-file.ts';
import { ModelFileError } from '../model-file-error.ts';
import { type OpenEngine, openEngine } from '../open-engine.ts';
import { checkName } from '../picture-input.ts';
import { cutTrackCrops, PLANES, type TrackCrop } from './track-crops.ts';

export interface RodentClassifier {
  readonly model: ModelRef;
  /** Track means: at or above `yes` a rodent is suspected, at or above `uncertain` it cannot be told. */
  readonly thresholds: { yes: number; uncertain: number };
  /** Probability 0..1 that each crop shows a rodent, in the order of the crops. */
  classify(crops: readonly TrackCrop[]): Promise<number[]>;
  close(): Promise<void>;
}

/** Loads models/rodent. Throws ModelFileError when model.yml, the weights or their output are not what they should be. */
export async function openRodentClassifier(
  folder: string,
  open: OpenEngine = openEngine,
): Promise<RodentClassifier> {
  const file = await readModelFile(folder, 'rodent');
  const input = file.fields.section('input');
  input.oneOf('dtype', ['uint8']);
  input.oneOf('layout', ['NHWC']);
  input.oneOf('planes', ['grey,difference']);
  const inputName = input.text('name');
  const shape = {
    size: input.whole('size', 8, 512),
    cropScale: input.number('cropScale', 1, 4),
    pad: input.whole('pad', 0, 255),
  };
  const output = file.fields.section('output');
  const outputName = output.text('name');
  const thresholdFields = file.fields.section('thresholds');
  const thresholds = {
    yes: thresholdFields.number('yes', 0, 1),
    uncertain: thresholdFields.number('uncertain', 0, 1),
  };
  if (thresholds.uncertain > thresholds.yes) thresholdFields.fail('uncertain', 'must not be above yes');

  const engine = await open(file.runtime, file.bytes);
  checkName(engine.inputNames, inputName, input, 'name');
  checkName(engine.outputNames, outputName, output, 'name');

  return {
    model: file.ref,
    thresholds,
    async classify(crops) {
      if (crops.length === 0) return [];
      const results = await engine.run({
        [inputName]: {
          data: cutTrackCrops(crops, shape),
          dims: [crops.length, shape.size, shape.size, PLANES],
        },
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
