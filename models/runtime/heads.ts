import type { RawFrame } from '../../services/domain/raw-frame.ts';
import type { ModelRef } from '../../services/domain/words.ts';
import { floatOutput } from './engine.ts';
import { writeLetterbox } from './letterbox.ts';
import { readModelFile } from './model-file.ts';
import { ModelFileError } from './model-file-error.ts';
import { type ScoredBox, suppress } from './nms.ts';
import { type OpenEngine, openEngine } from './open-engine.ts';
import { checkName, readPictureInput } from './picture-input.ts';
import { cellCount, decodeYolox } from './yolox.ts';

/** Classes of the detector; model.yml says in which order the network gives them. */
const CLASSES = ['body', 'head'] as const;

/** More heads or bodies than this in one frame is noise, not a kitchen; the surest are kept. */
const MAX_BOXES = 100;

/** People in one frame: boxes in 0..1 of it, surest first. */
export interface People {
  heads: ScoredBox[];
  bodies: ScoredBox[];
}

export interface HeadDetector {
  readonly model: ModelRef;
  /** Head score that model.yml ships, 0..1, whatever `minHeadScore` asked for. */
  readonly minHeadScore: number;
  /** Finds heads (hatted, bare, from behind) and bodies. */
  detect(frame: RawFrame): Promise<People>;
  close(): Promise<void>;
}

export interface HeadDetectorOptions {
  /** Lowest head score that is returned, instead of model.yml's: 0.01 lets an evaluation draw the whole curve. */
  minHeadScore?: number;
  /** Instead of openEngine: a benchmark puts a clock around the network. */
  open?: OpenEngine;
}

/** Loads models/heads. Throws ModelFileError when model.yml, the weights or their outputs are not what they should be. */
export async function openHeadDetector(
  folder: string,
  options: HeadDetectorOptions = {},
): Promise<HeadDetector> {
  const file = await readModelFile(folder, 'heads');
  const inputFields = file.fields.section('input');
  inputFields.oneOf('resize', ['letterbox']);
  const input = readPictureInput(inputFields);
  const output = file.fields.section('output');
  const outputName = output.text('name');
  output.oneOf('format', ['yolox']);
  const classes = output.permutation('classes', CLASSES);
  const grid = { width: input.width, height: input.height, strides: output.wholes('strides', 1, 128) };
  const uneven = grid.strides.find((stride) => grid.width % stride !== 0 || grid.height % stride !== 0);
  if (uneven !== undefined) output.fail('strides', `must divide ${grid.width}x${grid.height}`);
  const thresholds = file.fields.section('thresholds');
  const minHeadScore = thresholds.number('head', 0, 1);
  const minBody = thresholds.number('body', 0, 1);
  const maxIou = thresholds.number('nms', 0, 1);

  const engine = await (options.open ?? openEngine)(file.runtime, file.bytes);
  checkName(engine.inputNames, input.name, inputFields, 'name');
  checkName(engine.outputNames, outputName, output, 'name');
  const rows = cellCount(grid);
  const rowLength = 5 + classes.length;

  return {
    model: file.ref,
    minHeadScore,
    async detect(frame) {
      const pixels = new Uint8Array(input.width * input.height * 3); // its own: calls may overlap
      const picture = writeLetterbox(frame, input, input.pad, pixels);
      const results = await engine.run({
        [input.name]: { data: pixels, dims: [1, input.height, input.width, 3] },
      });
      const { data, dims } = floatOutput(results, outputName, 3);
      if (dims[1] !== rows || dims[2] !== rowLength) {
        throw new ModelFileError(
          folder,
          'output',
          `should be [1, ${rows}, ${rowLength}], is [${dims.join(', ')}]`,
        );
      }
      const boxes = (name: (typeof CLASSES)[number], minScore: number) =>
        suppress(
          decodeYolox(data, classes.length, classes.indexOf(name), minScore, grid, picture),
          maxIou,
          MAX_BOXES,
        );
      return { heads: boxes('head', options.minHeadScore ?? minHeadScore), bodies: boxes('body', minBody) };
    },
    close: () => engine.close(),
  };
}
