import type { RawFrame } from '../../services/domain/raw-frame.ts';
import type { ModelRef } from '../../services/domain/words.ts';
import { floatOutput } from './engine.ts';
import { type FaceReader, type FoundFace, faceReader } from './found-faces.ts';
import { fittedInput, writeLetterbox } from './letterbox.ts';
import { readModelFile } from './model-file.ts';
import { ModelFileError } from './model-file-error.ts';
import { type ScoredBox, suppress } from './nms.ts';
import { type OpenEngine, openEngine } from './open-engine.ts';
import { checkName, readPictureInput } from './picture-input.ts';
import { cellCount, decodeYolox, type YoloxGrid } from './yolox.ts';

/** Classes of the detector; model.yml says in which order the network gives them. */
const CLASSES = ['body', 'head'] as const;

/** More heads or bodies than this in one frame is noise, not a kitchen; the surest are kept. */
const MAX_BOXES = 100;

/** People in one frame: boxes in 0..1 of it, surest first. */
export interface People {
  heads: ScoredBox[];
  bodies: ScoredBox[];
  /** Absent where model.yml lists no output of faces. */
  faces?: FoundFace[];
}

export interface HeadDetector {
  readonly model: ModelRef;
  /** Head score that model.yml ships, 0..1, whatever `minHeadScore` asked for. */
  readonly minHeadScore: number;
  /** Score of a face that model.yml ships, 0..1; 1 where it describes no faces. */
  readonly minFaceScore: number;
  /** See FaceReader. */
  readonly maskOf: FaceReader['maskOf'];
  /** Finds heads (hatted, bare, from behind), bodies and faces. */
  detect(frame: RawFrame): Promise<People>;
  close(): Promise<void>;
}

export interface HeadDetectorOptions {
  /** Lowest score of a face that is returned, instead of model.yml's. */
  minFaceScore?: number;
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
  const fitted = inputFields.oneOf('resize', ['letterbox', 'fitted']) === 'fitted';
  const input = readPictureInput(inputFields);
  const output = file.fields.section('output');
  const outputName = output.text('name');
  output.oneOf('format', ['yolox']);
  const classes = output.permutation('classes', CLASSES);
  const strides = output.wholes('strides', 1, 128);
  const uneven = strides.find((stride) => input.width % stride !== 0 || input.height % stride !== 0);
  if (uneven !== undefined) output.fail('strides', `must divide ${input.width}x${input.height}`);
  const thresholds = file.fields.section('thresholds');
  const minHeadScore = thresholds.number('head', 0, 1);
  const minBody = thresholds.number('body', 0, 1);
  const maxIou = thresholds.number('nms', 0, 1);
  const faces = output.has('faces')
    ? faceReader(output.section('faces'), thresholds.section('faces'), options.minFaceScore)
    : undefined;

  const engine = await (options.open ?? openEngine)(file.runtime, file.bytes);
  checkName(engine.inputNames, input.name, inputFields, 'name');
  checkName(engine.outputNames, outputName, output, 'name');
  if (faces !== undefined) checkName(engine.outputNames, faces.output, output.section('faces'), 'name');

  const rowsOf = (
    results: Awaited<ReturnType<typeof engine.run>>,
    name: string,
    classes: number,
    grid: YoloxGrid,
  ) => {
    const { data, dims } = floatOutput(results, name, 3);
    const [rows, columns] = [cellCount(grid), 5 + classes];
    if (dims[1] !== rows || dims[2] !== columns) {
      const shape = `should be [1, ${rows}, ${columns}], is [${dims.join(', ')}]`;
      throw new ModelFileError(folder, name === outputName ? 'output' : 'output.faces', shape);
    }
    return data;
  };

  return {
    model: file.ref,
    minHeadScore,
    minFaceScore: faces?.minScore ?? 1,
    maskOf: (face) => faces?.maskOf(face),
    async detect(frame) {
      const { width, height } = fitted ? fittedInput(frame, input, Math.max(...strides)) : input;
      const grid = { width, height, strides };
      const pixels = new Uint8Array(width * height * 3); // its own: calls may overlap
      const picture = writeLetterbox(frame, grid, input.pad, pixels);
      const results = await engine.run({ [input.name]: { data: pixels, dims: [1, height, width, 3] } });
      const people = rowsOf(results, outputName, classes.length, grid);
      const boxes = (name: (typeof CLASSES)[number], minScore: number) =>
        suppress(
          decodeYolox(people, classes.length, classes.indexOf(name), minScore, grid, picture),
          maxIou,
          MAX_BOXES,
        );
      return {
        heads: boxes('head', options.minHeadScore ?? minHeadScore),
        bodies: boxes('body', minBody),
        ...(faces === undefined
          ? {}
          : {
              faces: faces.facesOf(
                rowsOf(results, faces.output, faces.classes, grid),
                grid,
                picture,
                MAX_BOXES,
              ),
            }),
      };
    },
    close: () => engine.close(),
  };
}
